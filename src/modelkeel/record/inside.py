"""A program run in this very process: for tests and trusted programs, where a second interpreter costs too much."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from modelkeel.record.capture import run as capture

Stamps = Mapping[str, tuple[int, int]]
"""Of each file that was imported: when it was changed last, in nanoseconds, and its bytes."""
MOST_KEPT = 4
"""Projects whose modules stay imported; a further one takes the place of the oldest."""
_KEPT: dict[Path, tuple[dict[str, ModuleType], Stamps]] = {}


def run(request: Mapping[str, Any], talk: Callable[[str, str], None], *, keep: bool) -> dict[str, Any]:
    """Run the program of `request` and return its answer; see `capture.run.run`.

    With `keep`, the project's modules stay imported for its next program, as long as none of their files changes.
    """
    with _modules_of(Path(request["directory"]), keep=keep), warnings.catch_warnings():
        # Python hides these from a program that runs alone; importing the SDK alone raises dozens of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        return capture.run(request, talk)


@contextmanager
def _modules_of(directory: Path, *, keep: bool) -> Iterator[None]:
    """Import the project's own modules, whatever modules of the same name this process holds: afresh, or as kept."""
    names = {path.stem for path in directory.iterdir() if path.is_dir() or path.suffix == ".py"}
    path = list(sys.path)
    aside = _take(names)
    before = set(sys.modules)
    sys.path.insert(0, str(directory))
    if keep:
        sys.modules.update(_kept(directory))
    try:
        yield
    finally:
        sys.path[:] = path
        own = {name: module for name, module in sys.modules.items() if name not in before and _is_in(directory, module)}
        for name in own:
            del sys.modules[name]
        _take(names)
        sys.modules.update(aside)
        if keep:
            _keep(directory, own)


def _is_in(directory: Path, module: ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and str(file).startswith(f"{directory}{os.sep}")


def _kept(directory: Path) -> dict[str, ModuleType]:
    modules, stamps = _KEPT.get(directory, ({}, {}))
    return modules if stamps == _stamps(modules) else {}


def _keep(directory: Path, modules: dict[str, ModuleType]) -> None:
    _KEPT.pop(directory, None)
    _KEPT[directory] = (modules, _stamps(modules))
    while len(_KEPT) > MOST_KEPT:
        del _KEPT[next(iter(_KEPT))]


def _stamps(modules: Mapping[str, ModuleType]) -> Stamps:
    found = {}
    for module in modules.values():
        file = str(module.__file__)
        try:
            state = Path(file).stat()
        except FileNotFoundError:
            continue
        found[file] = (state.st_mtime_ns, state.st_size)
    return found


def _take(names: set[str]) -> dict[str, ModuleType]:
    found = {name: module for name, module in sys.modules.items() if name.split(".", 1)[0] in names}
    return {name: sys.modules.pop(name) for name in found}
