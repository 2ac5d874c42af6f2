"""Is what serves what was asked? SageMaker rolls a failed update back and reports success, and so does Pulumi.

An endpoint that says `InService` may run the configuration before the one that was asked. Only a comparison tells.
Source: SageMaker Developer Guide, "Auto-rollback configuration and monitoring", read 2026-11-25.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from operations import asked as asking
from operations import live, retired
from operations.asked import Endpoint, Variant
from operations.environment import Environment
from operations.problem import OperationError

MOVING = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")
LONGEST_WAIT_SECONDS = 3600
POLL_SECONDS = 30


@dataclass(frozen=True)
class Difference:
    """One thing that is not as asked."""

    what: str
    asked: object
    got: object
    rolled_back: bool = False

    def __str__(self) -> str:
        return f"{self.what}\n  asked: {self.asked}\n  got:   {self.got}"


def verify(
    environment: Environment,
    outputs: Mapping[str, Any],
    *,
    clients: live.Clients | None = None,
    longest_wait_seconds: float = LONGEST_WAIT_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Compare every endpoint with what was asked, and remove what two verified updates have left behind.

    The configuration and the model before the last ones stay, to go back to. Nothing is removed where anything differs.

    Raises:
        OperationError: something differs, or an endpoint does not settle within `longest_wait_seconds`.
    """
    wanted = asking.endpoints(outputs)
    if not wanted:
        print("no endpoint was asked for: nothing to verify")
        return
    clients = clients or live.connect(environment.region)
    found: list[Difference] = []
    for endpoint in wanted:
        state = _settled(clients, endpoint, longest_wait_seconds, sleep)
        differences = list(_differences(clients, endpoint, state))
        found += differences
        if not differences:
            print(_in_words(endpoint, state))
    if found:
        raise _problem(environment, found)
    for name in retired.remove(clients, environment, wanted):
        print(f"removed: {name}, which two updates have left behind")


def _settled(clients: live.Clients, wanted: Endpoint, longest: float, sleep: Callable[[float], None]) -> dict[str, Any]:
    """Wait until the endpoint no longer moves; return what it says of itself, {} where there is none."""
    waited = 0.0
    while (state := clients.endpoint(wanted.name)).get("EndpointStatus") in MOVING:
        if waited >= longest:
            raise OperationError(
                f"{wanted.name} is still {state['EndpointStatus']} after {waited / 60:.0f} minutes",
                f"configuration {state.get('EndpointConfigName')}, asked {wanted.configuration_name}",
                "wait, then run: make verify",
            )
        print(f"{wanted.name}: {state['EndpointStatus']} ...", flush=True)
        sleep(POLL_SECONDS)
        waited += POLL_SECONDS
    return state


def _differences(clients: live.Clients, wanted: Endpoint, state: dict[str, Any]) -> Iterator[Difference]:
    if not state:
        if not wanted.has_hours:
            yield Difference(f"{wanted.name} does not exist", "an endpoint InService", "none")
        return
    status = state["EndpointStatus"]
    if status != "InService":
        why = state.get("FailureReason", "no reason is given")
        yield Difference(f"{wanted.name} does not serve", "InService", f"{status}: {why}")
    running = state.get("EndpointConfigName")
    if running != wanted.configuration_name:
        what = f"{wanted.name} runs another configuration than was asked: the update was rolled back"
        yield Difference(what, wanted.configuration_name, f"{running}, {status}", rolled_back=True)
        return
    yield from _configured(clients, wanted)
    yield from _weighted(wanted, state)
    yield from _captured(wanted, state)
    for variant in wanted.variants:
        yield from _modelled(clients, wanted, variant)
        yield from _scaled(clients, wanted, variant)


def _configured(clients: live.Clients, wanted: Endpoint) -> Iterator[Difference]:
    configuration = clients.configuration(wanted.configuration_name)
    if not configuration:
        yield Difference(f"configuration of {wanted.name} is gone", wanted.configuration_name, "none")
        return
    rows = {
        **{row["VariantName"]: row for row in configuration.get("ProductionVariants", [])},
        **{row["VariantName"]: row for row in configuration.get("ShadowProductionVariants", [])},
    }
    if sorted(rows) != sorted(variant.name for variant in wanted.variants):
        names = ", ".join(variant.name for variant in wanted.variants)
        yield Difference(f"variants of {wanted.name}", names, ", ".join(sorted(rows)))
        return
    for variant in wanted.variants:
        row = rows[variant.name]
        serverless = row.get("ServerlessConfig", {})
        for what, asked, got in (
            ("model", variant.model_name, row.get("ModelName")),
            ("instance type", variant.instance_type, row.get("InstanceType")),
            ("memory in MB", variant.memory_mb, serverless.get("MemorySizeInMB")),
            ("concurrency", variant.max_concurrency, serverless.get("MaxConcurrency")),
        ):
            if asked is not None and asked != got:
                yield Difference(f"{what} of {wanted.name}/{variant.name}", asked, got)


