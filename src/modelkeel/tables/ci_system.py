"""CI systems and the tokens that they identify themselves with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "ci_systems.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class CiSystem:
    """One CI system; an empty issuer means that its tokens cannot be trusted without more facts."""

    name: str
    issuer_url: str
    audience: str
    preview_subjects: tuple[str, ...]
    deploy_subject: str
    built: bool


@cache
def ci_systems() -> Mapping[str, CiSystem]:
    """Return the CI systems by name."""
    rows = {
        name: CiSystem(name=name, **{**row, "preview_subjects": tuple(row["preview_subjects"])})
        for name, row in reader.document(FILE).items()
        if isinstance(row, dict)
    }
    return MappingProxyType(rows)
