"""Notebook instances: in the network, without the internet, root or old metadata, encrypted, on a supported system."""

from __future__ import annotations

from collections.abc import Iterator

from ..supported import versions
from ..values import at, is_set
from ..view import Breach, Resource


def notebook_without_internet(notebook: Resource) -> Iterator[Breach]:
    """SM-001. Left out, SageMaker gives the notebook a way to the internet of its own."""
    if notebook["directInternetAccess"] != "Disabled":
        yield Breach("the notebook has a way to the internet past the network", "directInternetAccess")


def notebook_in_vpc(notebook: Resource) -> Iterator[Breach]:
    """SM-002."""
    for key in ("subnetId", "securityGroups"):
        if not is_set(notebook[key]):
            yield Breach("the notebook runs outside the network", key)


def notebook_without_root(notebook: Resource) -> Iterator[Breach]:
    """SM-003."""
    if notebook["rootAccess"] != "Disabled":
        yield Breach("whoever opens the notebook is root on it", "rootAccess")


def notebook_own_key(notebook: Resource) -> Iterator[Breach]:
    """SM-004."""
    if not is_set(notebook["kmsKeyId"]):
        yield Breach("the notebook's volume is not encrypted with a key of ours", "kmsKeyId")


def notebook_metadata_tokens(notebook: Resource) -> Iterator[Breach]:
    """SM-005."""
    key = "minimumInstanceMetadataServiceVersion"
    if str(at(notebook["instanceMetadataServiceConfiguration"], key)) != "2":
        yield Breach("credentials can be read without a token", f"instanceMetadataServiceConfiguration.{key}")


def notebook_platform_supported(notebook: Resource) -> Iterator[Breach]:
    """SM-006."""
    platform, supported = notebook["platformIdentifier"], versions("notebook_platforms")
    if platform not in supported:
        yield Breach(f"platformIdentifier is {platform!r}, expected {' or '.join(supported)}", "platformIdentifier")
