"""One program run offline, in this process: request in, answer out, both plain JSON."""

from __future__ import annotations

import gc
import os
import runpy
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import assets, fault, sdk, wire
from .fabricate import Scope, partition_of
from .monitor import Caller, CaptureMonitor, Recording, Setting
from .source import Locator

Talk = Callable[[str, str], None]

# Most of a large program's time is Python's cyclic collector; the registered objects live to the end anyway.
GC_THRESHOLD = (200_000, 50, 100)


class Placeholder(str):
    """Stands for a secret that cannot be decrypted offline: text, or zero where a program wants a number."""

    __slots__ = ()

    def __int__(self) -> int:
        return 0

    def __float__(self) -> float:
        return 0.0


def run(request: Mapping[str, Any], talk: Talk) -> dict[str, Any]:
    """Run the program of `request`; return its rows, or `{"fault": ...}` with the fields of a problem.

    Request: directory, program, program_directory, program_file, project, stack, organization, root_directory,
    config, secret_keys, placeholders, fidelity, account, region, partition, disabled_providers,
    stack_references (name -> exports on the wire), invokes (token -> result), config_directory, config_file,
    offline_file, imports, python.
    """
    locator = Locator(request["directory"])
    monitor = CaptureMonitor(_setting(request))
    sdk.strict_output_strings()
    program = Path(request["program_directory"]) / "__main__.py"
    try:
        with (
            _quiet_collector(),
            _quiet_failures(),
            _working_directory(request["program_directory"]),
            sdk.watched(_Watcher(locator)),
        ):
            sdk.run(
                lambda: runpy.run_path(str(program), run_name="__main__"),
                monitor=monitor,
                talk=talk,
                names=(request["project"], request["stack"], request["organization"]),
                root_directory=request["root_directory"],
                config=_config(request),
                secret_keys=list(request["secret_keys"]),
                preview=request["fidelity"] == "preview",
            )
            return _answer(monitor.recording)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a program does must come out as one clear fault
        return {"fault": fault.explain(error, locator, request)}
    finally:
        sdk.clear_caches()


def _setting(request: Mapping[str, Any]) -> Setting:
    return Setting(
        stack=request["stack"],
        project=request["project"],
        preview=request["fidelity"] == "preview",
        scope=Scope(
            request["account"],
            request["region"],
            request["partition"] or partition_of(request["region"]),
            request["default_tags"],
        ),
        config_directory=request["config_directory"],
        disabled_providers=frozenset(request["disabled_providers"]),
        stack_references=request["stack_references"],
        invokes=request["invokes"],
    )


def _config(request: Mapping[str, Any]) -> dict[str, str]:
    placeholders = set(request["placeholders"])
    return {key: Placeholder(text) if key in placeholders else text for key, text in request["config"].items()}


def _answer(recording: Recording) -> dict[str, Any]:
    return {
        "resources": [recording.rows[address] for address in sorted(recording.rows)],
        "exports": wire.documents(recording.exports, assets.digest),
        "exports_on_the_wire": recording.exports,
        "invokes": sorted(recording.invokes),
        "stack_references": sorted(recording.stack_references),
    }


class _Watcher:
    """Notes the project's line of each call to the SDK."""

    def __init__(self, locator: Locator) -> None:
        self._locator = locator

    def registers(self, resource: Any) -> Caller:
        return Caller(self._locator.caller(resource), type(resource))

    def invokes(self) -> Caller:
        return Caller(self._locator.caller())

    def applies(self) -> tuple[str, int] | None:
        return self._locator.caller()

    def failed(self, error: BaseException, applied: tuple[str, int] | None) -> None:
        self._locator.mark(error, applied)


@contextmanager
def _quiet_failures() -> Iterator[None]:
    # A failing program leaves many tasks unfinished; each would add a line of noise to its one error.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)
        yield


@contextmanager
def _quiet_collector() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@contextmanager
def _working_directory(directory: str) -> Iterator[None]:
    before, path = Path.cwd(), list(sys.path)
    os.chdir(directory)
    sys.path.insert(0, directory)
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path
