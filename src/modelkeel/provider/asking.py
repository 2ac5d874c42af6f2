"""A graph put to the provider: each resource converted, validated, planned, and the answers sorted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

from modelkeel.errors import environment_error
from modelkeel.graph import Graph, Resource, Stack
from modelkeel.provider import msgpack, names, protocol, values
from modelkeel.provider.discovery import Binary
from modelkeel.provider.process import Provider
from modelkeel.provider.schema import Schemas
from modelkeel.provider.validation import REASONS, NotVerifiable, Place, Reason, Stage, Validation, Verdict
from modelkeel.tables import newer_value

# What planning sends when it wants AWS's answer: `_nowhere` refuses it (see modelkeel.provider.process).
_OPERATION = re.compile(r"operation error (?P<service>[^:]+): (?P<operation>\w+)")
_MISSING = re.compile(r"required|must be (specified|set|configured)|one of|missing|at least", re.IGNORECASE)
_NOT_ONE_OF = re.compile(r"one of:? \[(?P<known>[^\]]*)\], got:? \"?(?P<value>[^\"\s]*)\"?")
_PROVIDER_TYPE = "pulumi:providers:aws"
TERRAFORM_VERSION = "1.5.0"
"""What we say we are; builds behave the same for every version that knows their protocol."""


def validate(graph: Graph, build: Binary) -> Validation:
    """Return what this build of the AWS provider says of every resource of `graph`.

    One provider process runs for each region, one after the other; a region costs about 1.5 seconds to begin with.

    Raises:
        ModelkeelError: the build does not run (exit code 3).
    """
    with Judge(build) as judge:
        return judge.validate(graph)


class Judge:
    """One build of the provider for many graphs, in a `with` statement: its process stays until a region changes."""

    def __init__(self, build: Binary) -> None:
        """Start nothing yet."""
        self._build = build
        self._region = ""
        self._provider: Provider | None = None
        self._schemas: Schemas | None = None
        self._heard: _Heard = {}

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def validate(self, graph: Graph) -> Validation:
        """Return what the provider says of `graph`; see `validate` above."""
        found = _Answers(self._build)
        by_region: dict[str, list[tuple[Stack, Resource]]] = {}
        managed = [(stack, row) for stack, row in graph.resources() if row.custom and not row.read]
        for stack, resource in managed:
            if resource.is_aws or resource.type == _PROVIDER_TYPE:
                by_region.setdefault(region_of(stack, resource), []).append((stack, resource))
            elif not resource.type.startswith("pulumi:"):
                found.skip(_place(stack, resource), "other-package", resource.type.partition(":")[0])
        # The region that runs already comes first.
        for region in sorted(by_region, key=lambda name: (name != self._region, name)):
            provider, schemas = self.session(region)
            for stack, resource in by_region[region]:
                _Resource(provider, schemas, self._heard, found, resource, _place(stack, resource)).judge()
        resources = {row.urn for _, row in managed if not row.type.startswith("pulumi:")}
        doubtful = {row.place.urn for row in found.errors} | {row.place.urn for row in found.skipped}
        return Validation(
            project=graph.project,
            environment=graph.environment,
            tool_version=graph.tool_version,
            provider_version=self._build.version_text,
            resources=len(resources),
            verified=len(resources - doubtful),
            errors=tuple(sorted(found.errors, key=_order)),
            warnings=tuple(sorted(found.warnings, key=_order)),
            not_verifiable=tuple(sorted(found.skipped, key=_order)),
        )

    def session(self, region: str) -> tuple[Provider, Schemas]:
        """Return the process for `region` and its schemas; another region's process ends."""
        if self._provider is None or self._schemas is None or region != self._region:
            self._stop()
            self._provider = Provider(self._build)
            self._schemas = Schemas(self._provider.call("GetSchema"))
            _configure(self._provider, self._schemas, region)
            self._region = region
        return self._provider, self._schemas

    def _stop(self) -> None:
        if self._provider is not None:
            self._provider.stop()
        self._provider, self._schemas, self._region = None, None, ""
        self._heard.clear()  # What a process says holds its own dead address.


_Heard = dict[tuple[str, str, bytes], Any]
"""Diagnostics by method, type and packed configuration."""


@dataclass
class _Answers:
    """What has been found so far, each thing said once."""

    build: Binary
    errors: list[Verdict] = field(default_factory=list)
    warnings: list[Verdict] = field(default_factory=list)
    skipped: list[NotVerifiable] = field(default_factory=list)

    def skip(self, place: Place, reason: Reason, detail: str = "") -> None:
        message = f"{REASONS[reason]}: {detail}" if detail else REASONS[reason]
        row = NotVerifiable(place=place, reason=reason, message=message)
        if row not in self.skipped:
            self.skipped.append(row)


def _configure(provider: Provider, schemas: Schemas, region: str) -> None:
    """Give the provider a region and no account: it neither looks for credentials nor checks them."""
    settings = {
        "region": region,
        "accessKey": "offline",
        "secretKey": "offline",
        "maxRetries": 1,
        "skipCredentialsValidation": True,
        "skipMetadataApiCheck": "true",
        "skipRegionValidation": True,
        "skipRequestingAccountId": True,
    }
    config = values.convert("provider", schemas.provider, settings, "aws").value
    answer = provider.call("Configure", terraform_version=TERRAFORM_VERSION, config=packed(config))
    problems = [row.summary for row in answer.diagnostics if row.severity == protocol.ERROR]
    if problems:
        raise environment_error("the AWS provider takes no offline configuration", got="; ".join(problems))


