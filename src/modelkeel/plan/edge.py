"""How a model reaches devices: in rings, each larger than the one before."""

from __future__ import annotations

import math
from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan import estate_settings
from modelkeel.plan.accounts import tooling_account_id
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.tables.archetype import archetypes

RINGS_PERCENT = (1, 10, 100)


def rings(devices: int) -> tuple[int, ...]:
    """Return how many devices have the new model after each ring; one device at least."""
    return tuple(max(1, math.ceil(devices * share / 100)) for share in RINGS_PERCENT)


SEED = "predictive_maintenance"
"""The code that packs a model for devices."""
SILENT_PERCENT = 5
MOST_FAILED_PERCENT = 10
LEAST_FAILED = 5
DEVICE_MINUTES = 60
FIRST_PER_MINUTE = 10
MOST_PER_MINUTE = 1000


def has_rings(answers: Answers, regime: Regime) -> bool:
    """Tell whether programs make the rings that devices get the model by."""
    return "edge" in answers.serving_mode and not why_none(answers, regime)


def why_none(answers: Answers, regime: Regime) -> str:
    """Return what keeps rings from being made where models are to reach devices; empty where they are made."""
    if archetypes()[answers.archetype].seed != SEED:
        return f"the code of {archetypes()[answers.archetype].seed} packs no model for devices, that of {SEED} does"
    if "iot_core" not in answers.ingestion:
        return "rings hold devices that come in by IoT Core; add iot_core to ingestion"
    if tooling_account_id(answers):
        return "with a registry in a tooling account nothing packs a version for devices"
    if regime.has("network_isolation"):
        return "jobs have no network under these frameworks, and packing a version asks KMS for its signature"
    return ""


def data(answers: Answers, regime: Regime, environment: str) -> dict[str, Any]:
    """Return the data program's keys: the first environment of an account owns what the account has once.

    It is deployed before the others, whose metrics ask the index that it makes.
    """
    if not has_rings(answers, regime):
        return {}
    account = answers.account_ids[environment]
    owner = next(name for name in answers.environments if answers.account_ids[name] == account)
    return {"device_rings": True, "device_defense": environment == owner}


def serving(answers: Answers, regime: Regime, *, instance_type: str, package: str, image_tag: str) -> dict[str, Any]:
    """Return the serving program's keys; no ring runs a version before a person says so."""
    if not has_rings(answers, regime):
        return {}
    return {
        "edge": True,
        "edge_component": f"ml.{package}",
        "edge_package": package,
        "edge_image_tag": image_tag,
        "edge_architecture": answers.edge_architecture,
        "edge_instance_type": instance_type,
        "edge_failed_percent": MOST_FAILED_PERCENT,
        "edge_least_devices": LEAST_FAILED,
        "edge_first_per_minute": FIRST_PER_MINUTE,
        "edge_most_per_minute": MOST_PER_MINUTE,
        "edge_device_minutes": DEVICE_MINUTES,
    }


def monitoring(answers: Answers, regime: Regime, environment: str) -> dict[str, Any]:
    """Return the monitoring program's keys; a twentieth of the fleet away at once is more than devices on the move."""
    owned = data(answers, regime, environment)
    if not owned:
        return {}
    fleet = estate_settings.devices(answers, environment)
    devices, messages = fleet["devices"], fleet["device_messages_per_sec"]
    return {
        "watched_devices": devices,
        "silent_percent": SILENT_PERCENT,
        "failed_devices": LEAST_FAILED,
        "device_messages_per_minute": max(1, math.ceil(60 * messages / devices)),
        "device_audit": owned["device_defense"],
    }


def decisions(answers: Answers) -> tuple[Decision, ...]:
    """Return the rollout to devices, where models are sent to any."""
    if "edge" not in answers.serving_mode:
        return ()
    sizes = rings(answers.devices)
    return (
        Decision(
            key="edge_rollout",
            value={"rings": list(sizes), "architecture": answers.edge_architecture, "signed": answers.edge_signing},
            reason="A new model goes to a hundredth of the devices, then to a tenth, then to all; a ring that fails"
            " stops the next and rolls back.",
            from_=("serving_mode", "devices", "edge_architecture", "edge_signing"),
            formula=f"{', '.join(f'{share} %' for share in RINGS_PERCENT)} of {answers.devices:,} = "
            + ", ".join(f"{size:,}" for size in sizes),
            source="AWS IoT Greengrass Developer Guide, Deployments to thing groups and their rollout configuration",
            alternatives=(
                "All at once: faster, and a bad model is everywhere before anybody knows.",
                "Jobs of IoT Core and an agent of your own instead of Greengrass: no charge by device and month, and"
                " installing, going back and reporting are yours to write.",
            ),
        ),
    )
