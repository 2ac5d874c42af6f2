"""What both modes of serving stand on."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import names
from stacks.components.approved_model import ApprovedModel, ApprovedModelArgs
from stacks.serving.settings import ServingSettings
from stacks.settings import Platform
from stacks.upstream import Upstream


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Settings, upstream programs and resource options of the serving program."""

    platform: Platform
    settings: ServingSettings
    identity: Upstream
    foundation: Upstream
    data: Upstream
    alert_topic_arn: str
    opts: pulumi.ResourceOptions

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint, known before any model is approved."""
        return names.resource_name(self.platform, "endpoint")

    def approved_model(self, model_package_arn: str) -> ApprovedModel:
        """Return the model that `model_package_arn` becomes."""
        return ApprovedModel(
            "model",
            ApprovedModelArgs(
                platform=self.platform,
                model_package_arn=model_package_arn,
                role_arn=self.identity.require("endpoint_role_arn"),
                subnet_ids=self.foundation.require("private_subnet_ids"),
                security_group_id=self.foundation.require("endpoint_security_group_id"),
                network_isolation=self.settings.network_isolation,
            ),
            self.opts,
        )
