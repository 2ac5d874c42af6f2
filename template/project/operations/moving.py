"""A resource moved from one program's state into another's, with nothing on AWS touched.

`pulumi state move` refuses it here: it would copy the provider, and each program's provider has its own tags
(`provider ... already exists in destination stack`, pkg/cmd/pulumi/state/state_move.go, read 2026-11-25). So the rows
are moved, and take the provider that the other program already has.
"""

from __future__ import annotations

import json
from typing import Any

from operations.environment import Environment
from operations.problem import USAGE, OperationError
from operations.pulumi import Pulumi

Row = dict[str, Any]
STACK, PROVIDER = "pulumi:pulumi:Stack", "pulumi:providers:"
SECRET = "4dabf18193072939515e22adb298388d"
"""What marks an encrypted value in a state (sdk/go/common/resource/sig, read 2026-11-25)."""


def move(environment: Environment, source: str, dest: str, urn: str, *, pulumi: Pulumi | None = None) -> list[str]:
    """Move the resource and what is below it; return the new URNs. Run again after a failure, it does what is left.

    Raises:
        OperationError: it is not there, it cannot be moved, or the other program has no provider for it.
    """
    pulumi = pulumi or Pulumi(environment)
    pulumi.login()
    there, here = pulumi.state(source), pulumi.state(dest)
    rows = _family(there["deployment"].get("resources") or [], urn)
    if not rows:
        fix = f"pulumi -C config/{source} stack --show-urns --stack {environment.stack(source)} lists what is there"
        raise OperationError(f"{source} has no such resource", urn, fix, USAGE)
    secret = [row["urn"] for row in rows if SECRET in json.dumps(row)]
    if secret:
        raise OperationError(
            "a secret is encrypted for its own stack", secret[0], "import it instead: docs/import-existing.md", USAGE
        )
    known = {row["urn"]: row for row in here["deployment"].get("resources") or []}
    moved = [_moved(row, rows, known, dest, environment) for row in rows]
    arriving = [row for row in moved if row["urn"] not in known]
    # There first: cut between the two, the resource is in both states, and the next run takes it out of the old one.
    if arriving:
        here["deployment"]["resources"] = [*known.values(), *arriving]
        pulumi.replace_state(dest, here)
    gone = {row["urn"] for row in rows}
    left = [row for row in there["deployment"]["resources"] if row["urn"] not in gone]
    there["deployment"]["resources"] = [_without(row, gone) for row in left]
    pulumi.replace_state(source, there)
    return [row["urn"] for row in moved]


def _family(resources: list[Row], urn: str) -> list[Row]:
    """Return the resource and all below it, parents first, as a state is ordered."""
    family: list[Row] = []
    for row in resources:
        if row["urn"] == urn or row.get("parent") in {each["urn"] for each in family}:
            family.append(row)
    return family


def _moved(row: Row, family: list[Row], known: dict[str, Row], dest: str, here: Environment) -> Row:
    names = {each["urn"]: _renamed(each["urn"], here.project, dest, here.stack(dest)) for each in family}
    new = _without(row, set(), keep=set(names)) | {"urn": names[row["urn"]]}
    roots = [urn for urn, each in known.items() if each["type"] == STACK]
    if not roots:
        raise OperationError(f"{dest} was never deployed", dest, f"make up ENV={here.name} PROGRAMS={dest}", USAGE)
    new["parent"] = names.get(row.get("parent", ""), roots[0])
    if row.get("provider"):
        kind = row["provider"].split("::")[2:4]
        found = [f"{urn}::{each['id']}" for urn, each in known.items() if urn.split("::")[2:4] == kind]
        if not found:
            fix = f"deploy {dest} with one first"
            raise OperationError(f"{dest} has no such provider", "::".join(kind), fix, USAGE)
        new["provider"] = found[0]
    text = json.dumps(new)
    for old, renamed in names.items():
        text = text.replace(json.dumps(old), json.dumps(renamed))
    return dict(json.loads(text))


def _without(row: Row, gone: set[str], *, keep: set[str] | None = None) -> Row:
    """Return the row without dependencies on what is in the other state."""

    def stays(urn: str) -> bool:
        return urn not in gone if keep is None else urn in keep

    new = dict(row)
    if row.get("dependencies"):
        new["dependencies"] = [urn for urn in row["dependencies"] if stays(urn)]
    if row.get("propertyDependencies"):
        pairs = row["propertyDependencies"].items()
        new["propertyDependencies"] = {name: [urn for urn in urns or [] if stays(urn)] for name, urns in pairs}
    return new


def _renamed(urn: str, project: str, dest: str, stack: str) -> str:
    return f"urn:pulumi:{stack}::{project}-{dest}::{urn.split('::', 2)[2]}"
