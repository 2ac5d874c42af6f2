"""From two graphs to the changes between them, as the Pulumi engine would decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from modelkeel.change.model import Basis, Change, Changes
from modelkeel.change.properties import changed, ignored
from modelkeel.graph import Graph, Resource, Stack
from modelkeel.tables.replacement import forcing, replacements
from modelkeel.tables.stateful import stateful

Replacing = Callable[[Stack, Resource, Resource], tuple[str, ...] | None]
"""Which properties force a replacement, as the provider says; None where it cannot tell."""

PROVIDER = "pulumi:providers:aws"
PROVIDER_REPLACES = ("region",)


def compare(
    old: Graph,
    new: Graph,
    *,
    against: str,
    replacing: Replacing | None = None,
    provider_version: str | None = None,
) -> Changes:
    """Return what an update from `old` to `new` would do. `replacing` asks the provider; without it, a table tells.

    A resource found under one of its aliases is the same resource. What is replaced makes its outputs unknown: a
    property of another resource that is computed from them, and that forces a replacement, replaces that one too.
    """
    rows: list[Change] = []
    same = 0
    before = {(stack.program, stack.stack): stack for stack in old.stacks}
    for stack in new.stacks:
        former = before.pop((stack.program, stack.stack), None)
        found = list(_Stack(stack, former, replacing).changes())
        rows += found
        managed = sum(1 for resource in stack.resources if _is_managed(resource))
        same += managed - sum(1 for change in found if change.action != "delete")
    for stack in before.values():
        rows += [_deleted(stack, resource) for resource in stack.resources if _is_managed(resource)]
    return Changes(
        project=new.project,
        environment=new.environment,
        tool_version=new.tool_version,
        against=against,
        provider_version=provider_version,
        same=same,
        rows=tuple(rows),
    )


@dataclass
class _Stack:
    """One stack before and after."""

    stack: Stack
    former: Stack | None
    replacing: Replacing | None
    replaced: set[str] = field(default_factory=set)

    def changes(self) -> Iterator[Change]:
        """Yield each change in the order of URNs; deletions last."""
        pairs, gone = _matched(self.former, self.stack)
        found: dict[str, Change] = {}
        moved = self.former is not None and self._moved(self.former)
        # A replacement reaches what depends on it, and that again others: until nothing new is reached.
        while True:
            count = len(self.replaced)
            for new, old in pairs:
                if (change := self._change(old, new, moved=moved)) is not None:
                    found[new.urn] = change
                    if change.action == "replace":
                        self.replaced.add(new.urn)
            if len(self.replaced) == count:
                break
        yield from (found[urn] for urn in sorted(found))
        if self.former is not None:
            yield from (_deleted(self.former, resource) for resource in gone)

    def _moved(self, former: Stack) -> bool:
        return (former.account, former.region) != (self.stack.account, self.stack.region)

    def _change(self, old: Resource | None, new: Resource, *, moved: bool) -> Change | None:
        row = Change(
            action="create",
            urn=new.urn,
            type=new.type,
            program=self.stack.program,
            stack=self.stack.stack,
            loses=stateful().get(new.type, ""),
            location=new.source,
        )
        if old is None:
            return row
        row = replace(
            row,
            protected=old.protect,
            retained=old.retain_on_delete,
            former_urn=old.urn if old.urn != new.urn else None,
        )
        paths = ignored(list(changed(old.inputs, new.inputs)), new.ignore_changes)
        if moved:
            return replace(row, action="replace", properties=tuple(paths), because=("account or region of the stack",))
        because, basis = self._because(old, new, paths)
        upstream = self._upstream(new)
        if because or upstream:
            return replace(
                row,
                action="replace",
                properties=tuple(dict.fromkeys([*paths, *upstream])),
                because=tuple(because) or tuple(dict.fromkeys(upstream.values())),
                basis=basis if because else "engine",
            )
        return replace(row, action="update", properties=tuple(paths), basis=basis) if paths else None

    def _because(self, old: Resource, new: Resource, paths: Sequence[str]) -> tuple[list[str], Basis]:
        asked = [p for p in paths if any(_covers(pattern, p) for pattern in new.replace_on_changes)]
        if asked or not paths:
            return asked, "engine"
        if new.type == PROVIDER:
            return [path for path in paths if path in PROVIDER_REPLACES], "engine"
        if self.replacing is not None:
            kept = _without_ignored(old, new)
            said = self.replacing(self.stack, old, kept)
            if said is not None:
                return list(said), "provider"
        if new.type not in replacements():
            return [], "unknown"
        return [path for path in paths if forcing(new.type, path) is not None], "table"

    def _upstream(self, new: Resource) -> dict[str, str]:
        """Return properties that are computed from what is replaced and force a replacement, with whose they are."""
        if new.provider is not None and new.provider in self.replaced:
            return {"provider": new.provider}
        return {
            name: urn
            for name, urns in new.property_dependencies.items()
            for urn in urns
            if urn in self.replaced and name not in new.ignore_changes and forcing(new.type, name) == name
        }


def _matched(former: Stack | None, stack: Stack) -> tuple[list[tuple[Resource, Resource | None]], list[Resource]]:
    """Return each resource with its former self, by URN or by an alias, and what nobody claims any more."""
    left = {row.urn: row for row in former.resources if _is_managed(row)} if former is not None else {}
    pairs = []
    wanted = [row for row in stack.resources if _is_managed(row)]
    taken = {row.urn for row in wanted}
    for row in wanted:
        urn = next(
            (urn for urn in (row.urn, *row.aliases) if urn in left and (urn == row.urn or urn not in taken)), None
        )
        pairs.append((row, left.pop(urn) if urn is not None else None))
    return pairs, [left[urn] for urn in sorted(left)]


def _is_managed(resource: Resource) -> bool:
    return resource.custom and not resource.read and not resource.type.startswith("pulumi:pulumi:")


def _deleted(stack: Stack, resource: Resource) -> Change:
    return Change(
        action="delete",
        urn=resource.urn,
        type=resource.type,
        program=stack.program,
        stack=stack.stack,
        loses=stateful().get(resource.type, ""),
        protected=resource.protect,
        retained=resource.retain_on_delete,
        location=resource.source,
    )


def _without_ignored(old: Resource, new: Resource) -> Resource:
    """Return `new` with the old values of the whole properties that `ignore_changes` touches."""
    touched = {pattern.partition(".")[0].partition("[")[0] for pattern in new.ignore_changes}
    inputs = {key: value for key, value in new.inputs.items() if key not in touched}
    return replace(new, inputs={**inputs, **_of(old.inputs, touched)})


def _of(inputs: Mapping[str, object], keys: set[str]) -> dict[str, object]:
    return {key: inputs[key] for key in sorted(keys) if key in inputs}


def _covers(pattern: str, path: str) -> bool:
    return pattern in ("*", path) or path.startswith((f"{pattern}.", f"{pattern}["))
