"""Rings of devices that run a model: their groups, what a core device may do, and what it may fetch."""

from __future__ import annotations

from stacks import names
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

RINGS = ("canary", "early", "fleet")
"""In the order in which a version reaches them; a device is in one of them only."""
FIRST_RING = "fleet"
"""The ring that a new device enters: who joins the others is chosen, never whoever came last."""
ARTEFACTS = "edge"
"""Where packed and signed versions lie in the bucket of models: `edge/<version>/`."""
SIGNING = "edge-signing"
"""The key that signs them."""
CREDENTIALS = "credentials.iot.amazonaws.com"
_DATA_PLANE = ("GetComponentVersionArtifact", "GetDeploymentConfiguration", "ListThingGroupsForCoreDevice")


def group_name(platform: Platform, ring: str) -> str:
    """Return the name of the thing group of a ring."""
    return names.resource_name(platform, f"ring-{ring}")


def group_arn(platform: Platform, ring: str) -> str:
    """Return the ARN of the thing group of a ring; deployments name it without waiting for another program."""
    return names.service_arn(platform, "iot", f"thinggroup/{group_name(platform, ring)}")


def alias_name(platform: Platform) -> str:
    """Return the name of the role alias by which devices get credentials; it stands in their configuration."""
    return names.resource_name(platform, "device-exchange")


def core_policy(platform: Platform) -> Document:
    """Return the policy that makes a device a Greengrass core, beside that of any device.

    The nucleus opens further connections whose names begin with the thing's. Source: AWS IoT Greengrass V2 Developer
    Guide, "Minimal AWS IoT policy for AWS IoT Greengrass V2 core devices", read 2026-11-26.
    """
    thing = "${iot:Connection.Thing.ThingName}"
    attached = {"iot:Connection.Thing.IsAttached": "true"}
    health = [f"$aws/things/{thing}*/{plane}/health/json" for plane in ("greengrass", "greengrassv2")]
    own = [f"$aws/things/{thing}*/{kind}/*" for kind in ("jobs", "shadow")]
    alias = names.service_arn(platform, "iot", f"rolealias/{alias_name(platform)}")
    return document(
        [
            allow("Connect", ["iot:Connect"], _iot(platform, f"client/{thing}*"), Bool=attached),
            allow("Talk", ["iot:Publish", "iot:Receive"], [_iot(platform, f"topic/{path}") for path in health + own]),
            allow("Listen", ["iot:Subscribe"], [_iot(platform, f"topicfilter/{path}") for path in own]),
            allow("Exchange", ["iot:AssumeRoleWithCertificate"], alias),
            # What a component's artefacts are is asked of the service, which knows no resource for it.
            allow("Fetch", [f"greengrass:{action}" for action in (*_DATA_PLANE, "ResolveComponentCandidates")], "*"),
        ]
    )


def exchange_permissions(*, bucket_arn: str, key_arn: str) -> Document:
    """Return what a device's own credentials may do: fetch what was packed and signed for devices, nothing else."""
    return document(
        [
            allow("FetchVersions", ["s3:GetObject"], f"{bucket_arn}/{ARTEFACTS}/*"),
            allow("DecryptVersions", ["kms:Decrypt"], key_arn),
        ]
    )


def exchange_sources(platform: Platform) -> list[str]:
    """Return on whose behalf credentials are given: things of this account and Region alone.

    Source: AWS IoT Core Developer Guide, "Cross-service confused deputy prevention", read 2026-11-26: the source is
    everything of AWS IoT in one Region and account.
    """
    return [names.service_arn(platform, "iot", "*")]


def _iot(platform: Platform, suffix: str) -> str:
    return names.service_arn(platform, "iot", suffix)
