"""The graph document: every resource that the programs of a project register, as plain JSON.

It is the only thing that policies, cost, quotas, diagram and report read. Values inside `inputs`,
`outputs` and `exports` are JSON; what JSON cannot say is written as a marker object: `{"$unknown": true}`,
`{"$secret": true}`, `{"$asset": "sha256:..."}`. A real key that begins with `$` is doubled (`$$x`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from modelkeel import json_text
from modelkeel.errors import ModelkeelError, usage_error

SCHEMA_VERSION = 1

Fidelity = Literal["simulate", "preview"]
Json = Any

UNKNOWN: Mapping[str, Json] = {"$unknown": True}
SECRET: Mapping[str, Json] = {"$secret": True}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a resource is written: a path relative to the project, a line counted from one."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One registered resource; `parent` and `dependencies` are URNs, `read` marks what is only looked up."""

    urn: str
    type: str
    name: str
    id: str | None = None
    parent: str | None = None
    custom: bool = True
    inputs: Mapping[str, Json] = field(default_factory=dict)
    outputs: Mapping[str, Json] = field(default_factory=dict)
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: str | None = None
    protect: bool = False
    retain_on_delete: bool = False
    ignore_changes: tuple[str, ...] = ()
    delete_before_replace: bool = False
    replace_on_changes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    read: bool = False
    source: Source | None = None

    @property
    def is_aws(self) -> bool:
        """Whether AWS bills or governs it: a managed resource of the AWS provider."""
        return self.custom and not self.read and self.type.startswith("aws:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One recorded stack: a program run for one account, region and environment."""

    program: str
    stack: str
    account: str
    region: str
    resources: tuple[Resource, ...] = ()
    exports: Mapping[str, Json] = field(default_factory=dict)
    invokes: tuple[str, ...] = ()
    stack_references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """All stacks of one environment, or of all, sorted by program order and URN."""

    project: str
    environment: str
    fidelity: Fidelity
    stacks: tuple[Stack, ...]
    tool_version: str

    def resources(self) -> Iterator[tuple[Stack, Resource]]:
        """Yield each resource with its stack, in document order."""
        for stack in self.stacks:
            for resource in stack.resources:
                yield stack, resource


def is_marker(value: Json, key: str) -> bool:
    """Return whether `value` is the marker object `{key: ...}`, for example `$unknown`."""
    return isinstance(value, Mapping) and key in value and len(value) == 1


def to_document(graph: Graph) -> dict[str, Json]:
    """Return the graph as the JSON document of schema version 1, its digest included."""
    document: dict[str, Json] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": graph.tool_version,
        "project": graph.project,
        "environment": graph.environment,
        "fidelity": graph.fidelity,
        "stacks": [_stack_document(stack) for stack in graph.stacks],
    }
    document["digest"] = _digest(document)
    return document


def dumps(graph: Graph) -> str:
    """Return the document as text: sorted keys, two spaces, one newline at the end."""
    return json_text.dumps(to_document(graph))


