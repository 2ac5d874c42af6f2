"""A project recorded: its stacks run in deployment order, each fed with the exports of those before it."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import modelkeel
from modelkeel.errors import ExitCode, ModelkeelError, Problem, usage_error
from modelkeel.graph import Fidelity, Graph, Resource, Source, Stack
from modelkeel.record import layout
from modelkeel.record.layout import Project, StackFile
from modelkeel.record.process import Child, interpreter

Isolation = Literal["process", "none", "shared"]
Answer = dict[str, Any]

DEFAULT_TIMEOUT_SECONDS = 300.0
WORKERS = 2


def environments(directory: Path) -> tuple[str, ...]:
    """Return the names of the project's environments, sorted; errors as `project`."""
    return layout.read(Path(directory)).environments


def project(
    directory: Path,
    *,
    environment: str,
    fidelity: Fidelity = "simulate",
    program: str | None = None,
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    isolation: Isolation = "process",
    talk: Callable[[str], None] | None = None,
) -> Graph:
    """Run the programs of a generated repository offline and return what they register.

    `environment` is the name of one, `shared` (the organization's stack) or `all`; an environment's graph
    includes the account stack that it stands on. `program` keeps the stacks of one program only; what it
    reads from is run too, and left out. `fidelity` is `simulate` (every output known and well formed) or
    `preview` (what a deployment would only tell later stays unknown). `timeout_seconds` is per stack.
    `isolation="none"` runs the programs in this process: faster, for trusted programs and tests. `"shared"` also
    imports their modules once, until a file changes: for programs that keep no state in modules.
    `talk` receives what the programs print and log; by default it goes to stderr.

    Raises:
        ModelkeelError: no such repository, environment or program, or broken configuration (exit code 2);
            a program that fails, hangs or cannot be recorded (exit code 3).
    """
    directory = Path(directory).absolute()
    found = layout.read(directory)
    wanted = found.select(environment)
    if program is not None:
        if program not in found.programs:
            raise usage_error(
                "the project has no such program", got=program, allowed=", ".join(found.programs), fix="--stack PROGRAM"
            )
        wanted = tuple(stack for stack in wanted if stack.program == program)
    session = _Session(found, fidelity, timeout_seconds, talk or _to_stderr)
    with _paused_collector():
        answers = session.run(found.with_upstream(wanted), isolation)
        return Graph(
            project=found.name,
            environment=environment,
            fidelity=fidelity,
            stacks=tuple(_stack(stack, answers[stack.reference]) for stack in wanted),
            tool_version=modelkeel.__version__,
        )