class _Resource:
    """One resource on its way through the provider."""

    def __init__(
        self,
        provider: Provider,
        schemas: Schemas,
        heard: _Heard,
        found: _Answers,
        resource: Resource,
        place: Place,
    ) -> None:
        self._provider, self._schemas, self._heard, self._found = provider, schemas, heard, found
        self._resource, self._place = resource, place

    def judge(self) -> None:
        """Ask about this resource and note the answers."""
        if self._resource.type == _PROVIDER_TYPE:
            config = self._convert("provider", self._schemas.provider)
            self._note(self._asked("PrepareProviderConfig", "", packed(_alike(config.value))), config, "validate")
            return
        type_name = names.provider_type(self._resource.type, self._schemas)
        if type_name is None:
            self._found.skip(self._place, "unknown-type", self._resource.type)
            return
        config = self._convert(type_name, self._schemas[type_name])
        message = packed(config.value)
        if self._note(self._asked("ValidateResourceTypeConfig", type_name, message), config, "validate"):
            return  # Planning what is wrong says the same again.
        if not config.wrong:
            self._note(self._asked("PlanResourceChange", type_name, message), config, "plan")

    def _asked(self, method: str, type_name: str, message: Any) -> Any:
        """Return the diagnostics of one call; what was asked in the same words before is not asked again."""
        key = (method, type_name, message.msgpack)
        if key not in self._heard:
            fields: dict[str, Any] = {"type_name": type_name} if type_name else {}
            if method == "PlanResourceChange":
                fields |= {"prior_state": packed(None), "proposed_new_state": message}
            self._heard[key] = self._provider.call(method, **fields, config=message).diagnostics
        return self._heard[key]

    def _convert(self, type_name: str, block: Any) -> values.Config:
        config = values.convert(type_name, block, self._resource.inputs, self._resource.name)
        for remark in config.wrong:
            place = replace(self._place, path=remark.path)
            self._found.errors.append(Verdict(place=place, stage="convert", message=remark.message))
        for remark in config.newer:
            self._found.skip(replace(self._place, path=remark.path), "newer-argument", remark.path)
        for path in config.secret:
            self._found.skip(replace(self._place, path=path), "secret")
        for path in config.unknown:
            self._found.skip(replace(self._place, path=path), "unknown")
        return config

    def _note(self, diagnostics: Any, config: values.Config, stage: Stage) -> bool:
        """Sort diagnostics; return whether one of them stops Terraform."""
        failed = False
        for row in diagnostics:
            steps = [step_of(step) for step in row.attribute.steps]
            message = _sentence(row.summary, row.detail)
            place = replace(self._place, path=config.property_path(steps))
            if row.severity != protocol.ERROR:
                verdict = Verdict(place=place, stage=stage, message=message)
                if verdict not in self._found.warnings:
                    self._found.warnings.append(verdict)
                continue
            failed = True
            reason = self._excuse(steps, config, message)
            if reason is None:
                self._found.errors.append(Verdict(place=place, stage=stage, message=message))
            else:
                self._found.skip(place, reason, _operation(message) if reason == "needs-aws" else message)
        return failed

    def _excuse(self, steps: list[values.Step], config: values.Config, message: str) -> Reason | None:
        """Return why an error of the provider proves nothing; None when it does."""
        if self._provider.dead_address in message:
            return "needs-aws"
        listed = _NOT_ONE_OF.search(message)
        if listed and newer_value.is_newer(listed["value"], re.findall(r'"([^"]*)"', listed["known"])):
            return "newer-value"
        enclosing = config.property_path(steps)
        if _MISSING.search(message) and any(remark.path.startswith(enclosing) for remark in config.newer):
            return "follows-newer-argument"  # It may miss what was left out because it does not know it.
        return None


def _alike(config: Any) -> Any:
    """Return a provider's configuration without the values of its default tags.

    Stacks differ in those alone, the provider takes any text for them, and this call is the longest of all: each
    time it goes through the whole schema, some 0.2 seconds.
    """
    blocks = [{**block, "tags": dict.fromkeys(block["tags"] or (), "")} for block in config["default_tags"] or ()]
    return {**config, "default_tags": blocks}


def region_of(stack: Stack, resource: Resource) -> str:
    """Return where the resource goes: its own region, its provider's, the stack's."""
    own: Any = resource.inputs.get("region")
    if isinstance(own, str):
        return own
    wanted = resource.provider
    by_urn: Mapping[str, Resource] = {row.urn: row for row in stack.resources if row.type == _PROVIDER_TYPE}
    if wanted is not None:
        found = by_urn.get(wanted) or by_urn.get(wanted.rpartition("::")[0])
        region = found.inputs.get("region") if found is not None else None
        if isinstance(region, str):
            return region
    return stack.region


def _place(stack: Stack, resource: Resource) -> Place:
    return Place(
        urn=resource.urn,
        type=resource.type,
        program=stack.program,
        stack=stack.stack,
        path="",
        location=resource.source,
    )


def packed(value: Any) -> Any:
    """Return `value` as the protocol sends it."""
    return protocol.message("Value", msgpack=msgpack.packb(value))


def step_of(step: Any) -> values.Step:
    """Return one step of a path: a name, a key or an index."""
    kind = step.WhichOneof("selector")
    found: values.Step = getattr(step, kind) if kind else ""
    return found


def _operation(message: str) -> str:
    """Return which operation was asked for: the rest of the message differs from run to run."""
    found = _OPERATION.search(message)
    return f"{found['service']} {found['operation']}" if found else "a request to AWS"


def _sentence(summary: str, detail: str) -> str:
    """Return summary and detail as one line; a detail that only repeats the summary is left out."""
    words = [" ".join(text.split()) for text in (summary, detail)]
    return words[0] if not words[1] or words[1] in words[0] else ": ".join(word for word in words if word)


def _order(row: Verdict | NotVerifiable) -> tuple[Any, ...]:
    return row.place.program, row.place.stack, row.place.urn, row.place.path, row.message
