"""A Helm chart in the version that the table pins, with its images from where the network reaches them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

TIMEOUT_SECONDS = 600


@cache
def charts() -> Mapping[str, Mapping[str, Any]]:
    """Return the pinned charts by name."""
    path = Path(__file__).parents[1] / "kubernetes" / "charts.toml"
    found: Mapping[str, Mapping[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def helm_chart(
    name: str, values: Mapping[str, Any], image_registry: str, opts: pulumi.ResourceOptions
) -> kubernetes.helm.v3.Release:
    """Return the release of the chart `name`; a release that does not come up is taken back.

    Raises:
        KeyError: the table has no such chart.
    """
    row = charts()[name]
    merged: dict[str, Any] = dict(values)
    if image_registry:
        for path, image in row["images"].items():
            merged = _set(merged, path.split("."), mirrored(image_registry, image))
    return kubernetes.helm.v3.Release(
        name,
        name=name,
        chart=row["chart"],
        version=row["version"],
        namespace=row["namespace"],
        values=merged,
        atomic=True,
        timeout=TIMEOUT_SECONDS,
        repository_opts={"repo": row["repository"]} if "repository" in row else None,
        opts=opts,
    )


def mirrored(image_registry: str, image: str) -> str:
    """Return where the copy of `image` lies: the same path below the registry."""
    return f"{image_registry}/{image.split('/', maxsplit=1)[1]}"


def _set(values: dict[str, Any], path: list[str], value: str) -> dict[str, Any]:
    head, *rest = path
    return {**values, head: _set(dict(values.get(head, {})), rest, value) if rest else value}
