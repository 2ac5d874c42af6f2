"""The EU AI Act's classes: what they oblige to, and from when."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "ai_act.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class AiActClass:
    """One class; `confidence` is `text` (read in the regulation) or `secondary`."""

    id: str
    title: str
    applies_from: datetime.date
    confidence: str
    articles: tuple[str, ...]
    obligation: str
    source: str


@cache
def ai_act_classes() -> Mapping[str, AiActClass]:
    """Return the classes by name."""
    rows = {
        name: AiActClass(id=name, **{**row, "articles": tuple(row["articles"])})
        for name, row in reader.document(FILE).items()
        if isinstance(row, dict)
    }
    return MappingProxyType(rows)
