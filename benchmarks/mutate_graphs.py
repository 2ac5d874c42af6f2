"""Which mutants of the clean example graphs the controls catch: all of them, or this says which not.

    python benchmarks/mutate_graphs.py [EXAMPLE...]

The twins of a control tell what breaks it: a property with another value, a resource that is gone, a statement that
is wider, a resource too many. Each such difference is applied to the resources of the same type in the graphs of the
examples, in production, with a model approved where one is served: one resource after the other where the control
judges them one by one, all of a type at once where it looks for one among them. A mutant is caught where its control
reports more violations than before.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT)]

from policy_twins import all_twins  # noqa: E402 (the path comes first)

from modelkeel import answers, plan, record, render, source  # noqa: E402
from modelkeel.findings import pack as packs  # noqa: E402
from modelkeel.findings.check import view_of  # noqa: E402
from modelkeel.graph import Graph, Resource, Stack  # noqa: E402

PROVIDER = "pulumi:providers:aws"
# Judged by several properties together: all come from the twin.
WHOLE = ("aws:sagemaker/endpointConfiguration:EndpointConfiguration", "aws:sagemaker/pipeline:Pipeline")
POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
BOUNDARY = f"{POLICY} (boundary)"
POLICIES = ROOT / "policies"
# Differences that a clean graph can hold without breaking the control, and why.
HARMLESS = {
    (
        "vpc-egress-named",
        "SecurityGroupEgressRule with another cidrIpv4",
    ): "TLS may go anywhere where no framework binds; other protocols are mutants of their own",
    ("endpoint-rolls-back", ":ComponentHost$"): "inference components are updated one by one: theirs are judged",
    ("eks-access-by-entry", "Policy with another policy"): "the nodes' role holds managed policies of AWS only",
    ("model-approver-differs", "Policy with another policy"): "every policy says the same then; another control looks",
}
# Only some of these resources are what the control looks for: all are changed at once.
LOOKED_FOR = frozenset({("iam-role-chain-contained", ROLE), ("model-approver-differs", ROLE)})


class Difference(NamedTuple):
    """What sets a violating twin apart: properties by resource type (None is gone), types gone, resources added."""

    control: str
    changed: Mapping[str, Mapping[str, Any]]
    removed: frozenset[str]
    added: tuple[Resource, ...]
    boundary: str | None


class Mutant(NamedTuple):
    """A control, what was done in words, the graph, and the one that it is compared with."""

    control: str
    what: str
    graph: Graph
    clean: Graph


def differences() -> Iterator[Difference]:
    """Yield how each violating graph of the twins differs from its passing one."""
    for control, twin in sorted(all_twins.TWINS.items()):
        yield _difference(control, twin.passing, twin.violating)
    for control, violating in all_twins.MORE_VIOLATIONS:
        yield _difference(control, all_twins.TWINS[control].passing, violating)


def _difference(control: str, passing: Iterable[Resource], violating: Iterable[Resource]) -> Difference:
    before, after = ({each.urn: each for each in side} for side in (passing, violating))
    changed: dict[str, dict[str, Any]] = {}
    for urn in before.keys() & after.keys():
        old, new = before[urn], after[urn]
        keys = {key for key in {*old.inputs, *new.inputs} if old.inputs.get(key) != new.inputs.get(key)}
        if keys and old.type in WHOLE:
            keys = {*old.inputs, *new.inputs}
        if keys:
            changed.setdefault(_kind(old), {}).update({key: new.inputs.get(key) for key in keys})
        if old.protect != new.protect:
            changed.setdefault(_kind(old), {})["protect"] = new.protect
    removed = frozenset(before[urn].type for urn in before.keys() - after.keys()) - {PROVIDER}
    boundary = next((str(each.inputs["policy"]) for each in after.values() if _kind(each) == BOUNDARY), None)
    added = tuple(after[urn] for urn in after.keys() - before.keys())
    if removed & {each.type for each in added}:
        # Another resource stands there: what it says is said by those of its type.
        for each in added:
            changed.setdefault(_kind(each), {}).update(each.inputs)
        return Difference(control, changed, frozenset(), (), boundary)
    return Difference(control, changed, removed, added, boundary)


def _kind(resource: Resource) -> str:
    """Return its type; a policy that is a boundary is of a kind of its own, for it grants nothing."""
    return BOUNDARY if resource.type == POLICY and "boundary" in resource.name else resource.type


def mutants(graph: Graph, controls: Mapping[str, Any], judged: frozenset[str]) -> Iterator[Mutant]:
    """Yield the mutants of a graph for each control that passes something there."""
    kinds: dict[str, list[str]] = {}
    for _, resource in graph.resources():
        kinds.setdefault(_kind(resource), []).append(resource.urn)
    for difference in differences():
        control = controls[difference.control]
        touched = {*difference.changed, *difference.removed}
        if control.id not in judged or not touched <= kinds.keys() or difference.removed & set(control.applies_to):
            continue
        if difference.removed:
            bare = _without(graph, difference.removed)
            for kind, changes in difference.changed.items():
                bare = _mapped(bare, set(kinds[kind]), changes)
            yield Mutant(control.id, f"without {', '.join(sorted(difference.removed))}", bare, graph)
        else:
            base = graph
            changed = dict(difference.changed)
            if {POLICY, ROLE} & changed.keys() and difference.boundary is not None:
                # A boundary that forbids what is granted is no breach: the twin's stands in its place.
                changed.pop(BOUNDARY, None)
                base = _mapped(graph, set(kinds.get(BOUNDARY, ())), {"policy": difference.boundary})
            for kind, changes in changed.items():
                yield from _changed(base, control, kind, kinds[kind], changes)
        # What exists once is only too many where there is one already.
        fits = bool(control.applies_to) or all(each.type in kinds for each in difference.added)
        if (
            fits
            and difference.added
            and not touched
            and not any(each.property_dependencies for each in difference.added)
        ):
            yield Mutant(control.id, "one resource too many", _with(graph, difference.added), graph)


def _changed(
    graph: Graph, control: Any, kind: str, urns: Iterable[str], changes: Mapping[str, Any]
) -> Iterator[Mutant]:
    what = f"{kind.rsplit(':', 1)[-1]} with another {', '.join(sorted(changes))}"
    if kind in control.applies_to and (control.id, kind) not in LOOKED_FOR:
        for urn in urns:
            yield Mutant(control.id, f"{what}: {urn}", _mapped(graph, {urn}, changes), graph)
    else:
        yield Mutant(control.id, what, _mapped(graph, set(urns), changes), graph)


def _mapped(graph: Graph, urns: set[str], changes: Mapping[str, Any]) -> Graph:
    def change(resource: Resource) -> Resource:
        if resource.urn not in urns:
            return resource
        inputs = {**resource.inputs, **changes}
        return dataclasses.replace(
            resource,
            inputs={key: value for key, value in inputs.items() if value is not None and key != "protect"},
            property_dependencies={
                key: value for key, value in resource.property_dependencies.items() if key not in changes
            },
            protect=changes.get("protect", resource.protect),
        )

    return _over(graph, lambda stack: tuple(change(resource) for resource in stack.resources))


def _without(graph: Graph, kinds: frozenset[str]) -> Graph:
    return _over(graph, lambda stack: tuple(each for each in stack.resources if each.type not in kinds))


def _with(graph: Graph, added: tuple[Resource, ...]) -> Graph:
    first = graph.stacks[0]
    provider = next(each.urn for each in first.resources if each.type == PROVIDER)
    own = tuple(dataclasses.replace(each, provider=provider) for each in added)
    return _over(graph, lambda stack: (*stack.resources, *own) if stack is first else stack.resources)


def _over(graph: Graph, change: Callable[[Stack], tuple[Resource, ...]]) -> Graph:
    return dataclasses.replace(
        graph, stacks=tuple(dataclasses.replace(stack, resources=change(stack)) for stack in graph.stacks)
    )


class Score(NamedTuple):
    """How many mutants there were, of how many controls, and which of them nobody caught."""

    mutants: int
    controls: frozenset[str]
    missed: tuple[Mutant, ...]


def score(graph: Graph) -> Score:
    """Judge every mutant of a graph by its control."""
    pack = packs.load(POLICIES)
    controls = {control.id: control for control in pack.controls}
    verdicts = pack.judge.judge(view_of(graph, pack), pack.controls, pack.rules)
    judged = frozenset(each.control.id for each in verdicts if each.result == "pass")
    count, asked, missed = 0, set(), []
    # Many mutants come from one graph, which is kept here so that no other takes its identity.
    before: dict[tuple[int, str], tuple[Graph, frozenset[tuple[str, str, str]]]] = {}
    for mutant in mutants(graph, controls, judged):
        if any(mutant.control == control and words in mutant.what for control, words in HARMLESS):
            continue
        count += 1
        asked.add(mutant.control)
        control = controls[mutant.control]
        clean = (id(mutant.clean), mutant.control)
        if clean not in before:
            before[clean] = (mutant.clean, _violations(mutant.clean, pack, control))
        if not _violations(mutant.graph, pack, control) - before[clean][1]:
            missed.append(mutant)
    return Score(count, frozenset(asked), tuple(missed))


def _violations(graph: Graph, pack: packs.Pack, control: Any) -> frozenset[tuple[str, str, str]]:
    return frozenset(
        (verdict.resource.urn if verdict.resource else "", verdict.path, verdict.message)
        for verdict in pack.judge.judge(view_of(graph, pack), [control], pack.rules)
        if verdict.result == "violation"
    )


def recorded(example: str, folder: Path) -> Graph:
    """Return the graph of an example's production, with a model approved where one is served."""
    made = answers.load(ROOT / "examples" / example / "answers.yml")
    planned = plan.build(made)
    render.write(render.render({**plan.template_data(made, planned), **source.origin().answers()}, ROOT), folder)
    serving = folder / "config" / "serving" / "Pulumi.prod.yaml"
    row = next((each for each in planned.stacks if (each.program, each.stack) == ("serving", "prod")), None)
    if row is not None:
        arn = f"arn:aws:sagemaker:{row.region}:{row.account_id}:model-package"
        group = next(each for each in planned.stacks if (each.program, each.stack) == ("training", "prod"))
        name = f"{row.config['platform:project']}-prod-{group.config['training:model_package_group']}"
        with serving.open("a", encoding="utf-8") as stream:
            stream.write(f"  serving:model_package_arn: {arn}/{name}/1\n")
    return record.project(folder, environment="prod", isolation="none", talk=lambda _: None)


def main() -> int:
    """Print the figure of each example; exit 1 where a mutant was missed."""
    names = sys.argv[1:] or sorted(path.parent.name for path in (ROOT / "examples").glob("*/answers.yml"))
    total, controls, missed = 0, set(), 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            found = score(recorded(name, Path(folder) / name))
        total, missed = total + found.mutants, missed + len(found.missed)
        controls |= found.controls
        print(f"{name}: {found.mutants - len(found.missed)} of {found.mutants} mutants caught")
        for mutant in found.missed:
            print(f"  missed by {mutant.control}: {mutant.what}")
    print(f"{total - missed} of {total} mutants caught, of {len(controls)} controls")
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
