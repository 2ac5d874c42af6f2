"""The rows of frameworks.toml: what a clause id is a clause of, and who ties it to a control."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """One framework. `maps` are the published maps behind its vendor-backed clauses; without any all is judgement."""

    id: str
    title: str
    edition: str
    clauses: str
    text: str
    maps: tuple[str, ...]

    def source(self, basis: str) -> str:
        """Return where a clause of that basis comes from: the vendors' maps, or the text that we read."""
        return "; ".join(self.maps) if basis == "vendor-backed" else f"our reading of {self.title}, {self.edition}"


def load(folder: Path = FOLDER) -> dict[str, Framework]:
    """Return the frameworks by id.

    Raises:
        OSError, tomllib.TOMLDecodeError, KeyError, TypeError: the table is missing or damaged.
    """
    with (folder / "frameworks.toml").open("rb") as stream:
        rows = tomllib.load(stream)
    return {
        name: Framework(id=name, **{**row, "maps": tuple(row["maps"])})
        for name, row in rows.items()
        if isinstance(row, dict)
    }
