"""`modelkeel schema`: the JSON Schema of each document that goes in or comes out."""

from __future__ import annotations

import difflib
import sys
from importlib.resources import files
from typing import Annotated

import typer

from modelkeel.errors import usage_error


def names() -> list[str]:
    """Return the names of the schemas that ship with this version, sorted."""
    folder = files("modelkeel") / "schemas"
    return sorted(
        entry.name.removesuffix(".schema.json") for entry in folder.iterdir() if entry.name.endswith(".schema.json")
    )


def schema(
    name: Annotated[str | None, typer.Argument(help="Which schema; without it, all names are listed.")] = None,
) -> None:
    """Print a JSON Schema (draft-07): answers, plan, graph, findings, cost."""
    if name is None:
        sys.stdout.write("\n".join(names()) + "\n")
        return
    if name not in names():
        close = difflib.get_close_matches(name, names(), n=1)
        raise usage_error(
            "this schema does not exist",
            got=name,
            allowed=", ".join(names()),
            fix=f"modelkeel schema {close[0]}" if close else "modelkeel schema",
        )
    sys.stdout.write((files("modelkeel") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