def load(path: Path) -> tuple[Graph, list[str]]:
    """Read a graph file; return the graph and warnings for the reader.

    Raises:
        ModelkeelError: the file is missing, is no JSON, has another schema version, lacks a key,
            or its digest is wrong (exit code 2).
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise usage_error(
            "the graph file cannot be read", got=f"{path}: {error}", fix="modelkeel preview --output json=FILE"
        ) from error
    try:
        document = json.loads(text)
    except ValueError as error:
        raise usage_error(
            "the graph file is not whole JSON",
            got=f"{path}: {error}",
            allowed="a file written by modelkeel preview --output json=FILE",
            fix="write the file again; it may have been cut short",
        ) from error
    return from_document(document, str(path))


def from_document(document: Json, name: str = "graph") -> tuple[Graph, list[str]]:
    """Return the graph of a parsed document, and warnings; `name` is how errors call it.

    Raises:
        ModelkeelError: as `load`.
    """
    if not isinstance(document, dict):
        raise _shape_error(name, f"the document is a {type(document).__name__}")
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        raise usage_error(
            f"{name} has another schema version",
            got=f"schema_version {version!r}",
            allowed=str(SCHEMA_VERSION),
            fix="write the graph again with this version of modelkeel",
        )
    warnings = _check_digest(document, name)
    try:
        graph = Graph(
            project=document["project"],
            environment=document["environment"],
            fidelity=document["fidelity"],
            tool_version=document["tool_version"],
            stacks=tuple(_stack(row) for row in document["stacks"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _shape_error(name, f"{type(error).__name__}: {error}") from error
    return graph, warnings


def _check_digest(document: dict[str, Json], name: str) -> list[str]:
    digest = document.get("digest")
    if digest is None:
        return [f"{name} carries no digest: it was edited or written by another tool"]
    content = {key: value for key, value in document.items() if key != "digest"}
    # A file of ours has its keys in order already: sorting them again waits until the digest differs.
    if digest != _digest(content, in_order=True) and digest != (found := _digest(content)):
        raise usage_error(
            f"{name} does not match its digest",
            got=f"{digest}, content is {found}",
            allowed="an unchanged file, or an edited one with the digest line removed",
            fix="write the graph again, or remove the digest line to use the edited file",
        )
    return []


def _shape_error(name: str, got: str) -> ModelkeelError:
    return usage_error(
        f"{name} is not a graph document",
        got=got,
        allowed="the document that `modelkeel schema graph` describes",
        fix="modelkeel preview --output json=FILE",
    )


def _digest(document: Mapping[str, Json], *, in_order: bool = False) -> str:
    canonical = json.dumps(document, sort_keys=not in_order, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _stack_document(stack: Stack) -> dict[str, Json]:
    return {
        "program": stack.program,
        "stack": stack.stack,
        "account": stack.account,
        "region": stack.region,
        "resources": [_resource_document(resource) for resource in stack.resources],
        "exports": dict(stack.exports),
        "invokes": list(stack.invokes),
        "stack_references": list(stack.stack_references),
    }


def _resource_document(resource: Resource) -> dict[str, Json]:
    source = resource.source
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "id": resource.id,
        "parent": resource.parent,
        "custom": resource.custom,
        "inputs": dict(resource.inputs),
        "outputs": dict(resource.outputs),
        "dependencies": list(resource.dependencies),
        "property_dependencies": {key: list(urns) for key, urns in resource.property_dependencies.items()},
        "provider": resource.provider,
        "protect": resource.protect,
        "retain_on_delete": resource.retain_on_delete,
        "ignore_changes": list(resource.ignore_changes),
        "delete_before_replace": resource.delete_before_replace,
        "replace_on_changes": list(resource.replace_on_changes),
        "aliases": list(resource.aliases),
        "read": resource.read,
        "source": None if source is None else {"file": source.file, "line": source.line},
    }


def _stack(row: Mapping[str, Json]) -> Stack:
    return Stack(
        program=row["program"],
        stack=row["stack"],
        account=row["account"],
        region=row["region"],
        resources=tuple(_resource(item) for item in row["resources"]),
        exports=dict(row["exports"]),
        invokes=tuple(row["invokes"]),
        stack_references=tuple(row["stack_references"]),
    )


def _resource(row: Mapping[str, Json]) -> Resource:
    source = row["source"]
    return Resource(
        urn=row["urn"],
        type=row["type"],
        name=row["name"],
        id=row["id"],
        parent=row["parent"],
        custom=row["custom"],
        inputs=dict(row["inputs"]),
        outputs=dict(row["outputs"]),
        dependencies=tuple(row["dependencies"]),
        property_dependencies={key: tuple(urns) for key, urns in row["property_dependencies"].items()},
        provider=row["provider"],
        protect=row["protect"],
        retain_on_delete=row["retain_on_delete"],
        ignore_changes=tuple(row["ignore_changes"]),
        delete_before_replace=row["delete_before_replace"],
        replace_on_changes=tuple(row["replace_on_changes"]),
        aliases=tuple(row["aliases"]),
        read=row["read"],
        source=None if source is None else Source(source["file"], source["line"]),
    )
