"""What a system does, in the terms of the EU AI Act, and the class that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "ai_act_uses.toml"
# From the weakest to the strictest.
CLASSES = ("minimal", "limited_art50", "gpai", "high_annex_i", "high_annex_iii", "prohibited")


@dataclass(frozen=True, kw_only=True, slots=True)
class AiActUse:
    """One use; `confidence` is `text` (read in the regulation) or `secondary`."""

    name: str
    title: str
    risk_class: str
    article: str
    confidence: str


@cache
def ai_act_uses() -> Mapping[str, AiActUse]:
    """Return the uses by name, in the order of the Act."""
    rows = {name: AiActUse(name=name, **row) for name, row in reader.document(FILE).items() if isinstance(row, dict)}
    return MappingProxyType(rows)
