"""Resource and invoke transforms: a program's own functions that change registrations on their way to the engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pulumi.runtime.proto import callback_pb2, resource_pb2

from . import sdk


class Transforms:
    """Applies transforms in the engine's order: the resource's own, its parents' outward, then the stack's."""

    def __init__(self) -> None:
        self._stack: list[str] = []
        self._invoke: list[str] = []
        self._own: dict[str, list[str]] = {}

    def add_to_stack(self, callback: callback_pb2.Callback) -> None:
        """Register a transform of every resource to come."""
        self._stack.append(callback.token)

    def add_to_invokes(self, callback: callback_pb2.Callback) -> None:
        """Register a transform of every invoke to come."""
        self._invoke.append(callback.token)

    def remember(self, urn: str, request: Any) -> None:
        """Keep the transforms that the options of `urn` carry: its children go through them too."""
        self._own[urn] = [callback.token for callback in request.transforms]

    def apply(self, request: Any, ancestors: Iterable[str]) -> None:
        """Change the registration request in place."""
        tokens = [callback.token for callback in request.transforms]
        for urn in ancestors:
            tokens += self._own.get(urn, [])
        for token in [*tokens, *self._stack]:
            _apply_one(token, request)

    def apply_to_invoke(self, request: Any) -> None:
        """Change the invoke request in place."""
        for token in self._invoke:
            options = resource_pb2.TransformInvokeOptions(
                provider=request.provider, version=request.version, plugin_download_url=request.pluginDownloadURL
            )
            message = resource_pb2.TransformInvokeRequest(token=request.tok, args=request.args, options=options)
            response = sdk.local_callbacks().call(token, message.SerializeToString())
            request.args.CopyFrom(response.args)
            if response.HasField("options"):
                request.provider = response.options.provider


# Option of the transform message -> field of the registration request.
LISTS = {
    "depends_on": "dependencies",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "additional_secret_outputs": "additionalSecretOutputs",
    "aliases": "aliases",
}
TEXTS = {
    "provider": "provider",
    "version": "version",
    "plugin_download_url": "pluginDownloadURL",
    "deleted_with": "deletedWith",
}


def _apply_one(token: str, request: Any) -> None:
    message = resource_pb2.TransformRequest(
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        properties=request.object,
        options=_options(request),
    )
    response = sdk.local_callbacks().call(token, message.SerializeToString())
    request.object.CopyFrom(response.properties)
    if response.HasField("options"):
        _copy_back(response.options, request)


def _options(request: Any) -> Any:
    options = resource_pb2.TransformResourceOptions(providers=dict(request.providers))
    for option, item in LISTS.items():
        getattr(options, option).extend(getattr(request, item))
    for option, item in TEXTS.items():
        setattr(options, option, getattr(request, item))
    options.custom_timeouts.CopyFrom(request.customTimeouts)
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    return options


def _copy_back(options: Any, request: Any) -> None:
    for option, item in LISTS.items():
        target = getattr(request, item)
        del target[:]
        target.extend(getattr(options, option))
    for option, item in TEXTS.items():
        setattr(request, item, getattr(options, option))
    request.customTimeouts.CopyFrom(options.custom_timeouts)
    request.providers.clear()
    request.providers.update(options.providers)
    if options.HasField("protect"):
        request.protect = options.protect
    if options.HasField("retain_on_delete"):
        request.retainOnDelete = options.retain_on_delete
    if options.HasField("delete_before_replace"):
        request.deleteBeforeReplace = options.delete_before_replace
        request.deleteBeforeReplaceDefined = True
