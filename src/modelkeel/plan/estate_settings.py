"""Keys of the programs that follow from the way out and from devices."""

from __future__ import annotations

import math
from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan import kafka
from modelkeel.plan.network import Network

TRIAL_SHARE = 0.01
"""Share of the fleet that an environment before production is tried with."""


def deploy_parts(answers: Answers, network: Network, environment: str, retention_hours: int) -> list[str]:
    """Return the parts beyond the common ones that CI deploys there."""
    parts = ["devices"] if sends_from_devices(answers) else []
    parts += ["kafka"] if kafka.is_made(answers, environment, retention_hours) else []
    return [*parts, *(["egress_firewall"] if network.made and network.blocks[environment].firewall else [])]


def sends_from_devices(answers: Answers) -> bool:
    """Tell whether devices send what is learned from."""
    return "iot_core" in answers.ingestion


def devices(answers: Answers, environment: str) -> dict[str, Any]:
    """Return the data program's keys of the fleet: all of it in production, a hundredth before."""
    if not sends_from_devices(answers):
        return {"devices": 0, "device_messages_per_sec": 0}
    share = 1.0 if environment == answers.environments[-1] else TRIAL_SHARE
    return {
        "devices": math.ceil(answers.devices * share),
        "device_messages_per_sec": math.ceil(answers.events_per_sec * share),
    }
