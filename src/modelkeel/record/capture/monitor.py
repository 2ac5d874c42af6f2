"""The offline engine: it answers a program's registrations and keeps every one of them as a row of the graph."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import resource_pb2

from . import assets, invokes, sdk, urn, wire
from .fabricate import Fabricator, Scope, partition_of, provider_inputs
from .transforms import Transforms

STACK_REFERENCE = "pulumi:pulumi:StackReference"
PROVIDER_PREFIX = "pulumi:providers:"


class ProgramError(Exception):
    """The program asked for something that the engine refuses or that is not known offline."""

    def __init__(
        self, what: str, *, got: str = "", allowed: str = "", fix: str = "", location: tuple[str, int] | None = None
    ) -> None:
        self.what, self.got, self.allowed, self.fix, self.location = what, got, allowed, fix, location
        super().__init__(what)


@dataclass(frozen=True)
class Caller:
    """Who is talking to the engine: the project's source line, and the class of the resource."""

    location: tuple[str, int] | None
    cls: type | None = None


NOBODY = Caller(None)


@dataclass
class Setting:
    """What the monitor must know of the stack; the fields are those of the request (see run.py)."""

    stack: str
    project: str
    preview: bool
    scope: Scope
    config_directory: str
    disabled_providers: frozenset[str]
    stack_references: Mapping[str, Mapping[str, Any]]
    invokes: Mapping[str, Any]


