"""Devices in the field: which ring each is in, and how the version of a ring does.

A device is in one ring. Who joins the first rings hangs on its name and on the release, so that it is not always the
same devices that try first; move them while every ring runs the same version, or a device would go back in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import boto3

from ..problem import ProblemError
from . import rings

NAMES = ("canary", "early", "fleet")
_PAGE = 250


@dataclass(frozen=True)
class Progress:
    """How the deployment of a ring does, by device."""

    ring: str
    deployment: str
    succeeded: int
    failed: int
    waiting: int


def ring_name(device: str, release: str, percents: Sequence[int]) -> str:
    """The ring of a device in a release."""
    place = rings.ring_of(device, release)
    return next(name for name, percent in zip(NAMES, percents, strict=True) if place < percent)


def place(prefix: str, release: str, percents: Sequence[int]) -> dict[str, int]:
    """Move every device of the groups `<prefix>-ring-<ring>` into its ring of `release`; return how many moved.

    Raises:
        ProblemError: the rings do not run the same version: a device would go back to an older one and forth again.
    """
    client = boto3.client("iot")
    groups = {name: f"{prefix}-ring-{name}" for name in NAMES}
    versions = {_deployment(client, group).rsplit(" ", 1)[0] for group in groups.values()}
    if len(versions) > 1:
        raise ProblemError(
            "the rings run different versions",
            got=", ".join(sorted(versions)),
            fix="bring every ring to one version, then choose who tries the next one first",
        )
    found = {name: _things(client, group) for name, group in groups.items()}
    moved = dict.fromkeys(NAMES, 0)
    for ring, devices in found.items():
        for device in devices:
            wanted = ring_name(device, release, percents)
            if wanted != ring:
                client.update_thing_groups_for_thing(
                    thingName=device, thingGroupsToAdd=[groups[wanted]], thingGroupsToRemove=[groups[ring]]
                )
                moved[wanted] += 1
    return moved


def progress(prefix: str) -> list[Progress]:
    """How the version of each ring does; a ring without a deployment is left out."""
    things, greengrass = boto3.client("iot"), boto3.client("greengrassv2")
    found = []
    for name in NAMES:
        arn = things.describe_thing_group(thingGroupName=f"{prefix}-ring-{name}")["thingGroupArn"]
        latest = greengrass.list_deployments(targetArn=arn, historyFilter="LATEST_ONLY")["deployments"]
        for row in latest:
            job = greengrass.get_deployment(deploymentId=row["deploymentId"]).get("iotJobId")
            told = things.describe_job(jobId=job)["job"]["jobProcessDetails"] if job else {}
            found.append(_progress(name, row.get("deploymentName", ""), told))
    return found


def _progress(ring: str, deployment: str, told: dict[str, Any]) -> Progress:
    failed = ("numberOfFailedThings", "numberOfRejectedThings", "numberOfTimedOutThings")
    waiting = ("numberOfQueuedThings", "numberOfInProgressThings")
    return Progress(
        ring,
        deployment,
        int(told.get("numberOfSucceededThings", 0)),
        sum(int(told.get(key, 0)) for key in failed),
        sum(int(told.get(key, 0)) for key in waiting),
    )


def _deployment(client: Any, group: str) -> str:
    arn = client.describe_thing_group(thingGroupName=group)["thingGroupArn"]
    latest = boto3.client("greengrassv2").list_deployments(targetArn=arn, historyFilter="LATEST_ONLY")["deployments"]
    return str(latest[0].get("deploymentName", "")) if latest else "none ring"


def _things(client: Any, group: str) -> list[str]:
    pages = client.get_paginator("list_things_in_thing_group").paginate(
        thingGroupName=group, PaginationConfig={"PageSize": _PAGE}
    )
    return [name for page in pages for name in page["things"]]
