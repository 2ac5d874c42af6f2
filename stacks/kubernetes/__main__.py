"""The kubernetes program: device plugins, queues of the teams, operators, machines on demand."""

import json

import pulumi

from stacks.components.gpu_agents import GpuAgents, GpuAgentsArgs
from stacks.components.node_pool import NodePool, NodePoolArgs
from stacks.components.operator_chart import OperatorChart, OperatorChartArgs
from stacks.components.team_namespace import TeamNamespace, TeamNamespaceArgs
from stacks.components.team_queue import LOCAL_QUEUE, TeamQueue, TeamQueueArgs, cohort, flavor
from stacks.documents.cluster_roles import SERVING_ACCOUNT
from stacks.documents.queue_quota import capacity, everything, quotas, team_limits, unpromised
from stacks.kubernetes import ground, pipeline
from stacks.kubernetes.settings import KubernetesSettings
from stacks.settings import Platform, load
from stacks.team_files import teams_in
from stacks.upstream import Upstream

platform = load(Platform, "platform")
settings = load(KubernetesSettings, "kubernetes")
cluster = Upstream(platform, "cluster")
foundation = Upstream(platform, "foundation")
opts = ground.options(platform, cluster)

trains = ground.machines(settings)
whole = capacity(trains)
on_platform = teams_in(settings.teams_folder)
teams = [*(settings.teams or []), *ground.team_rows(on_platform, platform.environment)]
own = quotas(teams, whole)
most = team_limits(own, whole, borrowing=ground.borrowers(teams, borrowing=settings.borrowing))

serves = any(row.get("serves") for row in settings.pools)
if whole.gpus or serves:
    GpuAgents("gpu", GpuAgentsArgs(efa=whole.efa > 0, image_registry=settings.image_registry), opts)
if settings.pools:
    karpenter = OperatorChart(
        "karpenter",
        OperatorChartArgs(
            image_registry=settings.image_registry, values=ground.karpenter_values(cluster, settings.pools)
        ),
        opts,
    )
    after_karpenter = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[karpenter]))
    for row in settings.pools:
        NodePool(
            row["name"],
            NodePoolArgs(
                platform=platform,
                row=row,
                subnet_ids=foundation.require("private_subnet_ids"),
                security_group_ids=ground.security_groups(row, cluster),
                instance_profile_name=cluster.require("node_instance_profile_name"),
                kms_key_arn=cluster.require("cluster_key_arn"),
                placement_group_name=cluster.require("placement_group_name") if row.get("efa") else None,
            ),
            after_karpenter,
        )
kueue = OperatorChart("kueue", OperatorChartArgs(image_registry=settings.image_registry), opts)
after_kueue = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[kueue]))
flavor(ground.labels(trains), gpu=whole.gpus > 0, opts=after_kueue)
if settings.borrowing:
    cohort(unpromised(teams, whole), after_kueue)
queues = []
for team in teams:
    name = team["name"]
    space = TeamNamespace(
        name,
        TeamNamespaceArgs(
            team=name,
            project=platform.project,
            service_accounts=[settings.service_account, *([SERVING_ACCOUNT] if on_platform else [])],
            limits=most[name],
        ),
        opts,
    )
    queue = TeamQueue(
        name,
        TeamQueueArgs(team=name, quota=own[name], borrowing=settings.borrowing and team.get("borrowing", True)),
        pulumi.ResourceOptions.merge(after_kueue, pulumi.ResourceOptions(depends_on=[space])),
    )
    queues.append(queue)
operators = [
    OperatorChart(chart, OperatorChartArgs(image_registry=settings.image_registry), opts)
    for chart, wanted in (("kuberay-operator", settings.kube_ray), ("kubeflow-trainer", settings.trainer))
    if wanted
]
if serves:
    OperatorChart("keda", OperatorChartArgs(image_registry=settings.image_registry, values=ground.keda_values()), opts)
if settings.balancer_targets:
    OperatorChart(
        "aws-load-balancer-controller",
        OperatorChartArgs(
            image_registry=settings.image_registry,
            values=ground.balancer_values(platform, cluster, foundation),
        ),
        opts,
    )
if settings.trains_pipeline:
    pipeline.deploy(
        pipeline.Ground(
            platform=platform,
            teams=[team["name"] for team in teams],
            left=unpromised(teams, whole),
            most=everything(whole),
            borrowing=settings.borrowing,
            opts=opts,
        ),
        [kueue, *queues, *operators],
    )

pulumi.export("queues", {team["name"]: LOCAL_QUEUE for team in teams})
pulumi.export("planned_nodes", json.dumps(ground.planned_nodes(settings.pools)))
