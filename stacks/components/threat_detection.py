"""Detection of threats, misconfiguration, foreign access and exposed data in one account and region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

# Runtime monitoring is told apart by what carries the agent; the account has no fixed instances.
RUNTIME_AGENTS = ("ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT")


@dataclass(frozen=True, kw_only=True)
class GuardDutyArgs:
    """`features` go beyond the foundational sources (CloudTrail, VPC flow logs, DNS), by API name."""

    features: Sequence[str]


class GuardDuty(pulumi.ComponentResource):
    """A detector that publishes its findings within fifteen minutes."""

    detector_id: pulumi.Output[str]

    def __init__(self, name: str, args: GuardDutyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:GuardDuty", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        detector = aws.guardduty.Detector(name, enable=True, finding_publishing_frequency="FIFTEEN_MINUTES", opts=child)
        for feature in args.features:
            agents = RUNTIME_AGENTS if feature == "RUNTIME_MONITORING" else ()
            aws.guardduty.DetectorFeature(
                f"{name}-{feature.lower().replace('_', '-')}",
                detector_id=detector.id,
                name=feature,
                status="ENABLED",
                additional_configurations=[{"name": agent, "status": "ENABLED"} for agent in agents],
                opts=child,
            )
        self.detector_id = detector.id
        self.register_outputs({"detector_id": self.detector_id})


@dataclass(frozen=True, kw_only=True)
class SecurityHubArgs:
    """`standards` are subscribed to, each as its ARN ends after `standards/`."""

    partition: str
    region: str
    standards: Sequence[str]


class SecurityHub(pulumi.ComponentResource):
    """Security Hub CSPM with one finding a control, however many standards ask for it."""

    def __init__(self, name: str, args: SecurityHubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:SecurityHub", name, None, opts)
        hub = aws.securityhub.Account(
            name,
            enable_default_standards=False,
            auto_enable_controls=True,
            control_finding_generator="SECURITY_CONTROL",
            opts=pulumi.ResourceOptions(parent=self),
        )
        for standard in args.standards:
            aws.securityhub.StandardsSubscription(
                f"{name}-{standard.split('/', maxsplit=1)[0]}",
                standards_arn=f"arn:{args.partition}:securityhub:{args.region}::standards/{standard}",
                opts=pulumi.ResourceOptions(parent=self, depends_on=[hub]),
            )
        self.register_outputs({})