@dataclass
class Recording:
    """What a program registered."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    exports: dict[str, Any] = field(default_factory=dict)
    invokes: set[str] = field(default_factory=set)
    stack_references: set[str] = field(default_factory=set)


class CaptureMonitor(sdk.MockMonitor):
    """Implements the calls of the resource monitor; the names of the methods are those of the RPCs."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(None)  # type: ignore[arg-type]
        self.recording = Recording()
        self._setting = setting
        self._scopes: dict[str, Scope] = {}
        self._states: dict[str, dict[str, Any]] = {}
        self._transforms = Transforms()

    # --- resources ---

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        """Record a managed resource and answer with its outputs."""
        call = sdk.CALLER.get() or NOBODY
        if request.type != sdk.STACK_TYPE:
            self._transforms.apply(request, self._ancestors(request.parent))
        if request.remote:
            raise ProgramError(
                f"{request.type} is a remote component, which only the Pulumi engine can construct",
                fix="write it as a Python component, or leave its program out of what is recorded",
                location=call.location,
            )
        address = self._claim(request, call)
        self._transforms.remember(address, request)
        inputs = wire.from_struct(request.object)
        if request.type.startswith(PROVIDER_PREFIX):
            inputs = provider_inputs(inputs)
            self._scopes[address] = self._scope_of(inputs)
        row = self._row(request, address, inputs, call)
        row.update(self._options(request, address))
        self.recording.rows[address] = row
        response = resource_pb2.RegisterResourceResponse(urn=address)
        response.object.CopyFrom(request.object)
        if request.custom and not self._setting.preview:
            found, extras = self._outputs(request, address, inputs, call, request.importId)
            response.id = found
            row["id"] = found
            wire.fill(response.object, extras)
            inputs = {**inputs, **extras}
        self._states[address] = {"urn": address, "id": response.id, "state": inputs}
        return response

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Record a resource that the program only looks up; a stack reference gets the other stack's exports."""
        call = sdk.CALLER.get() or NOBODY
        address = self._claim(request, call)
        inputs = wire.from_struct(request.properties)
        row = self._row(request, address, inputs, call)
        row.update({"id": request.id, "read": True})
        self.recording.rows[address] = row
        response = resource_pb2.ReadResourceResponse(urn=address, id=request.id)
        response.properties.CopyFrom(request.properties)
        if request.type == STACK_REFERENCE:
            wire.fill(response.properties, self._upstream(request.id, call))
        elif not self._setting.preview:
            _, extras = self._outputs(request, address, inputs, call, request.id)
            wire.fill(response.properties, extras)
        return response

    def ExistsResource(self, request: Any) -> Any:  # noqa: N802
        """Nothing exists offline."""
        return resource_pb2.ExistsResourceResponse(exists=False)

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        """Record a component's outputs; those of the stack are its exports."""
        outputs = wire.from_struct(request.outputs)
        row = self.recording.rows[request.urn]
        if row["type"] == sdk.STACK_TYPE:
            self.recording.exports = outputs
        else:
            row["outputs"] = wire.documents(outputs, assets.digest)
        return empty_pb2.Empty()

    # --- functions ---

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Answer a data source from the project's own answers or from the table."""
        call = sdk.CALLER.get() or NOBODY
        self._transforms.apply_to_invoke(request)
        token = request.tok
        args = wire.from_struct(request.args)
        if token == "pulumi:pulumi:getResource":  # noqa: S105 (a function's name)
            result = self._states[args["urn"]]
        else:
            self._refuse_default_provider(token, request.provider, call)
            self.recording.invokes.add(token)
            result = self._answer(token, args, request.provider, call)
        response = resource_pb2.ResourceInvokeResponse()
        wire.fill(getattr(response, "return"), result)
        return response

    def Call(self, request: Any) -> Any:  # noqa: N802
        """Refuse: methods of resources run in the provider."""
        raise ProgramError(
            f"{request.tok} is a method that only a provider can answer",
            fix="leave the call out of what is recorded, or compute the value in the program",
            location=(sdk.CALLER.get() or NOBODY).location,
        )

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802
        """Keep a transform of all resources."""
        self._transforms.add_to_stack(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Any:  # noqa: N802
        """Keep a transform of all invokes."""
        self._transforms.add_to_invokes(request)
        return empty_pb2.Empty()

    # --- how it is done ---

    def _claim(self, request: Any, call: Caller) -> str:
        setting = self._setting
        address = urn.make(setting.stack, setting.project, request.parent, request.type, request.name)
        earlier = self.recording.rows.get(address)
        if earlier is not None:
            first = earlier["source"]
            at = f", first at {first['file']}:{first['line']}" if first else ""
            raise ProgramError(
                f"two resources have the URN {address}",
                got=f"{request.type} named {request.name!r}{at}",
                allowed="one resource of a type and name under one parent",
                fix="give one of them another name",
                location=call.location,
            )
        if getattr(request, "custom", True):
            self._refuse_default_provider(request.type, request.provider, call)
        return address

    def _refuse_default_provider(self, token: str, provider: str, call: Caller) -> None:
        package = token.split(":", 1)[0]
        disabled = self._setting.disabled_providers
        if provider or package == "pulumi" or not disabled & {"*", package}:
            return
        raise ProgramError(
            f"the default provider of {package!r} is disabled",
            got=f"{token} without an explicit provider",
            allowed="a provider in its options, or inherited from its parent",
            fix="pass opts=pulumi.ResourceOptions(provider=...) (for a function: pulumi.InvokeOptions(provider=...))",
            location=call.location,
        )

    def _row(self, request: Any, address: str, inputs: Mapping[str, Any], call: Caller) -> dict[str, Any]:
        location = call.location
        try:
            shown = wire.documents(inputs, assets.digest)
        except assets.AssetError as error:
            raise ProgramError(
                f"{request.name} uses a file that is not there",
                got=str(error),
                allowed="a path relative to the program's folder, or an absolute one",
                fix="correct the path, or create the file",
                location=location,
            ) from error
        return {
            "urn": address,
            "type": request.type,
            "name": request.name,
            "id": None,
            "parent": request.parent or None,
            "custom": getattr(request, "custom", True),
            "inputs": shown,
            "outputs": {},
            "dependencies": wire.sorted_unique(request.dependencies),
            "property_dependencies": {},
            "provider": request.provider.rsplit("::", 1)[0] or None,
            "protect": False,
            "retain_on_delete": False,
            "ignore_changes": [],
            "delete_before_replace": False,
            "replace_on_changes": [],
            "aliases": [],
            "read": False,
            "source": {"file": location[0], "line": location[1]} if location else None,
        }

    def _options(self, request: Any, address: str) -> dict[str, Any]:
        parent = self.recording.rows.get(request.parent, {})
        setting = self._setting
        own = (setting.stack, setting.project, request.parent, request.type, request.name)
        dependencies = request.propertyDependencies
        return {
            "property_dependencies": {
                key: wire.sorted_unique(dependencies[key].urns)
                for key in sorted(dependencies)
                if dependencies[key].urns
            },
            "protect": request.protect,
            "retain_on_delete": (
                request.retainOnDelete if request.HasField("retainOnDelete") else parent.get("retain_on_delete", False)
            ),
            "ignore_changes": sorted(request.ignoreChanges),
            "delete_before_replace": request.deleteBeforeReplace,
            "replace_on_changes": sorted(request.replaceOnChanges),
            "aliases": urn.aliases(request.aliases, request.aliasURNs, own, parent.get("aliases", ())),
        }

    def _outputs(
        self, request: Any, address: str, inputs: Mapping[str, Any], call: Caller, given_id: str
    ) -> tuple[str, dict[str, Any]]:
        scope = self._scopes.get(request.provider.rsplit("::", 1)[0], self._setting.scope)
        maker = Fabricator(request.type, call.cls, address, request.name, scope)
        found, known, others = maker.id_and_outputs(inputs, given_id)
        hidden = set(request.additionalSecretOutputs)
        known = {key: wire.secret(value) if key in hidden else value for key, value in known.items()}
        self.recording.rows[address]["outputs"] = wire.documents(known, assets.digest)
        extras = {**others, **known}
        for key in hidden & {*extras, *inputs}:
            extras[key] = wire.secret(extras.get(key, inputs.get(key)))
        return found, extras

    def _scope_of(self, inputs: Mapping[str, Any]) -> Scope:
        default = self._setting.scope
        region = inputs.get("region")
        region = region if isinstance(region, str) and region and region != sdk.UNKNOWN else default.region
        accounts = inputs.get("allowedAccountIds")
        account = accounts[0] if isinstance(accounts, list) and len(accounts) == 1 else default.account
        tags = inputs.get("defaultTags")
        tags = tags.get("tags") if isinstance(tags, dict) else None
        tags = {key: str(value) for key, value in tags.items()} if isinstance(tags, dict) else {}
        return Scope(str(account), region, partition_of(region), tags)

    def _answer(self, token: str, args: dict[str, Any], provider: str, call: Caller) -> dict[str, Any]:
        scope = self._scopes.get(provider.rsplit("::", 1)[0], self._setting.scope)
        offline = f"{self._setting.config_directory}/offline.yaml"
        try:
            return invokes.answer(token, args, scope, self._setting.invokes)
        except invokes.UnknownInvokeError as error:
            raise ProgramError(
                f"the answer of {token} is not known offline",
                got=json.dumps(args, sort_keys=True),
                allowed="functions that the recorder knows, or that the project answers itself",
                fix=f"add to {offline}:  invokes: {{{token!r}: {{<result property>: <value>}}}}",
                location=call.location,
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise ProgramError(
                f"{token} got arguments that make no sense",
                got=f"{type(error).__name__}: {error}",
                fix="correct the arguments",
                location=call.location,
            ) from error

    def _upstream(self, name: str, call: Caller) -> dict[str, Any]:
        known = self._setting.stack_references
        if name not in known:
            raise ProgramError(
                f"the program reads the stack {name}, which is not recorded before it",
                got=name,
                allowed=", ".join(sorted(known)) or "no stack: this program has no upstream",
                fix="name its program under `upstream` in stacks/programs.toml, or correct the reference",
                location=call.location,
            )
        self.recording.stack_references.add(name)
        outputs = known[name]
        secret_names = sorted(key for key, value in outputs.items() if wire.has_secret(value))
        return {"name": name, "outputs": wire.upstream_outputs(outputs), "secretOutputNames": secret_names}

    def _ancestors(self, parent: str) -> Iterator[str]:
        while parent in self.recording.rows:
            yield parent
            parent = self.recording.rows[parent]["parent"] or ""
