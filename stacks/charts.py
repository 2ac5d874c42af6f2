"""The Helm charts that the kubernetes program installs, and the images that they pull."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def charts() -> Mapping[str, Mapping[str, Any]]:
    """Return the pinned charts of every cluster by name."""
    return _table("charts.toml")


def chart(name: str) -> Mapping[str, Any]:
    """Return the pinned chart `name`, of every cluster or of one that serves.

    Raises:
        KeyError: neither table has it.
    """
    return {**_table("charts.toml"), **_table("servers.toml")}[name]


def copied_images(*, serving: bool = False) -> list[str]:
    """Return the images that all charts pull, without their tags, sorted; with `serving` also those that serve."""
    rows = [*charts().values(), *(_table("servers.toml").values() if serving else ())]
    return sorted({image.rsplit(":", maxsplit=1)[0] for row in rows for image in row["copied"]})


def server_image(image_registry: str) -> str:
    """Return the image of the model server, with its tag: its copy in the registry, or where it comes from."""
    image: str = _table("servers.toml")["vllm"]["image"]
    return mirrored(image_registry, image) if image_registry else image


@cache
def _table(name: str) -> Mapping[str, Mapping[str, Any]]:
    path = Path(__file__).with_name(name)
    found: Mapping[str, Mapping[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def mirrored(image_registry: str, image: str) -> str:
    """Return where the copy of `image` lies: the same path below the registry."""
    return f"{image_registry}/{image.split('/', maxsplit=1)[1]}"


def with_images(name: str, values: Mapping[str, Any], image_registry: str) -> dict[str, Any]:
    """Return the values of the chart `name`, with its images taken from the registry; empty: from their own."""
    merged: dict[str, Any] = dict(values)
    if image_registry:
        row = chart(name)
        for path, image in row.get("images", {}).items():
            merged = _set(merged, path.split("."), mirrored(image_registry, image))
        for path in row.get("registries", ()):
            merged = _set(merged, path.split("."), image_registry)
    return merged


def _set(values: dict[str, Any], path: list[str], value: str) -> dict[str, Any]:
    head, *rest = path
    return {**values, head: _set(dict(values.get(head, {})), rest, value) if rest else value}
