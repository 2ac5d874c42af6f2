"""Every name of the Pulumi SDK that is not public, in one place; tests/record/test_sdk_contract.py guards them.

Written against pulumi 3.272. The calls are those that the CLI's own language host and the SDK's test mocks make.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import os
import threading
import types
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol

import pulumi
import pulumi.resource
import pulumi.runtime
from pulumi import _types
from pulumi.runtime import _callbacks, mocks, rpc, settings
from pulumi.runtime import resource as resource_module
from pulumi.runtime import stack as stack_module
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.stack import run_in_stack
from pulumi.runtime.sync_await import _sync_await

SIGNATURE_KEY: str = rpc._special_sig_key
SECRET_SIGNATURE: str = rpc._special_secret_sig
ASSET_SIGNATURE: str = rpc._special_asset_sig
ARCHIVE_SIGNATURE: str = rpc._special_archive_sig
RESOURCE_SIGNATURE: str = rpc._special_resource_sig
OUTPUT_SIGNATURE: str = rpc._special_output_value_sig
UNKNOWN: str = rpc.UNKNOWN

STACK_TYPE = "pulumi:pulumi:Stack"

PACKAGES = ("pulumi.", "pulumi_aws.", "pulumi_kubernetes.")
"""Where classes live that stay as they are for the life of a process."""

MockMonitor = mocks.MockMonitor

_OF_PACKAGES: dict[str, dict[Any, Any]] = {}


class InlineExecutor(ThreadPoolExecutor):
    """Runs what is submitted at once: with threads, registrations arrive in another order on every run."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call `fn` now and return a finished future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class LocalCallbacks(_callbacks._CallbackServicer):
    """Keeps the transforms that a program registers, without the gRPC server that the CLI would call back."""

    def __init__(self, monitor: Any) -> None:
        # The parent's constructor opens a port; only its tables are needed here.
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}
        self._monitor = monitor
        self._loop = asyncio.get_running_loop()
        self._target = "local"

    def call(self, token: str, request: bytes) -> Any:
        """Return the response message of the callback `token`."""
        return _sync_await(self._callbacks[token](request))


class LogEngine(mocks.MockEngine):
    """Receives `pulumi.log` messages: `talk` is called with the severity and the text."""

    def __init__(self, talk: Callable[[str, str], None]) -> None:
        super().__init__(logging.getLogger("modelkeel.capture"))
        self._talk = talk

    def Log(self, request: Any) -> None:  # noqa: N802 (the name of the RPC)
        """Forward one message; debug messages are dropped."""
        severity = ("debug", "info", "warning", "error")[request.severity]
        if severity != "debug":
            self._talk(severity, request.message)

    def RequirePulumiVersion(self, request: Any) -> Any:  # noqa: N802 (the name of the RPC)
        """Accept any range: there is no CLI whose version could be compared."""
        return request


def run(  # noqa: PLR0913 (each is a fact of the run that the SDK asks for)
    program: Callable[[], Any],
    *,
    monitor: Any,
    talk: Callable[[str, str], None],
    names: tuple[str, str, str],
    root_directory: str,
    config: dict[str, str],
    secret_keys: list[str],
    preview: bool,
) -> None:
    """Run `program` as the CLI's language host does, against `monitor`; `names` is project, stack, organization.

    Raises whatever the program raises.
    """

    def inside() -> None:
        """Run the program in a loop of its own."""
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.set_default_executor(InlineExecutor(1))
        # Without it one failing apply prints thousands of lines "Future exception was never retrieved".
        loop.set_exception_handler(lambda _loop, _context: None)
        pulumi.runtime.set_all_config(config, secret_keys)

        async def main() -> None:
            _configure(monitor, talk, names, root_directory, preview)
            await run_in_stack(program)

        try:
            loop.run_until_complete(main())
        finally:
            _close(loop)

    contextvars.Context().run(inside)


def _configure(
    monitor: Any, talk: Callable[[str, str], None], names: tuple[str, str, str], root_directory: str, preview: bool
) -> None:
    project, stack, organization = names
    # A field that is left out keeps the value of an earlier run in this process: every one is set.
    settings.configure(
        mocks.MockSettings(  # type: ignore[no-untyped-call]
            monitor=monitor,
            engine=LogEngine(talk),
            project=project,
            stack=stack,
            organization=organization,
            dry_run=preview,
            root_directory=root_directory,
            callbacks=LocalCallbacks(monitor),
            outputs=set(),
            lock=threading.Lock(),
            parallel=None,
            legacy_apply_enabled=False,
            package_refs={},
            base_providers_by_ref={},
            monitor_features=set(),
        )
    )


def _close(loop: asyncio.AbstractEventLoop) -> None:
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    if pending:
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.close()
    asyncio.set_event_loop(None)


class Watcher(Protocol):
    """Is told of each call that a program makes to the SDK, while the program's own frames are on the stack."""

    def registers(self, resource: Any) -> Any:
        """Return what the monitor should know of the call: it finds it in `CALLER`."""

    def invokes(self) -> Any:
        """As `registers`, of a function call."""

    def applies(self) -> Any:
        """Return what `failed` should know of the call, if its function raises."""

    def failed(self, error: BaseException, applied: Any) -> None:
        """The function of an apply raised `error`: its traceback is whole only now."""


