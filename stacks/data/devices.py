"""Devices that send readings: how they are admitted, the rings that bring them models, and what defends them."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from stacks.components.device_defense import DeviceDefense, DeviceDefenseArgs
from stacks.components.device_fleet import DeviceFleet, DeviceFleetArgs
from stacks.components.device_rings import DeviceRings, DeviceRingsArgs
from stacks.components.event_stream import EventStream
from stacks.components.lake import Lake
from stacks.data.settings import DataSettings
from stacks.settings import Platform


def admitted(
    platform: Platform,
    settings: DataSettings,
    lake: Lake,
    keys: Mapping[str, pulumi.Output[str]],
    stream: EventStream | None,
    opts: pulumi.ResourceOptions,
) -> tuple[DeviceFleet | None, DeviceRings | None]:
    """Create the fleet and its rings, each where the settings ask for it, and return them."""
    rings = None
    if settings.device_rings:
        rings_args = DeviceRingsArgs(
            platform=platform, models_bucket_arn=lake.bucket_arns["models"], models_key_arn=keys["models"]
        )
        rings = DeviceRings("rings", rings_args, opts)
    if settings.device_defense:
        defense_args = DeviceDefenseArgs(
            platform=platform, log_kms_key_arn=keys["logs"], log_retention_days=settings.log_group_retention_days
        )
        DeviceDefense("device-defense", defense_args, opts)
    if stream is None or not settings.devices:
        return None, rings
    fleet = DeviceFleet(
        "devices",
        DeviceFleetArgs(
            platform=platform,
            stream_arn=stream.arn,
            stream_name=stream.stream_name,
            kms_key_arn=keys["data"],
            log_kms_key_arn=keys["logs"],
            log_retention_days=settings.log_group_retention_days,
            hook_function_arn=settings.device_hook_function_arn,
            rings=rings,
        ),
        opts,
    )
    return fleet, rings
