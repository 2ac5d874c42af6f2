"""Findings as the JSON document of the contract."""

from __future__ import annotations

from modelkeel.findings import Findings, dumps


def render(found: Findings, *, show_all: bool = False) -> str:
    """Return the document; what passed is counted, and listed with `show_all`."""
    return dumps(found, passes=show_all)
