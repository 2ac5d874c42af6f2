"""State machines: the SageMaker jobs that they start, read from Amazon States Language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from .values import Value, at, listed
from .view import Resource

STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
_JOB = re.compile(r":sagemaker:create(Processing|Training|Transform)Job(\.sync)?$")


class StartedJob(NamedTuple):
    """A job that a state starts: `Processing`, `Training` or `Transform`, its request and where it stands."""

    kind: str
    request: Mapping[str, Value]
    path: str


def started_jobs(machine: Resource) -> tuple[StartedJob, ...]:
    """Return the jobs of a state machine, those within branches and maps too.

    Raises:
        ValueError: the definition is no JSON.
    """
    definition = machine["definition"]
    return () if definition is None else _parse(definition)


@lru_cache(maxsize=256)
def _parse(text: str) -> tuple[StartedJob, ...]:
    try:
        document = json.loads(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"the state machine's definition is no JSON: {error}") from error
    return tuple(_walk(document, "definition"))


def _walk(machine: Value, path: str) -> Iterator[StartedJob]:
    states = at(machine, "States")
    for name, state in states.items() if isinstance(states, Mapping) else ():
        here = f"{path}.States.{name}"
        found = _JOB.search(str(at(state, "Resource") or ""))
        if found is not None:
            request = at(state, "Arguments") or at(state, "Parameters") or {}
            yield StartedJob(found[1], request, here)
        for index, branch in enumerate(listed(at(state, "Branches"))):
            yield from _walk(branch, f"{here}.Branches[{index}]")
        for key in ("ItemProcessor", "Iterator"):
            yield from _walk(at(state, key), f"{here}.{key}")
