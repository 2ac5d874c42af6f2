"""A graph in the words of the analyzer protocol: what the engine would send of the same resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.runtime.proto import analyzer_pb2
from pulumi.runtime.rpc import UNKNOWN

from modelkeel.graph import Resource, Stack

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (how Pulumi marks a secret, none itself)
ASSET = "c44067f5952c0a294b673a41bacd8c17"
HIDDEN = "[secret]"


def sent(value: Any) -> Any:
    """Return a property as the engine sends it: unknown values, secrets and assets have their own spelling."""
    if isinstance(value, Mapping):
        if set(value) == {"$unknown"}:
            return UNKNOWN
        if set(value) == {"$secret"}:
            return {SIGNATURE: SECRET, "value": HIDDEN}
        if set(value) == {"$asset"}:
            return {SIGNATURE: ASSET, "hash": str(value["$asset"]).removeprefix("sha256:"), "text": ""}
        return {key[1:] if key.startswith("$$") else key: sent(item) for key, item in value.items()}
    return [sent(item) for item in value] if isinstance(value, list | tuple) else value


def of_resource(resource: Resource, by_urn: Mapping[str, Resource]) -> Any:
    """Return the question about one resource."""
    request = analyzer_pb2.AnalyzeRequest(
        type=resource.type,
        urn=resource.urn,
        name=resource.name,
        provider=_provider(resource, by_urn),
        options=_options(resource),
    )
    request.properties.update(sent(dict(resource.inputs)))
    return request


def of_stack(stack: Stack) -> Any:
    """Return the question about all resources of a stack."""
    by_urn = {resource.urn: resource for resource in stack.resources}
    return analyzer_pb2.AnalyzeStackRequest(resources=[_row(each, by_urn) for each in stack.resources])


def _row(resource: Resource, by_urn: Mapping[str, Resource]) -> Any:
    row = analyzer_pb2.AnalyzerResource(
        type=resource.type,
        urn=resource.urn,
        name=resource.name,
        provider=_provider(resource, by_urn),
        options=_options(resource),
        parent=resource.parent or "",
        dependencies=list(resource.dependencies),
    )
    row.properties.update(sent(dict(resource.inputs)))
    for key, urns in resource.property_dependencies.items():
        row.propertyDependencies[key].urns.extend(urns)
    return row


def _options(resource: Resource) -> Any:
    return analyzer_pb2.AnalyzerResourceOptions(protect=resource.protect)


def _provider(resource: Resource, by_urn: Mapping[str, Resource]) -> Any:
    named = resource.provider or ""
    provider = by_urn.get(named) or by_urn.get(named.rsplit("::", 1)[0])
    if provider is None:
        return None
    row = analyzer_pb2.AnalyzerProviderResource(type=provider.type, urn=provider.urn, name=provider.name)
    row.properties.update(sent(dict(provider.inputs)))
    return row
