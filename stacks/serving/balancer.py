"""The internal load balancer before what serves, where the answers ask for one."""

from __future__ import annotations

from stacks.components.endpoint_forwarder import EndpointForwarder, EndpointForwarderArgs
from stacks.components.internal_balancer import InternalBalancer, InternalBalancerArgs
from stacks.documents.balancer import PATH
from stacks.serving.balancer_settings import BalancerSettings
from stacks.serving.ground import Exports, Ground
from stacks.serving.inference_components import MAIN
from stacks.settings import load

COMPONENT = "balancer"


def deploy(ground: Ground) -> Exports:
    """Create the load balancer and the function that signs for it; return the export `balancer_address`.

    It stands before a model is approved: until then it answers that none does.
    """
    settings = load(BalancerSettings, "serving", BalancerSettings.PREFIX)
    shared = "realtime" not in ground.settings.modes
    subnet_ids = ground.foundation.require("private_subnet_ids")
    forwarder = EndpointForwarder(
        f"{COMPONENT}-function",
        EndpointForwarderArgs(
            platform=ground.platform,
            endpoint_name=ground.endpoint_name("components" if shared else "endpoint"),
            component_name=ground.endpoint_name(f"ic-{MAIN}") if shared else "",
            subnet_ids=subnet_ids,
            security_group_id=ground.foundation.require("endpoint_security_group_id"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            log_retention_days=settings.log_retention_days,
            concurrency=settings.concurrency,
        ),
        ground.opts,
    )
    balancer = InternalBalancer(
        COMPONENT,
        InternalBalancerArgs(
            platform=ground.platform,
            settings=settings,
            vpc_id=ground.foundation.require("vpc_id"),
            subnet_ids=subnet_ids,
            log_bucket=ground.data.require("logs_bucket_name"),
            paths=[PATH],
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        forwarder.target_group_arn,
        ground.opts,
    )
    return {"balancer_address": balancer.address}
