"""The page of the bundle that an auditor reads: from disk, without a network, without a script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from modelkeel.report.html_words import count_of, link, result_count
from modelkeel.report.wording import printable

ASSETS = "html_assets"
SHOWN_PASSES = 25
"""Passes of one control that the page lists; findings.json has all."""


def page(document: Mapping[str, Any], parts: Sequence[str]) -> str:
    """Return the page of an evidence document; `parts` are the other files of the bundle. All texts are escaped."""
    style = _asset("report.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text: str = _template().render(
        doc=document,
        parts=parts,
        anchors={row["id"]: f"c{index}" for index, row in enumerate(document["controls"])},
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        shown_passes=SHOWN_PASSES,
    )
    return text


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    filters = {"count_of": count_of, "result_count": result_count, "link": link, "printable": printable, "name": _name}
    environment.filters.update(filters)
    return environment.from_string(_asset("evidence.html.jinja"))


@cache
def _asset(name: str) -> str:
    return files("modelkeel.report").joinpath(ASSETS, name).read_text(encoding="utf-8")


def _name(urn: str | None) -> str:
    """Return a resource in few words: its name and the last word of its type."""
    if urn is None:
        return "the platform as a whole"
    parts = urn.split("::")
    kind = parts[2].rsplit("$", 1)[-1].rsplit(":", 1)[-1] if len(parts) > 2 else ""
    return printable(f"{parts[-1]} ({kind})")