@contextmanager
def _paused_collector() -> Iterator[None]:
    # A large graph is hundreds of thousands of live objects: looking for garbage among them takes longer than
    # making them.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Session:
    """One recording of several stacks."""

    def __init__(self, found: Project, fidelity: Fidelity, timeout_seconds: float, talk: Callable[[str], None]) -> None:
        self._project = found
        self._fidelity = fidelity
        self._timeout_seconds = timeout_seconds
        self._talk = talk
        self._python, self._own_environment = interpreter(found.directory)
        self._children: set[Child] = set()
        self._stopped = False

    def run(self, stacks: tuple[StackFile, ...], isolation: Isolation) -> dict[str, Answer]:
        """Return the answer of each stack by its reference; `stacks` are in deployment order."""
        if isolation != "process":
            answers: dict[str, Answer] = {}
            for stack in stacks:
                answers[stack.reference] = self._run_here(stack, answers, keep=isolation == "shared")
            return answers
        return self._run_apart(stacks)

    def _run_apart(self, stacks: tuple[StackFile, ...]) -> dict[str, Answer]:
        futures: dict[str, Future[tuple[Answer, str]]] = {}
        with ThreadPoolExecutor(WORKERS) as pool:
            # Submitted in deployment order: a stack that waits for another never holds up the one it waits for.
            for stack in stacks:
                futures[stack.reference] = pool.submit(self._run_child, stack, dict(futures))
            try:
                answers = {}
                for stack in stacks:
                    answers[stack.reference], said = futures[stack.reference].result()
                    self._say(said)
            except BaseException:
                # An interrupt reaches us alone: the children are in sessions of their own.
                self._stopped = True
                pool.shutdown(wait=False, cancel_futures=True)
                for child in tuple(self._children):
                    child.kill()
                raise
        return answers

    def _run_child(self, stack: StackFile, earlier: Mapping[str, Future[tuple[Answer, str]]]) -> tuple[Answer, str]:
        child = Child(self._project.directory, self._python)
        self._children.add(child)
        try:
            if self._stopped:
                raise CancelledError
            upstream = {
                other.reference: earlier[other.reference].result()[0] for other in self._project.upstream_of(stack)
            }
            answer, said = child.run(self._request(stack, upstream), self._timeout_seconds)
        finally:
            self._children.discard(child)
            child.stop()
        if "fault" in answer:
            self._say(said)
        _raise_fault(answer)
        return answer, said

    def _run_here(self, stack: StackFile, earlier: Mapping[str, Answer], *, keep: bool) -> Answer:
        from modelkeel.record import inside  # noqa: PLC0415 (the SDK takes long to import)

        upstream = {other.reference: earlier[other.reference] for other in self._project.upstream_of(stack)}
        request = self._request(stack, upstream)
        answer = inside.run(request, lambda severity, text: self._talk(f"{severity}: {text}"), keep=keep)
        _raise_fault(answer)
        # Through JSON as from a child, so that both ways give equal values.
        plain: Answer = json.loads(json.dumps(answer))
        return plain

    def _say(self, said: str) -> None:
        for line in said.splitlines():
            self._talk(line)

    def _request(self, stack: StackFile, upstream: Mapping[str, Answer]) -> dict[str, Any]:
        values = stack.config.values
        directory = self._project.directory
        return {
            "directory": str(directory),
            "import_path": "" if self._own_environment else str(directory),
            "program": stack.program,
            "program_directory": str(stack.program_directory),
            "program_file": _relative(stack.program_directory / "__main__.py", directory),
            "project": stack.project_name,
            "stack": stack.stack,
            "organization": "organization",
            "root_directory": str(directory / stack.config_directory),
            "config": dict(values),
            "secret_keys": list(stack.config.secret_keys),
            "placeholders": list(stack.config.placeholders),
            "fidelity": self._fidelity,
            "account": stack.account,
            "region": stack.region,
            "partition": values.get("platform:partition", ""),
            "default_tags": _default_tags(values.get("aws:defaultTags")),
            "disabled_providers": _strings(values.get("pulumi:disable-default-providers")),
            "stack_references": {name: answer["exports_on_the_wire"] for name, answer in upstream.items()},
            "invokes": dict(stack.invokes),
            "config_directory": stack.config_directory,
            "config_file": stack.config_file,
            "offline_file": stack.offline_file,
            "imports": list(stack.config.imports),
            "python": self._python if self._own_environment else "modelkeel itself (the project has no .venv)",
        }


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201 (talk goes to stderr)


def _raise_fault(answer: Answer) -> None:
    fault = answer.get("fault")
    if fault:
        raise ModelkeelError(Problem(**fault), exit_code=ExitCode.ENVIRONMENT)


def _relative(path: Path, directory: Path) -> str:
    for root in (directory, directory.resolve()):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return str(path)


def _default_tags(text: str | None) -> dict[str, str]:
    value = _parsed(text)
    tags = value.get("tags") if isinstance(value, dict) else None
    return {str(key): str(item) for key, item in tags.items()} if isinstance(tags, dict) else {}


def _strings(text: str | None) -> list[str]:
    value = _parsed(text)
    return [str(item) for item in value] if isinstance(value, list) else []


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return None


def _stack(stack: StackFile, answer: Answer) -> Stack:
    return Stack(
        program=stack.program,
        stack=stack.stack,
        account=stack.account,
        region=stack.region,
        resources=tuple(_resource(row) for row in answer["resources"]),
        exports=answer["exports"],
        invokes=tuple(answer["invokes"]),
        stack_references=tuple(answer["stack_references"]),
    )


def _resource(row: Mapping[str, Any]) -> Resource:
    source = row["source"]
    return Resource(
        **{
            **row,
            "dependencies": tuple(row["dependencies"]),
            "property_dependencies": {key: tuple(urns) for key, urns in row["property_dependencies"].items()},
            "ignore_changes": tuple(row["ignore_changes"]),
            "replace_on_changes": tuple(row["replace_on_changes"]),
            "aliases": tuple(row["aliases"]),
            "source": None if source is None else Source(source["file"], source["line"]),
        }
    )