def _weighted(wanted: Endpoint, state: dict[str, Any]) -> Iterator[Difference]:
    for variant in wanted.variants:
        key = "ShadowProductionVariants" if variant.shadow else "ProductionVariants"
        row: dict[str, Any] = next((row for row in state.get(key, []) if row["VariantName"] == variant.name), {})
        if not row:
            yield Difference(f"variant of {wanted.name}", variant.name, "none")
        elif variant.weight is not None and abs(row.get("CurrentWeight", variant.weight) - variant.weight) > 1e-6:
            yield Difference(f"weight of {wanted.name}/{variant.name}", variant.weight, row["CurrentWeight"])


def _captured(wanted: Endpoint, state: dict[str, Any]) -> Iterator[Difference]:
    if wanted.capture_percent is None:
        return
    capture = state.get("DataCaptureConfig", {})
    on = bool(capture.get("EnableCapture")) and capture.get("CaptureStatus", "Started") == "Started"
    got = capture.get("CurrentSamplingPercentage", 0) if on else 0
    if got != wanted.capture_percent:
        yield Difference(f"percent of requests that {wanted.name} captures", wanted.capture_percent, got)


def _modelled(clients: live.Clients, wanted: Endpoint, variant: Variant) -> Iterator[Difference]:
    if variant.model_name is None:
        return
    where = f"{wanted.name}/{variant.name}"
    model = clients.model(variant.model_name)
    if not model:
        yield Difference(f"model of {where} is gone: the endpoint cannot scale out", variant.model_name, "none")
        return
    containers = [model.get("PrimaryContainer") or {}, *model.get("Containers", [])]
    packages = [row["ModelPackageName"] for row in containers if row.get("ModelPackageName")]
    if variant.model_package_arn is not None and variant.model_package_arn not in packages:
        yield Difference(f"package of {where}", variant.model_package_arn, ", ".join(packages) or "none")
    if bool(model.get("EnableNetworkIsolation")) != wanted.network_isolation:
        got = bool(model.get("EnableNetworkIsolation"))
        yield Difference(f"network isolation of {where}", wanted.network_isolation, got)
    if variant.model_package_arn is not None:
        approval = clients.approval(variant.model_package_arn)
        if approval != "Approved":
            yield Difference(f"approval of {where}", f"Approved: {variant.model_package_arn}", approval)


def _scaled(clients: live.Clients, wanted: Endpoint, variant: Variant) -> Iterator[Difference]:
    if variant.max_capacity is None:
        return
    asked = (variant.min_capacity, variant.max_capacity)
    got = clients.capacity(wanted.name, variant.name)
    if got != asked:
        words = "none" if got is None else f"{got[0]} to {got[1]}"
        yield Difference(f"scaling of {wanted.name}/{variant.name}", f"{asked[0]} to {asked[1]}", words)


def _in_words(wanted: Endpoint, state: dict[str, Any]) -> str:
    if not state:
        return f"{wanted.name}: away, by its hours; it comes back with {wanted.configuration_name}"
    models = ", ".join(f"{variant.name} {variant.model_name}" for variant in wanted.variants if variant.model_name)
    return f"{wanted.name}: as asked, with {wanted.configuration_name}" + (f" ({models})" if models else "")


def _problem(environment: Environment, found: Sequence[Difference]) -> OperationError:
    rows = "\n".join(str(difference) for difference in found)
    again = f"make up ENV={environment.name}"
    if any(difference.rolled_back for difference in found):
        fix = (
            "read the endpoint's alarms and its log for the cause; nothing was removed, the old model serves on. Then "
            f"`pulumi -C config/serving refresh --stack {environment.name}` (the state still says that the update "
            f"succeeded), and either name the earlier package again or mend the new one: {again}"
        )
    else:
        fix = f"`pulumi -C config/serving refresh --stack {environment.name}`, then {again}"
    return OperationError("what serves is not what was asked", "\n" + rows, fix)