CALLER: contextvars.ContextVar[Any] = contextvars.ContextVar("modelkeel_caller", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """While open, tell `watcher` of registrations, reads, invokes and applies.

    The task that later talks to the monitor inherits `CALLER` from the call that started it. The SDK's own
    stack walk, which asks for the stat of every source file once a resource, is switched off, and its wait
    for outputs made linear.
    """
    patches: list[tuple[Any, str, Callable[[Any, Watcher], Any]]] = [
        (pulumi.resource, "register_resource", _registering),
        (pulumi.resource, "read_resource", _registering),
        (pulumi.runtime, "invoke", _invoking),
        (pulumi.runtime, "invoke_output", _invoking),
        (pulumi.Output, "apply", _applying),
        (resource_module, "_get_stack_trace", lambda _original, _watcher: source_pb2.StackTrace),
        (stack_module, "asyncio", _patient),
        *((_types, name, _remembering) for name, value in vars(_types).items() if hasattr(value, "cache_clear")),
    ]
    saved = [getattr(owner, name) for owner, name, _ in patches]
    for (owner, name, wrap), original in zip(patches, saved, strict=True):
        setattr(owner, name, wrap(original, watcher))
    try:
        yield
    finally:
        for (owner, name, _), original in zip(patches, saved, strict=True):
            setattr(owner, name, original)


def _patient(_original: Any, _watcher: Watcher) -> Any:
    # The SDK waits for its outputs by waking after each and asking all others again: a sixth of the time of a
    # large program. Woken by the first error, or when all are done, it does the same.
    return types.SimpleNamespace(**{**vars(asyncio), "FIRST_COMPLETED": asyncio.FIRST_EXCEPTION})


def _remembering(original: Callable[..., Any], _watcher: Watcher) -> Callable[..., Any]:
    # `clear_caches` forgets the program's classes after each run. What is known of the SDK's own, which stay, is
    # kept here: to find it again would cost each further program of a process a seventh of its time.
    kept = _OF_PACKAGES.setdefault(original.__name__, {})

    def of(kind: Any) -> Any:
        if not str(getattr(kind, "__module__", "")).startswith(PACKAGES):
            return original(kind)
        if kind not in kept:
            kept[kind] = original(kind)
        return kept[kind]

    return of


def _registering(original: Callable[..., Any], watcher: Watcher) -> Callable[..., Any]:
    def register(resource: Any, *args: Any, **kwargs: Any) -> Any:
        token = CALLER.set(watcher.registers(resource))
        try:
            return original(resource, *args, **kwargs)
        finally:
            CALLER.reset(token)

    return register


def _invoking(original: Callable[..., Any], watcher: Watcher) -> Callable[..., Any]:
    def invoke(*args: Any, **kwargs: Any) -> Any:
        token = CALLER.set(watcher.invokes())
        try:
            return original(*args, **kwargs)
        finally:
            CALLER.reset(token)

    return invoke


def _applying(original: Callable[..., Any], watcher: Watcher) -> Callable[..., Any]:
    def apply(self: Any, func: Callable[[Any], Any], run_with_unknowns: bool = False) -> Any:
        """Apply as the SDK does, and tell the watcher where an apply that failed was called."""
        applied = watcher.applies()

        def guarded(value: Any) -> Any:
            try:
                return func(value)
            except BaseException as error:
                watcher.failed(error, applied)
                raise

        return original(self, guarded, run_with_unknowns)

    return apply


def local_callbacks() -> LocalCallbacks:
    """Return the callbacks of the program that is running."""
    callbacks = settings.SETTINGS.callbacks
    if not isinstance(callbacks, LocalCallbacks):
        raise RuntimeError("no program is running")
    return callbacks


def output_hints(kind: type) -> dict[str, Any]:
    """Return the type hint of each output property of a resource or output type, by its Pulumi name."""
    hints: dict[str, Any] = _types._raw_return_hints(kind)
    return hints


def input_names(kind: type) -> frozenset[str]:
    """Return the Pulumi names of the properties that a program may set on a resource class."""
    init = getattr(kind, "_internal_init", None)
    if init is None:
        return frozenset()
    python_names = init.__code__.co_varnames[: init.__code__.co_argcount + init.__code__.co_kwonlyargcount]
    translate = _types.resource_py_to_pulumi_names(kind)
    return frozenset(translate.get(name, name) for name in python_names)


def is_output_type(kind: Any) -> bool:
    """Return whether `kind` is a class that the SDK uses for nested outputs."""
    return isinstance(kind, type) and bool(_types.is_output_type(kind))


def unwrap(hint: Any) -> Any:
    """Return the hint without Output and Optional around it."""
    return _types.unwrap_type(hint)


def clear_caches() -> None:
    """Forget the SDK's caches keyed by the program's classes: they grow with each run in one process."""
    for function in vars(_types).values():
        clear = getattr(function, "cache_clear", None)
        if clear is not None:
            clear()


def strict_output_strings() -> None:
    """Make `f"{resource.arn}"` raise: by default the SDK puts a help text into the value."""
    os.environ["PULUMI_ERROR_OUTPUT_STRING"] = "true"


def is_output_string_error(error: BaseException) -> bool:
    """Return whether `error` says that an output was used as text."""
    return type(error).__name__ == "_OutputToStringError"
