"""What everything that watches stands on."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import names
from stacks.monitoring.settings import CAPTURING_MODES, MonitoringSettings
from stacks.settings import Platform
from stacks.upstream import Upstream

CLUSTER_MODE = "eks"
_COMPONENTS = {
    "realtime": "endpoint",
    "batch": "scoring",
    "inference_components": "components",
    "multi_model": "multi-model",
}


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Settings, upstream programs, topic and resource options of the monitoring program."""

    platform: Platform
    settings: MonitoringSettings
    identity: Upstream
    foundation: Upstream
    data: Upstream
    training: Upstream
    serving: Upstream
    alert_topic_arn: pulumi.Output[str]
    urgent_topic_arn: pulumi.Output[str]
    """Where alarms go that call somebody; that of all others where nobody is called."""
    opts: pulumi.ResourceOptions

    @property
    def endpoint_modes(self) -> list[str]:
        """Modes that have an endpoint of SageMaker, in the order of the settings."""
        return [mode for mode in self.settings.serving_modes if mode not in {"batch", CLUSTER_MODE}]

    @property
    def capturing_modes(self) -> list[str]:
        """Modes that leave records, in the order of the settings."""
        watched = {*CAPTURING_MODES, *self.settings.recorded_modes}
        return [mode for mode in self.settings.serving_modes if mode in watched]

    def jobs(self, kind: str) -> list[tuple[str, str, str]]:
        """Return name, prefix of the settings and mode of the job of each capturing mode; the first one is the main."""
        first, *others = self.capturing_modes or [""]
        named = [(kind, f"{kind}_", first)] if first else []
        return [*named, *((f"{kind}-{mode}", f"{mode}_{kind}_", mode) for mode in others)]

    def source(self, mode: str) -> str:
        """Return the name of what serves, which is the metric dimension of the model that is watched."""
        return names.resource_name(self.platform, _COMPONENTS.get(mode, mode))

    @property
    def live(self) -> pulumi.Output[bool]:
        """A model answers; before that schedules sleep and silence is no alarm."""
        return self.serving.require("status").apply(lambda status: bool(status == "live"))
