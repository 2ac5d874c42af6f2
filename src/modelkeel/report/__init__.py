"""Findings as text: for people, for CI systems, for other tools."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from modelkeel.findings import Findings

FORMATS = ("text", "json", "sarif", "markdown", "junit", "github", "gitlab", "oscal")


def renderer(name: str, found: Findings, *, show_all: bool = False) -> Callable[[], str]:
    """Return the function that writes `found` in the format `name`; `show_all` shows what passed as well.

    Each format is a module of this package with a function `render`; it is imported when it is used.

    Raises:
        KeyError: no such format.
    """
    if name not in FORMATS:
        raise KeyError(name)

    def render() -> str:
        module = importlib.import_module(f"modelkeel.report.{name}")
        text: str = module.render(found, show_all=show_all)
        return text

    return render
