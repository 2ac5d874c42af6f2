"""The template, read and compiled once: a tree of folders and files with what each of them becomes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from modelkeel.render.part import Part, parse
from modelkeel.render.yaml_text import to_nice_yaml

PLAIN, EXECUTABLE = 0o644, 0o755


@dataclass(frozen=True)
class Source:
    """A file of the template: its bytes, or the function that makes its text from values; and its mode."""

    part: Part
    content: bytes | None
    text: Callable[[Mapping[str, Any]], str] | None
    mode: int
    path: str


@dataclass(frozen=True)
class Folder:
    """A folder of the template, its entries in the order of their names."""

    part: Part
    entries: tuple[Folder | Source, ...]


@dataclass(frozen=True)
class Template:
    """A whole template: what stands at the top, and the lines that name what is left out."""

    entries: tuple[Folder | Source, ...]
    exclude: tuple[Callable[[Mapping[str, Any]], str], ...]


@lru_cache(maxsize=8)
def load(root: Path) -> Template:
    """Read the template below `root`, the folder that holds copier.yml, and compile all of it; once a process.

    Links to folders are followed, as copier does without `_preserve_symlinks`.

    Raises:
        jinja2.TemplateSyntaxError: a file or a name is not a template of our subset.
    """
    settings = _settings(root)
    environment = _environment(root, settings["_envops"])
    suffix = settings["_templates_suffix"]
    top = root / settings["_subdirectory"]
    exclude = tuple(environment.from_string(line).render for line in settings["_exclude"])
    return Template(entries=tuple(_entries(top, root, environment, suffix)), exclude=exclude)


def _settings(root: Path) -> dict[str, Any]:
    """Return the settings of copier.yml; the questions below them are not read, which saves most of the time."""
    lines = []
    for line in (root / "copier.yml").read_text(encoding="utf-8").splitlines(keepends=True):
        if line[0].isalpha():
            break
        lines.append(line)
    return dict(yaml.safe_load("".join(lines)))


def _environment(root: Path, options: Mapping[str, Any]) -> Environment:
    # The texts are Markdown, YAML and Python: nothing here is HTML that could need escaping.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(root), cache_size=-1, auto_reload=False, **{**options, "undefined": StrictUndefined}
    )
    environment.filters["to_nice_yaml"] = to_nice_yaml
    environment.filters["to_json"] = json.dumps
    return environment


def _entries(folder: Path, root: Path, environment: Environment, suffix: str) -> Iterator[Folder | Source]:
    found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    names = {entry.name for entry in found}
    for entry in found:
        if entry.name in {"__pycache__", ".git"} or entry.name + suffix in names:
            continue
        path = Path(entry.path)
        if entry.is_dir():
            yield Folder(parse(entry.name, environment), tuple(_entries(path, root, environment, suffix)))
        else:
            yield _source(path, root, environment, suffix)


def _source(path: Path, root: Path, environment: Environment, suffix: str) -> Source:
    mode = EXECUTABLE if path.stat().st_mode & 0o100 else PLAIN
    where = path.relative_to(root).as_posix()
    if not path.name.endswith(suffix):
        return Source(parse(path.name, environment), path.read_bytes(), None, mode, where)
    part = parse(path.name.removesuffix(suffix), environment)
    return Source(part, None, environment.get_template(where).render, mode, where)
