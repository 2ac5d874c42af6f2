"""A load balancer inside the network: one name and TLS before what serves, logs of who called, alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.balancer import LOG_PREFIX, TLS_POLICY, TLS_POLICY_FIPS
from stacks.serving.balancer_settings import BalancerSettings
from stacks.settings import Platform

HTTPS = 443
PERIOD_SECONDS, PERIODS = 300, 3


@dataclass(frozen=True, kw_only=True)
class InternalBalancerArgs:
    """`paths` are those that reach the target group; all others get 404. Logs go to `log_bucket`."""

    platform: Platform
    settings: BalancerSettings
    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[str]]
    log_bucket: pulumi.Input[str]
    paths: Sequence[str]
    alarm_topic_arn: str


class InternalBalancer(pulumi.ComponentResource):
    """Only the ranges that are named reach it, over TLS 1.2 or 1.3; what it does not know, it refuses."""

    arn: pulumi.Output[str]
    address: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        args: InternalBalancerArgs,
        target_group_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("modelkeel:serving:InternalBalancer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        settings = args.settings
        group = _group(name, args, child)
        logs: Any = {"bucket": args.log_bucket, "enabled": True, "prefix": LOG_PREFIX}
        balancer = aws.lb.LoadBalancer(
            name,
            name=names.balancer_name(args.platform, "lb"),
            internal=True,
            load_balancer_type="application",
            subnets=args.subnet_ids,
            security_groups=[group.id],
            access_logs=logs,
            connection_logs=logs,
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            enable_deletion_protection=settings.deletion_protection,
            idle_timeout=settings.idle_seconds,
            opts=child,
        )
        listener = _listener(name, args, balancer, child)
        aws.lb.ListenerRule(
            name,
            listener_arn=listener.arn,
            priority=10,
            conditions=[{"path_pattern": {"values": list(args.paths)}}],
            actions=[{"type": "forward", "target_group_arn": target_group_arn}],
            opts=child,
        )
        _alarms(name, args, balancer, child)
        self.arn = balancer.arn
        self.address = balancer.dns_name
        self.security_group_id = group.id
        self.arn_suffix = balancer.arn_suffix
        self.register_outputs({"address": self.address, "security_group_id": self.security_group_id})


def _listener(
    name: str, args: InternalBalancerArgs, balancer: aws.lb.LoadBalancer, child: pulumi.ResourceOptions
) -> aws.lb.Listener:
    settings = args.settings
    proof: Any = {"mode": "verify", "trust_store_arn": settings.trust_store_arn}
    return aws.lb.Listener(
        name,
        load_balancer_arn=balancer.arn,
        port=HTTPS,
        protocol="HTTPS",
        certificate_arn=settings.certificate_arn,
        ssl_policy=TLS_POLICY_FIPS if args.platform.use_fips else TLS_POLICY,
        mutual_authentication=proof if settings.trust_store_arn else None,
        default_actions=[
            {
                "type": "fixed-response",
                "fixed_response": {
                    "content_type": "application/json",
                    "message_body": '{"message": "no such path"}',
                    "status_code": "404",
                },
            }
        ],
        opts=child,
    )


def _group(name: str, args: InternalBalancerArgs, child: pulumi.ResourceOptions) -> aws.ec2.SecurityGroup:
    group = aws.ec2.SecurityGroup(
        name, vpc_id=args.vpc_id, description="Internal load balancer", tags={"Name": name}, opts=child
    )
    for place, cidr in enumerate(args.settings.caller_cidrs):
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-callers-{place}",
            security_group_id=group.id,
            description="Callers",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv4=cidr,
            opts=child,
        )
    return group


def _alarms(
    name: str, args: InternalBalancerArgs, balancer: aws.lb.LoadBalancer, child: pulumi.ResourceOptions
) -> None:
    settings = args.settings
    metric = {"namespace": "AWS/ApplicationELB", "dimensions": {"LoadBalancer": balancer.arn_suffix}}

    def counted(key: str, metric_name: str) -> Any:
        return {"id": key, "metric": {**metric, "metric_name": metric_name, "stat": "Sum", "period": PERIOD_SECONDS}}

    seconds = settings.latency_p99_ms / 1000
    rows: dict[str, dict[str, Any]] = {
        "latency": {
            **metric,
            "alarm_description": f"p99 of what stands behind the load balancer above {seconds:g} s",
            "metric_name": "TargetResponseTime",
            "extended_statistic": "p99",
            "evaluate_low_sample_count_percentiles": "ignore",
            "period": PERIOD_SECONDS,
            "threshold": seconds,
        },
        "errors": {
            "alarm_description": f"More than {settings.error_percent} % answered 5xx",
            "threshold": settings.error_percent,
            "metric_queries": [
                counted("own", "HTTPCode_ELB_5XX_Count"),
                counted("target", "HTTPCode_Target_5XX_Count"),
                counted("all", "RequestCount"),
                {
                    "id": "share",
                    "expression": "IF(FILL(all, 0) > 0, 100 * (FILL(own, 0) + FILL(target, 0)) / all, 0)",
                    "label": "Requests answered 5xx, %",
                    "return_data": True,
                },
            ],
        },
        "rejected": {
            **metric,
            "alarm_description": "Connections were rejected: the load balancer had its most of them",
            "metric_name": "RejectedConnectionCount",
            "statistic": "Sum",
            "period": PERIOD_SECONDS,
            "threshold": 0,
        },
    }
    for signal, row in rows.items():
        aws.cloudwatch.MetricAlarm(
            f"{name}-{signal}",
            name=names.resource_name(args.platform, f"{name}-{signal}"),
            evaluation_periods=PERIODS,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[args.alarm_topic_arn],
            ok_actions=[args.alarm_topic_arn],
            opts=child,
            **row,
        )
