"""The cluster program: a Kubernetes control plane, who may act in it, its add-ons, the machines that stay."""

import pulumi

from stacks import provider
from stacks.charts import copied_images
from stacks.cluster import roles
from stacks.cluster.nodes import Ground, bought, gpu_node_group, system_node_group
from stacks.cluster.settings import ClusterSettings
from stacks.components.balancer_controller import BalancerController, BalancerControllerArgs
from stacks.components.cluster_key import cluster_key
from stacks.components.efa_security_group import EfaSecurityGroup, EfaSecurityGroupArgs
from stacks.components.eks_addons import AFTER_NODES, BEFORE_NODES, EksAddons, EksAddonsArgs
from stacks.components.eks_cluster import EksCluster, EksClusterArgs
from stacks.components.image_mirror import ImageMirror, ImageMirrorArgs
from stacks.components.karpenter import Karpenter, KarpenterArgs
from stacks.components.node_identity import NodeIdentity, NodeIdentityArgs
from stacks.components.pod_identity import PodIdentity
from stacks.settings import Platform, load
from stacks.team_files import teams_in
from stacks.upstream import Upstream

platform = load(Platform, "platform")
settings = load(ClusterSettings, "cluster")
opts = provider.options(platform, "cluster")

foundation = Upstream(platform, "foundation")
subnet_ids = foundation.require("private_subnet_ids")

key = cluster_key(platform, settings.key_deletion_window_days, opts)
agents = roles.agents(platform, key.arn, opts)
nodes = NodeIdentity("node", NodeIdentityArgs(platform=platform), opts)
cluster = EksCluster(
    "cluster",
    EksClusterArgs(
        platform=platform,
        kubernetes_version=settings.kubernetes_version,
        role_arn=agents["cluster"],
        subnet_ids=subnet_ids,
        kms_key_arn=key.arn,
        log_retention_days=settings.log_retention_days,
        public_cidrs=settings.api_public_cidrs,
        private_cidrs=settings.api_private_cidrs,
        deletion_protection=settings.deletion_protection,
        admin_role_arns=settings.admin_role_arns,
        team_role_arns=settings.team_role_arns,
    ),
    opts,
)
basics = EksAddons(
    "before-nodes",
    EksAddonsArgs(
        cluster_name=cluster.cluster_name,
        addons=BEFORE_NODES,
        role_arns=agents,
        versions=settings.addon_versions,
    ),
    opts,
)
fabric = EfaSecurityGroup("efa", EfaSecurityGroupArgs(vpc_id=foundation.require("vpc_id")), opts)
after_basics = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[basics]))
ground = Ground(
    platform=platform,
    cluster=cluster,
    kubernetes_version=settings.kubernetes_version,
    role_arn=nodes.arn,
    subnet_ids=subnet_ids,
    kms_key_arn=key.arn,
    efa_security_group_id=fabric.security_group_id,
)
system = system_node_group(ground, settings.system_instance_type, settings.system_nodes, after_basics)
for row in bought(settings.gpu_node_groups):
    gpu_node_group(ground, row, after_basics)
EksAddons(
    "after-nodes",
    EksAddonsArgs(
        cluster_name=cluster.cluster_name,
        addons=AFTER_NODES,
        role_arns=agents,
        versions=settings.addon_versions,
    ),
    pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[system])),
)
karpenter = (
    Karpenter(
        "karpenter",
        KarpenterArgs(
            platform=platform,
            cluster_name=cluster.cluster_name,
            kms_key_arn=key.arn,
            instance_profile_arn=nodes.instance_profile_arn,
            placement_group=settings.placement_group,
        ),
        opts,
    )
    if settings.karpenter
    else None
)
if settings.balancer_targets:
    BalancerController(
        "balancer-targets", BalancerControllerArgs(platform=platform, cluster_name=cluster.cluster_name), opts
    )
if settings.mirror_images:
    images = copied_images(serving=settings.mirror_servers)
    ImageMirror("mirror", ImageMirrorArgs(platform=platform, images=images, kms_key_arn=key.arn), opts)
for identity in settings.pod_identities:
    PodIdentity(
        f"{identity['namespace']}-{identity['service_account']}",
        roles.pod(platform, settings, identity, cluster.cluster_name),
        opts,
    )
for pods in roles.team_pods(platform, settings, teams_in(settings.teams_folder), cluster.cluster_name):
    PodIdentity(f"{pods.namespace}-{pods.service_account}", pods, opts)

pulumi.export("cluster_name", cluster.cluster_name)
pulumi.export("cluster_arn", cluster.arn)
pulumi.export("cluster_endpoint", cluster.endpoint)
pulumi.export("cluster_certificate_authority", cluster.certificate_authority)
pulumi.export("oidc_issuer_url", cluster.oidc_issuer_url)
pulumi.export("cluster_security_group_id", cluster.security_group_id)
pulumi.export("efa_security_group_id", fabric.security_group_id)
pulumi.export("node_role_name", nodes.role_name)
pulumi.export("node_instance_profile_name", nodes.instance_profile_name)
pulumi.export("cluster_key_arn", key.arn)
if karpenter:
    pulumi.export("karpenter_queue_name", karpenter.queue_name)
    if settings.placement_group:
        pulumi.export("placement_group_name", karpenter.placement_group_name)
