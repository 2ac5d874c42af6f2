"""How much runs at once: steps of a pipeline by their order, states of a state machine by their nesting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelkeel.quotas.job import NESTED_STEPS, Job, jobs_in
from modelkeel.quotas.value import count, items, mapping, text

MAP_CONCURRENCY = 40  # Step Functions Developer Guide, Map state in Inline mode: 40 iterations at once
EXACT_STEPS = 16

Key = tuple[str, str]
Row = tuple[Mapping[str, Any], frozenset[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A step of a pipeline with its jobs; it never runs beside the steps (by number) in `apart`."""

    number: int
    jobs: tuple[Job, ...]
    apart: frozenset[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Peak:
    """The most instances by use and type that one execution holds at once, and the uses with some of unknown size."""

    sizes: Mapping[Key, int]
    unknown: frozenset[str]


def pipeline_peak(definition: Mapping[str, Any], limit: int | None) -> Peak:
    """Return the peak of one execution of a SageMaker pipeline.

    `limit` is how many steps run at once at most. Steps that wait for each other never add up: through DependsOn,
    through a property of the other step, or through the condition that they stand in.
    """
    parameters = {
        text(mapping(row).get("Name")): mapping(row).get("DefaultValue") for row in items(definition.get("Parameters"))
    }
    steps = _steps(definition, parameters)
    jobs = [job for step in steps for job in step.jobs]
    peaks: dict[Key, int] = {}
    for key in _sizes(jobs):
        weights = {step.number: _sizes(step.jobs)[key] for step in steps if _sizes(step.jobs)[key]}
        peaks[key] = _heaviest(steps, weights, limit or len(steps))
    return Peak(sizes=peaks, unknown=_unknown(jobs))


def workflow_peak(machine: Mapping[str, Any]) -> Peak:
    """Return the peak of one execution of a state machine.

    States follow each other, branches of Parallel run together, and a Map runs MaxConcurrency times together
    (40 where it sets none).
    """
    states = [_state_peak(mapping(state)) for state in mapping(machine.get("States")).values()]
    sizes: Counter[Key] = Counter()
    for state in states:
        sizes |= Counter(state.sizes)
    return Peak(sizes=sizes, unknown=_together(states))


def _state_peak(state: Mapping[str, Any]) -> Peak:
    if state.get("Type") == "Parallel":
        branches = [workflow_peak(mapping(branch)) for branch in items(state.get("Branches"))]
        sizes: Counter[Key] = Counter()
        for branch in branches:
            sizes.update(branch.sizes)
        return Peak(sizes=sizes, unknown=_together(branches))
    if state.get("Type") == "Map":
        each = workflow_peak(mapping(state.get("ItemProcessor") or state.get("Iterator")))
        times = count(state.get("MaxConcurrency")) or MAP_CONCURRENCY
        return Peak(sizes={key: times * size for key, size in each.sizes.items()}, unknown=each.unknown)
    jobs = list(jobs_in(state.get("Arguments") or state.get("Parameters"), {}))
    return Peak(sizes=_sizes(jobs), unknown=_unknown(jobs))


def _together(peaks: Sequence[Peak]) -> frozenset[str]:
    return frozenset(use for peak in peaks for use in peak.unknown)


def _sizes(jobs: Iterable[Job]) -> Counter[Key]:
    sizes: Counter[Key] = Counter()
    for job in jobs:
        if job.instances is not None and job.instance_type:
            sizes[job.use, job.instance_type] += job.instances
    return sizes


def _unknown(jobs: Iterable[Job]) -> frozenset[str]:
    return frozenset(job.use for job in jobs if job.instances is None or not job.instance_type)


def _heaviest(steps: Sequence[Step], weights: Mapping[int, int], limit: int) -> int:
    """Return the largest sum of weights of at most `limit` steps that may all run at once.

    Beyond 16 weighted steps the order is left out, which never gives too little.
    """
    if len(weights) > EXACT_STEPS:
        return sum(sorted(weights.values(), reverse=True)[:limit])
    apart = {step.number: step.apart for step in steps}

    def best(open_steps: tuple[int, ...], room: int) -> int:
        if not open_steps or not room:
            return 0
        first, rest = open_steps[0], open_steps[1:]
        beside = tuple(other for other in rest if other not in apart[first] and first not in apart[other])
        return max(best(rest, room), weights[first] + best(beside, room - 1))

    return best(tuple(weights), limit)


def _steps(definition: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[Step]:
    rows = list(_rows(items(definition.get("Steps")), frozenset()))
    numbers = {text(row.get("Name")): number for number, (row, _) in enumerate(rows)}
    waits = {
        number: {numbers[name] for name in (_named(row) | outer) if name in numbers} - {number}
        for number, (row, outer) in enumerate(rows)
    }
    exclusive = _either_or(rows, numbers)
    return [
        Step(
            number=number,
            jobs=tuple(jobs_in(row.get("Arguments"), parameters)),
            apart=frozenset(_ancestors(number, waits) | exclusive.get(number, set())),
        )
        for number, (row, _) in enumerate(rows)
    ]


def _rows(steps: list[Any], outer: frozenset[str]) -> Iterator[Row]:
    for step in map(mapping, steps):
        yield step, outer
        inside = outer | {text(step.get("Name"))}
        for branch in sorted(NESTED_STEPS):
            yield from _rows(items(mapping(step.get("Arguments")).get(branch)), inside)


def _either_or(rows: Sequence[Row], numbers: Mapping[str, int]) -> dict[int, set[int]]:
    """Steps of the two branches of a condition never run in the same execution."""
    found: dict[int, set[int]] = {}
    for row, _ in rows:
        arguments = mapping(row.get("Arguments"))
        one, other = (
            {numbers[text(step.get("Name"))] for step, _ in _rows(items(arguments.get(name)), frozenset())}
            for name in sorted(NESTED_STEPS)
        )
        for number in one:
            found.setdefault(number, set()).update(other)
    return found


def _named(row: Mapping[str, Any]) -> set[str]:
    """Return the names of the steps that a step names: in DependsOn, or by a property of theirs."""
    names = {name for name in items(row.get("DependsOn")) if isinstance(name, str)}
    return names | set(_references({key: value for key, value in row.items() if key != "DependsOn"}))


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, Mapping):
        get = text(node.get("Get"))
        if get.startswith("Steps."):
            yield get.split(".")[1]
        for key, value in node.items():
            if key not in NESTED_STEPS:
                yield from _references(value)


def _ancestors(number: int, waits: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    open_steps = set(waits[number])
    while open_steps:
        step = open_steps.pop()
        if step not in found:
            found.add(step)
            open_steps |= waits[step]
    return found
