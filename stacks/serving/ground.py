"""What all modes of serving stand on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pulumi

from stacks import names
from stacks.components.approved_model import ApprovedModel, ApprovedModelArgs
from stacks.components.gradual_endpoint import GradualEndpointArgs
from stacks.components.log_group import log_group
from stacks.components.rollback_alarms import RollbackAlarms, RollbackAlarmsArgs
from stacks.serving.settings import FleetSettings, ServingSettings
from stacks.settings import Platform
from stacks.upstream import Upstream

Exports = dict[str, pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Settings, upstream programs and resource options of the serving program."""

    platform: Platform
    settings: ServingSettings
    identity: Upstream
    foundation: Upstream
    data: Upstream
    training: Upstream
    alert_topic_arn: str
    opts: pulumi.ResourceOptions

    def endpoint_name(self, component: str) -> str:
        """Return the name of an endpoint, known before any model is approved."""
        return names.resource_name(self.platform, component)

    @property
    def capture_uri(self) -> pulumi.Output[str]:
        """S3 prefix of what endpoints capture."""
        return pulumi.Output.format("s3://{0}/capture", self.data.require("capture_bucket_name"))

    @cached_property
    def model_name(self) -> pulumi.Output[str]:
        """Name of the approved model in the network; the modes share it."""
        return self.model("model", str(self.settings.model_package_arn)).model_name

    def model(self, name: str, model_package_arn: str, *, in_network: bool = True) -> ApprovedModel:
        """Return the model that `model_package_arn` becomes; without the network there is no isolation either."""
        return ApprovedModel(
            name,
            ApprovedModelArgs(
                platform=self.platform,
                model_package_arn=model_package_arn,
                role_arn=self.identity.require("endpoint_role_arn"),
                subnet_ids=self.foundation.require("private_subnet_ids") if in_network else None,
                security_group_id=self.foundation.require("endpoint_security_group_id") if in_network else None,
                network_isolation=in_network and self.settings.network_isolation,
            ),
            self.opts,
        )

    def log(self, name: str, log_group_name: str) -> None:
        """Create the log group that SageMaker would otherwise create without a key and without an end."""
        log_group(
            name,
            log_group_name=log_group_name,
            kms_key_arn=self.foundation.require("logs_key_arn"),
            retention_days=self.settings.log_retention_days,
            opts=self.opts,
        )

    def rollback_alarms(
        self,
        name: str,
        endpoint_name: str,
        variant_name: str,
        *,
        latency_p99_ms: int,
        error_percent: float,
        purpose: str = "rollback",
    ) -> RollbackAlarms:
        """Create the alarms that turn an update of `endpoint_name` back, or tell of a variant for another purpose."""
        return RollbackAlarms(
            name,
            RollbackAlarmsArgs(
                endpoint_name=endpoint_name,
                variant_name=variant_name,
                latency_p99_ms=latency_p99_ms,
                error_percent=error_percent,
                alarm_topic_arn=self.alert_topic_arn,
                purpose=purpose,
            ),
            self.opts,
        )

    def fleet(
        self,
        settings: FleetSettings,
        endpoint_name: str,
        alarms: RollbackAlarms,
        model_name: pulumi.Input[str] | None = None,
    ) -> GradualEndpointArgs:
        """Return the endpoint of a model on the instances of `settings`; `alarms` turn an update back.

        Without `model_name` it serves the approved model that the modes share.
        """
        return GradualEndpointArgs(
            platform=self.platform,
            endpoint_name=endpoint_name,
            model_name=self.model_name if model_name is None else model_name,
            instance_type=settings.instance_type,
            instance_count=settings.instance_count,
            volume_key_arn=self.foundation.require("models_key_arn"),
            capture_uri=self.capture_uri,
            capture_key_arn=self.foundation.require("capture_key_arn"),
            capture_percent=settings.capture_percent,
            rollout=settings.rollout,
            rollout_step_percent=settings.rollout_step_percent,
            rollout_wait_seconds=settings.rollout_wait_seconds,
            rollback_alarm_names=alarms.alarm_names,
        )
