"""A policy pack loaded from its folder, under a module name of its own: several packs fit in one process."""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from modelkeel.errors import ModelkeelError, usage_error

_loaded: dict[str, Pack] = {}


@dataclass(frozen=True)
class Pack:
    """The modules of a pack that the check calls, and its controls."""

    folder: Path
    view: ModuleType
    judge: ModuleType
    waiver: ModuleType
    controls: tuple[Any, ...]
    rules: dict[str, Any]
    frameworks: Mapping[str, Any]
    """By id; empty for a pack that has no table of them."""


def load(folder: Path) -> Pack:
    """Return the pack in `folder`; an unchanged folder is loaded once.

    Raises:
        ModelkeelError: the folder holds no pack, a module of it cannot be imported, a control has no rule
            or a rule no control (exit code 2).
    """
    folder = folder.resolve()
    name = f"modelkeel_policies_{_stamp(folder)}"
    if name not in _loaded:
        _loaded[name] = _load(folder, name)
    return _loaded[name]


def _stamp(folder: Path) -> str:
    digest = hashlib.sha256(str(folder).encode())
    for path in sorted((*folder.rglob("*.py"), *folder.rglob("*.toml"))):
        digest.update(f"{path.relative_to(folder)} {path.stat().st_mtime_ns} {path.stat().st_size}".encode())
    return digest.hexdigest()[:16]


def _load(folder: Path, name: str) -> Pack:
    if not (folder / "controls.toml").is_file() or not (folder / "__init__.py").is_file():
        raise usage_error(
            "this folder holds no policy pack",
            got=str(folder),
            allowed="a folder with controls.toml, __init__.py and rules/",
            fix="--policies DIR, or restore the folder from version control",
        )
    try:
        _package(folder, name)
        view, judge, waiver, control = (
            importlib.import_module(f"{name}.{module}") for module in ("view", "judge", "waiver", "control")
        )
        controls = tuple(control.load(folder))
        rules = judge.functions()
        has_frameworks = (folder / "framework.py").is_file()
        frameworks = importlib.import_module(f"{name}.framework").load(folder) if has_frameworks else {}
    except Exception as error:
        _forget(name)
        raise usage_error(
            "the policy pack cannot be loaded",
            got=f"{type(error).__name__}: {error}",
            fix=f"correct or restore {folder}",
            location=str(folder),
        ) from error
    _match(folder, {each.function for each in controls}, set(rules))
    return Pack(folder, view, judge, waiver, controls, rules, frameworks)


def _package(folder: Path, name: str) -> None:
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _forget(name: str) -> None:
    for module in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[module]


def _match(folder: Path, wanted: set[str], found: set[str]) -> None:
    missing, extra = sorted(wanted - found), sorted(found - wanted)
    if missing or extra:
        raise usage_error(
            "controls and rules of the policy pack do not match",
            got="; ".join(
                f"{what}: {', '.join(names)}"
                for what, names in (("control without a rule", missing), ("rule without a control", extra))
                if names
            ),
            fix="a row of controls.toml and a function in rules/ come together",
            location=str(folder),
        )


def as_usage_error(error: Exception, path: Path) -> ModelkeelError:
    """Return the problems of a waiver file as one error; each names its line."""
    from modelkeel.errors import Problem  # noqa: PLC0415

    problems = []
    for sentence in getattr(error, "problems", (str(error),)):
        line, _, what = sentence.partition(": ")
        problems.append(
            Problem(
                what=f"a waiver cannot be taken: {what}",
                fix="control, resource, owner, reason, ticket and expires are needed, each for one violation",
                location=f"{path}:{line.removeprefix('line ')}",
            )
        )
    return ModelkeelError(*problems)


def serving(controls: Iterable[Any], frameworks: Sequence[str]) -> list[Any]:
    """Return the controls that serve one of `frameworks`, all of them where none is named.

    Raises:
        ModelkeelError: no control serves a framework of that name (exit code 2).
    """
    rows = list(controls)
    known = sorted({framework for row in rows for framework in row.frameworks})
    unknown = [name for name in frameworks if name not in known]
    if unknown:
        close = difflib.get_close_matches(unknown[0], known, n=1)
        raise usage_error(
            "no control serves this framework",
            got=", ".join(unknown),
            allowed=", ".join(known),
            fix=f"--framework {close[0]}" if close else "choose one of the allowed ids",
        )
    return [row for row in rows if not frameworks or not row.frameworks.isdisjoint(frameworks)]
