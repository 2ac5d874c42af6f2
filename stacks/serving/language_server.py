"""Serving by vLLM in the Kubernetes cluster: what it stands on always, servers once a model is approved."""

from __future__ import annotations

import pulumi
import pulumi_kubernetes as kubernetes

from stacks import alerts, charts, names, shared_registry
from stacks.components.internal_balancer import InternalBalancerArgs
from stacks.components.language_server import LanguageServer, LanguageServerArgs
from stacks.components.pod_identity import PodIdentity, PodIdentityArgs
from stacks.components.server_balancing import ServerBalancing, ServerBalancingArgs
from stacks.documents import language_server as documents
from stacks.documents.grant import Grants
from stacks.documents.kubeconfig import kubeconfig
from stacks.documents.language_server import NAMESPACE, SERVICE_ACCOUNT, ServerFacts
from stacks.serving.balancer_settings import BalancerSettings
from stacks.serving.ground import Exports, Ground
from stacks.serving.server_settings import ServerSettings
from stacks.settings import load
from stacks.upstream import Upstream

COMPONENT = "language-server"


def deploy(ground: Ground, cluster: Upstream, training: Upstream) -> Exports:
    """Create namespace, service and, once a model is approved, identity and servers.

    Where the settings ask for one, an internal load balancer stands before them: export `balancer_address`.

    Exports `eks_server_name` (the dimension of its metrics), `eks_address` (where pods of the project call it) and
    `eks_model_name` (the `model` of a request).
    """
    settings = load(ServerSettings, "serving", ServerSettings.PREFIX)
    platform, approved = ground.platform, ground.settings.model_package_arn
    config = pulumi.Output.all(
        cluster.require("cluster_name"),
        cluster.require("cluster_endpoint"),
        cluster.require("cluster_certificate_authority"),
    ).apply(lambda found: kubeconfig(found[0], found[1], found[2], platform.region))
    inside = pulumi.ResourceOptions(provider=kubernetes.Provider("kubernetes", kubeconfig=config))
    if approved:
        identity = _identity(ground, settings, approved, cluster)
        inside = pulumi.ResourceOptions.merge(inside, pulumi.ResourceOptions(depends_on=[identity]))
    balancer = load(BalancerSettings, "serving", BalancerSettings.PREFIX) if ground.settings.balanced else None
    hours = {"timezone": settings.hours_timezone, "start": settings.awake_from, "end": settings.awake_until}
    server = LanguageServer(
        COMPONENT,
        LanguageServerArgs(
            platform=platform,
            facts=_facts(ground, settings, approved, training) if approved else None,
            min_servers=settings.min_servers,
            max_servers=settings.max_servers,
            concurrent_requests=settings.concurrent_requests_per_server,
            start_seconds=settings.machine_seconds + settings.fetch_seconds + settings.load_seconds,
            spread_over_zones=settings.spread_over_zones,
            hours=hours if settings.awake_from else {},
            network_cidr=balancer.network_cidr if balancer else "",
        ),
        inside,
    )
    exports: Exports = {
        "eks_server_name": ground.endpoint_name(COMPONENT),
        "eks_address": server.address,
        "eks_model_name": platform.project,
    }
    if balancer:
        after = pulumi.ResourceOptions.merge(inside, pulumi.ResourceOptions(depends_on=[server]))
        exports["balancer_address"] = _balanced(ground, settings, balancer, cluster, after)
    return exports


def _balanced(
    ground: Ground,
    settings: ServerSettings,
    balancer: BalancerSettings,
    cluster: Upstream,
    in_cluster: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    return ServerBalancing(
        "balancer",
        ServerBalancingArgs(
            balancer=InternalBalancerArgs(
                platform=ground.platform,
                settings=balancer,
                vpc_id=ground.foundation.require("vpc_id"),
                subnet_ids=ground.foundation.require("private_subnet_ids"),
                log_bucket=ground.data.require("logs_bucket_name"),
                # What tells of the servers is nobody's business outside.
                paths=["/v1/*"],
                alarm_topic_arn=ground.alert_topic_arn,
            ),
            cluster_security_group_id=cluster.require("cluster_security_group_id"),
            drain_seconds=settings.drain_seconds,
            in_cluster=in_cluster,
        ),
        ground.opts,
    ).address


def _identity(ground: Ground, settings: ServerSettings, model_package_arn: str, cluster: Upstream) -> PodIdentity:
    platform = ground.platform
    grants = Grants(platform=platform, buckets=settings.buckets, key_classes=settings.key_classes)
    return PodIdentity(
        shared_registry.SERVER,
        PodIdentityArgs(
            platform=platform,
            cluster_name=cluster.require("cluster_name"),
            namespace=NAMESPACE,
            service_account=SERVICE_ACCOUNT,
            description="Servers of the approved language model",
            permissions=documents.permissions(grants, model_package_arn),
            boundary_arn=names.boundary_arn(platform),
            own_namespace=True,
        ),
        ground.opts,
    )


def _facts(
    ground: Ground, settings: ServerSettings, model_package_arn: str, training: Upstream
) -> pulumi.Output[ServerFacts]:
    image = settings.image or charts.server_image(settings.image_registry)
    return training.require("repository_url").apply(
        lambda repository: ServerFacts(
            image=image,
            project_image=f"{repository}:{settings.image_tag}",
            package=settings.package,
            model_name=ground.platform.project,
            model_package_arn=model_package_arn,
            region=ground.platform.region,
            metric_namespace=alerts.metric_namespace(ground.platform),
            metric_dimension=ground.endpoint_name(COMPONENT),
            tensor_parallel=settings.tensor_parallel,
            cpus=settings.cpus,
            memory_gib=settings.memory_gib,
            disk_gib=settings.disk_gib,
            context_tokens=settings.context_tokens,
            most_sequences=settings.most_sequences,
            load_seconds=settings.load_seconds,
            drain_seconds=settings.drain_seconds,
            extra_arguments=settings.extra_arguments,
        )
    )
