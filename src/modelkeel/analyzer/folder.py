"""The folder of a Pulumi policy pack: what PulumiPolicy.yaml says about how to run it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from modelkeel.errors import ModelkeelError, usage_error

PROJECT_FILE = "PulumiPolicy.yaml"


@dataclass(frozen=True)
class PackFolder:
    """Where a pack is, its program, and the Python that runs it."""

    folder: Path
    program: Path
    python: Path


def read(folder: Path) -> PackFolder:
    """Return how to run the pack in `folder`; without a virtual environment of its own, it runs in ours.

    Raises:
        ModelkeelError: no pack is there, it is written in another language, or its environment is missing (exit 2).
    """
    file = folder / PROJECT_FILE
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _refused(folder, f"{PROJECT_FILE} cannot be read: {error}") from error
    if not isinstance(document, Mapping):
        raise _refused(folder, f"{PROJECT_FILE} is no mapping")
    runtime = document.get("runtime")
    name = runtime.get("name") if isinstance(runtime, Mapping) else runtime
    if name != "python":
        raise _refused(folder, f"the runtime is {name!r}; packs in Python can be run, others need the Pulumi CLI")
    options = runtime.get("options") if isinstance(runtime, Mapping) else None
    program = folder / str(document.get("main") or ".")
    if not (program / "__main__.py").is_file():
        raise _refused(folder, f"there is no {program / '__main__.py'}")
    return PackFolder(folder.resolve(), program.resolve(), _python(folder, options))


def _python(folder: Path, options: Any) -> Path:
    named = options.get("virtualenv") if isinstance(options, Mapping) else None
    if not named:
        return Path(sys.executable)
    home = folder / str(named)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # A generated repository's own environment may not be made yet: ours has the same libraries.
    return python.absolute() if python.is_file() else Path(sys.executable)


def _refused(folder: Path, why: str) -> ModelkeelError:
    return usage_error(
        "this policy pack cannot be run",
        got=why,
        allowed=f"a folder with {PROJECT_FILE} (runtime: python) and __main__.py",
        fix="--policy-pack DIR with the folder of the pack",
        location=str(folder),
    )
