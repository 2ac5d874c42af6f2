"""What renewing a table comes to: its text before and after, and what stays as it was."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from modelkeel import source
from modelkeel.errors import environment_error
from modelkeel.tables import reader


@dataclass(frozen=True)
class Kept:
    """A row that stays as it was, and why."""

    row: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """A table renewed in memory; `renewed` counts the rows that AWS confirmed or changed."""

    file: str
    before: str
    after: str
    renewed: int
    kept: tuple[Kept, ...]

    def diff(self) -> str:
        """Return what changes as a unified diff; empty when nothing does."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{self.file}",
            f"b/{self.file}",
        )
        return "".join(lines)


def folder() -> Path:
    """Return the folder of the tables in the source tree.

    Raises:
        ModelkeelError: this is an installed package, whose tables the next install replaces (exit code 3).
    """
    root = source.bundle_root()
    if not (root / "pyproject.toml").is_file() or root / "src" / "modelkeel" / "tables" != reader.FOLDER:
        raise environment_error(
            "the tables of an installed Modelkeel are not renewed: the next install would undo it",
            got=str(reader.FOLDER),
            allowed="a source tree, installed with pip install --editable",
            fix="clone the repository, make setup, renew there; or install a newer release",
        )
    return reader.FOLDER
