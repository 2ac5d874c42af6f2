"""Small graphs, written in the terms of the programs: a resource is a type, a name and its properties."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from modelkeel.graph import Graph, Resource, Source, Stack

PROJECT = "shop"
ACCOUNT = "111111111111"
OTHER_ACCOUNT = "999999999999"
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0f4c"
TOPIC_ARN = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts"
UNKNOWN = {"$unknown": True}
TAGS = {
    "project": PROJECT,
    "env": "prod",
    "owner": "team@example.com",
    "cost-center": "42",
    "data-classification": "confidential",
    "ai-risk": "minimal",
    "compliance": "pci_dss_4+gdpr",
}
ACCOUNT_STACK = {"program": "account", "env": ACCOUNT}


@dataclass(frozen=True)
class Twin:
    """The smallest graph that a control accepts, and the same graph with one thing wrong."""

    passing: tuple[Resource, ...]
    violating: tuple[Resource, ...]


def twin(passing: Iterable[Resource], violating: Iterable[Resource]) -> Twin:
    return Twin(tuple(passing), tuple(violating))


def resource(
    kind: str,
    name: str,
    /,
    *,
    program: str = "data",
    env: str = "prod",
    refs: Mapping[str, Resource] | None = None,
    protect: bool = False,
    **props: Any,
) -> Resource:
    """Return a resource of `kind` (`s3/bucket:Bucket`); `refs` are properties that name another resource."""
    full = kind if ":" in kind and kind.startswith("pulumi") else f"aws:{kind}"
    urn = f"urn:pulumi:{env}::{PROJECT}-{program}::{full}::{name}"
    given = {**props, **{key: target.id for key, target in (refs or {}).items()}}
    is_provider = full.startswith("pulumi:providers")
    return Resource(
        urn=urn,
        type=full,
        name=name,
        id=f"{name}-id",
        inputs=given,
        property_dependencies={key: (target.urn,) for key, target in (refs or {}).items()},
        provider=None if is_provider else provider_urn(program, env),
        protect=protect,
        source=Source(f"stacks/{program}/__main__.py", 7),
    )


def provider_urn(program: str, env: str) -> str:
    return f"urn:pulumi:{env}::{PROJECT}-{program}::pulumi:providers:aws::aws"


def provider(program: str, env: str, tags: Mapping[str, str] = TAGS, region: str = "eu-west-1") -> Resource:
    return resource(
        "pulumi:providers:aws",
        "aws",
        program=program,
        env=env,
        region=region,
        allowedAccountIds=json.dumps([ACCOUNT]),
        defaultTags=json.dumps({"tags": dict(tags)}),
    )


def graph(
    resources: Iterable[Resource], *, tags: Mapping[str, str] = TAGS, fidelity: Any = "simulate", env: str = "prod"
) -> Graph:
    """Return the graph of `resources`, each stack with its provider unless it brings one."""
    stacks: dict[tuple[str, str], list[Resource]] = {}
    for item in resources:
        stack, project = item.urn.removeprefix("urn:pulumi:").split("::")[:2]
        stacks.setdefault((project.rsplit("-", 1)[-1], stack), []).append(item)
    return Graph(
        project=PROJECT,
        environment=env,
        fidelity=fidelity,
        tool_version="0",
        stacks=tuple(
            Stack(
                program=program,
                stack=stack,
                account=ACCOUNT,
                region="eu-west-1",
                resources=tuple(items)
                if any(item.type == "pulumi:providers:aws" for item in items)
                else (provider(program, stack, tags), *items),
            )
            for (program, stack), items in sorted(stacks.items())
        ),
    )


def statement(effect: str, actions: str | list[str], resources: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": actions, "Resource": resources, **more}


def policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def without(parts: Mapping[str, Resource], *names: str) -> list[Resource]:
    """Return all parts but those of `names`."""
    return [part for name, part in parts.items() if name not in names]


def changed(parts: Mapping[str, Resource], name: str, /, **props: Any) -> list[Resource]:
    """Return all parts, the part `name` with other properties; None takes a property away."""
    old = parts[name]
    inputs = {key: value for key, value in {**old.inputs, **props}.items() if value is not None}
    new = Resource(
        urn=old.urn,
        type=old.type,
        name=old.name,
        id=old.id,
        inputs=inputs,
        property_dependencies=old.property_dependencies,
        provider=old.provider,
        protect=old.protect,
        source=old.source,
    )
    return [new if part is old else part for part in parts.values()]
