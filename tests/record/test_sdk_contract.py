"""The private names of the Pulumi SDK that the recorder rests on still are what they were.

Each fails by itself when an SDK release changes one, before programs fail in ways that nobody understands.
"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pulumi
import pulumi.resource
import pulumi_aws as aws
import pytest
from pulumi import _types
from pulumi.runtime import _callbacks, mocks, resource, rpc, settings, stack
from pulumi.runtime.proto import resource_pb2

from modelkeel.record.capture import sdk

CAPTURE = Path(sdk.__file__).parent


def test_private_names_stand_in_one_module_only() -> None:
    """So that a release of the SDK is met in one place."""
    for path in CAPTURE.glob("*.py"):
        if path.name == "sdk.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = [
            name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pulumi")
            for name in [node.module or "", *(alias.name for alias in node.names)]
        ]
        assert all(not part.startswith("_") for name in imported for part in name.split(".")), path.name
        assert {name for name in imported if name.startswith("pulumi.")} <= {"pulumi.runtime.proto"}, path.name


def test_the_runner_imports_nothing_of_modelkeel() -> None:
    """It runs in the project's interpreter, where modelkeel may not be installed."""
    for path in CAPTURE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            assert not any(name.split(".")[0] == "modelkeel" for name in names), path.name


def test_signatures_on_the_wire() -> None:
    assert "4dabf18193072939515e22adb298388d" == sdk.SIGNATURE_KEY
    assert "1b47061264138c4ac30d75fd1eb44270" == sdk.SECRET_SIGNATURE
    assert "c44067f5952c0a294b673a41bacd8c17" == sdk.ASSET_SIGNATURE
    assert "0def7320c3a5731c473e5ecbe6d01bc7" == sdk.ARCHIVE_SIGNATURE
    assert "5cf8f73096256a8f31e491e813e4eb8e" == sdk.RESOURCE_SIGNATURE
    assert "d0e6a833031e9bbcd3f4e8bde6ca49a4" == sdk.OUTPUT_SIGNATURE
    assert "04da6b54-80e4-46f7-96ec-b56ff0331ba9" == rpc.UNKNOWN == sdk.UNKNOWN


def test_every_field_of_the_settings_is_set_by_a_run() -> None:
    """A field that is left out keeps its value of an earlier run in this process."""
    fields = {name for name in vars(settings.Settings) if not name.startswith("_")}
    source = inspect.getsource(sdk._configure)

    assert [] == [name for name in sorted(fields - {"rpc_manager"}) if f"{name}=" not in source]
    assert hasattr(mocks.MockSettings(), "rpc_manager")


@pytest.mark.parametrize(
    ("owner", "name", "first"),
    [
        (pulumi.resource, "register_resource", "res"),
        (pulumi.resource, "read_resource", "res"),
        (pulumi.runtime, "invoke", "tok"),
        (pulumi.runtime, "invoke_output", "tok"),
        (pulumi.Output, "apply", "self"),
    ],
)
def test_watched_functions_keep_their_first_argument(owner: object, name: str, first: str) -> None:
    assert first == next(iter(inspect.signature(getattr(owner, name)).parameters))


def test_watched_functions_are_restored() -> None:
    before = [pulumi.Output.apply, pulumi.runtime.invoke, resource._get_stack_trace]

    class Silent:
        def registers(self, _resource: object) -> None: ...
        def invokes(self) -> None: ...
        def applies(self) -> None: ...
        def failed(self, _error: BaseException, _applied: object) -> None: ...

    with sdk.watched(Silent()):
        assert before != [pulumi.Output.apply, pulumi.runtime.invoke, resource._get_stack_trace]

    assert before == [pulumi.Output.apply, pulumi.runtime.invoke, resource._get_stack_trace]


def test_the_sdk_still_waits_for_the_first_output_only() -> None:
    """The recorder replaces this wait by a linear one; when the SDK has its own, ours can go."""
    assert "return_when=asyncio.FIRST_COMPLETED" in inspect.getsource(stack.wait_for_rpcs)


def test_apply_takes_a_function_and_a_switch() -> None:
    assert ["self", "func", "run_with_unknowns"] == list(inspect.signature(pulumi.Output.apply).parameters)


def test_the_monitor_answers_every_call_of_the_sdk() -> None:
    """A call that the SDK gained would otherwise end a program with an AttributeError."""
    calls = {method.name for method in resource_pb2.DESCRIPTOR.services_by_name["ResourceMonitor"].methods}
    # Calls that only the engine's own tools make.
    calls -= {"StreamInvoke"}

    assert [] == sorted(name for name in calls if not hasattr(sdk.MockMonitor, name) and name != "Call")


def test_fields_of_the_registration_that_are_read() -> None:
    fields = {field.name for field in resource_pb2.RegisterResourceRequest.DESCRIPTOR.fields}
    optional = {
        field.name
        for field in resource_pb2.RegisterResourceRequest.DESCRIPTOR.fields
        if field.has_presence and not field.message_type
    }

    assert {"protect", "retainOnDelete"} == optional
    assert {
        "type", "name", "parent", "custom", "object", "provider", "dependencies", "propertyDependencies", "aliases",
        "aliasURNs", "ignoreChanges", "deleteBeforeReplace", "replaceOnChanges", "additionalSecretOutputs", "importId",
        "transforms", "remote",
    } <= fields  # fmt: skip


def test_types_of_outputs_are_told_by_the_sdk() -> None:
    hints, inputs = sdk.output_hints(aws.s3.Bucket), sdk.input_names(aws.s3.Bucket)

    assert {"arn", "bucket", "bucketDomainName", "tagsAll"} <= set(hints)
    assert ("bucketPrefix" in inputs, "arn" in inputs) == (True, False)
    assert str is sdk.unwrap(hints["arn"])


def test_caches_keyed_by_the_programs_classes_are_found() -> None:
    """They grow with each run in one process unless they are cleared."""
    cached = [function for function in vars(_types).values() if hasattr(function, "cache_info")]
    _types.resource_types(aws.s3.Bucket)
    assert any(function.cache_info().currsize for function in cached)

    sdk.clear_caches()

    assert [0] * len(cached) == [function.cache_info().currsize for function in cached]


def test_transforms_are_kept_without_opening_a_port() -> None:
    names = {"_callbacks", "_transforms", "_state_migrations", "_monitor", "_loop", "_target"}

    assert names <= set(inspect.getsource(_callbacks._CallbackServicer.__init__).replace("self.", " ").split()) | {
        "_server"
    }
    assert "_server" not in inspect.getsource(sdk.LocalCallbacks.__init__)
