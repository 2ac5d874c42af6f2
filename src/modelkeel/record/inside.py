"""A program run in this very process: for tests and trusted programs, where a second interpreter costs too much."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from modelkeel.record.capture import run as capture


def run(request: Mapping[str, Any], talk: Callable[[str, str], None]) -> dict[str, Any]:
    """Run the program of `request` and return its answer; see `capture.run.run`."""
    with _modules_of(Path(request["directory"])), warnings.catch_warnings():
        # Python hides these from a program that runs alone; importing the SDK alone raises dozens of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        return capture.run(request, talk)


@contextmanager
def _modules_of(directory: Path) -> Iterator[None]:
    """Import the project's own modules afresh, whatever modules of the same name this process holds."""
    names = {path.stem for path in directory.iterdir() if path.is_dir() or path.suffix == ".py"}
    path = list(sys.path)
    aside = _take(names)
    before = set(sys.modules)
    sys.path.insert(0, str(directory))
    try:
        yield
    finally:
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if name not in before and file and Path(file).is_relative_to(directory):
                del sys.modules[name]
        _take(names)
        sys.modules.update(aside)


def _take(names: set[str]) -> dict[str, ModuleType]:
    found = {name: module for name, module in sys.modules.items() if name.split(".", 1)[0] in names}
    return {name: sys.modules.pop(name) for name in found}
