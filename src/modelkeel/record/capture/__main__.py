"""Child process: one request as JSON on stdin, one answer as JSON on stdout; everything else goes to stderr."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

PACKAGE = "modelkeel_capture"


def _load() -> None:
    # Run by path, this folder is first on sys.path and its modules could shadow the user's: it becomes a
    # package under a name of its own instead.
    here = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != here]
    spec = importlib.util.spec_from_file_location(PACKAGE, here / "__init__.py", submodule_search_locations=[str(here)])
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {here}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    _load()
    sys.exit(importlib.import_module(f"{PACKAGE}.child").main())
