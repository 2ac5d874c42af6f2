"""How a model reaches devices: in rings, each larger than the one before."""

from __future__ import annotations

import math

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision

RINGS_PERCENT = (1, 10, 100)


def rings(devices: int) -> tuple[int, ...]:
    """Return how many devices have the new model after each ring; one device at least."""
    return tuple(max(1, math.ceil(devices * share / 100)) for share in RINGS_PERCENT)


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
            alternatives=("All at once: faster, and a bad model is everywhere before anybody knows.",),
        ),
    )
