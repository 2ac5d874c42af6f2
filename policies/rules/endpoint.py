"""Endpoints: encrypted, redundant, captured, rolled out with a way back, scaled, watched."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..instance import stores_locally
from ..values import NotConcerned, Undetermined, Value, at, is_set, listed
from ..view import Breach, Resource, View, decoded

ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
SCALING_TARGET = "aws:appautoscaling/target:Target"
SCALING_POLICY = "aws:appautoscaling/policy:Policy"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
SCHEDULE = "aws:scheduler/schedule:Schedule"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"
COMPONENT_TYPE = "AWS::SageMaker::InferenceComponent"
MINIMUM_INSTANCES = 2
LATENCY_METRICS = frozenset({"ModelLatency", "OverheadLatency"})
COMPUTE_METRICS = frozenset(
    {"CPUUtilization", "CPUUtilizationNormalized", "GPUUtilization", "GPUUtilizationNormalized"}
)
MEMORY_METRICS = frozenset({"GPUMemoryUtilization", "GPUMemoryUtilizationNormalized", "MemoryUtilization"})
ERROR_METRICS = frozenset({"Invocation5XXErrors", "InvocationModelErrors", "Invocation4XXErrors"})


def endpoint_own_key(configuration: Resource) -> Iterator[Breach]:
    """SM-030. Serverless variants and instances with NVMe disks have no volume to encrypt."""
    types = [at(variant, "instanceType") for variant in listed(configuration["productionVariants"])]
    with_volume = [name for name in types if name is not None and not stores_locally(name)]
    if with_volume and not is_set(configuration["kmsKeyArn"]):
        yield Breach("the endpoint's volumes are not encrypted with a key of ours", "kmsKeyArn")


def endpoint_redundant(configuration: Resource) -> Iterator[Breach]:
    """SM-031."""
    for index, variant in enumerate(listed(configuration["productionVariants"])):
        if at(variant, "serverlessConfig") is not None:
            continue
        count = at(variant, "managedInstanceScaling", "minInstanceCount") or at(variant, "initialInstanceCount") or 1
        if count < MINIMUM_INSTANCES:
            path = f"productionVariants[{index}].initialInstanceCount"
            yield Breach(f"the variant runs on {count} instance: one zone down, and it is gone", path)


def endpoint_captured(configuration: Resource) -> Iterator[Breach]:
    """SM-032. A serverless endpoint cannot capture; who calls it records what it was asked."""
    variants = listed(configuration["productionVariants"])
    if variants and all(at(variant, "serverlessConfig") is not None for variant in variants):
        raise NotConcerned
    capture = configuration["dataCaptureConfig"]
    if at(capture, "enableCapture") is not True or not at(capture, "initialSamplingPercentage"):
        yield Breach("requests and predictions are not captured", "dataCaptureConfig.enableCapture")
        return
    if not is_set(at(capture, "kmsKeyId")):
        yield Breach("captured data are not encrypted with a key of ours", "dataCaptureConfig.kmsKeyId")
    modes = {at(option, "captureMode") for option in listed(at(capture, "captureOptions"))}
    for mode in ("Input", "Output"):
        if not modes & {mode, "InputAndOutput"}:
            yield Breach(f"{mode.lower()} is not captured", "dataCaptureConfig.captureOptions")


def endpoint_rolls_back(endpoint: Resource, view: View) -> Iterator[Breach]:
    """SM-033. Inference components are updated one by one; SageMaker offers no gradual update of serverless ones."""
    if _is_serverless(endpoint, view):
        raise NotConcerned
    parts = _components(endpoint, view)
    if parts:
        yield from _component_rollbacks(parts)
        return
    deployment = endpoint["deploymentConfig"]
    routing = at(deployment, "blueGreenUpdatePolicy", "trafficRoutingConfiguration", "type")
    if routing not in {"CANARY", "LINEAR"} and at(deployment, "rollingUpdatePolicy") is None:
        path = "deploymentConfig.blueGreenUpdatePolicy.trafficRoutingConfiguration.type"
        yield Breach("a new model takes all traffic at once", path)
    if not is_set(at(deployment, "autoRollbackConfiguration", "alarms")):
        yield Breach("no alarm turns an update back", "deploymentConfig.autoRollbackConfiguration.alarms")


def _component_rollbacks(parts: list[tuple[Resource, Value]]) -> Iterator[Breach]:
    for resource, state in parts:
        if at(state, "DeploymentConfig", "RollingUpdatePolicy") is None:
            yield Breach("a new model replaces all copies at once", "desiredState", resource)
        if not is_set(at(state, "DeploymentConfig", "AutoRollbackConfiguration", "Alarms")):
            yield Breach("no alarm turns an update of the copies back", "desiredState", resource)


def endpoint_scales(endpoint: Resource, view: View) -> Iterator[Breach]:
    """SM-034. Serverless endpoints scale by themselves."""
    if _is_serverless(endpoint, view):
        raise NotConcerned
    prefixes = [f"endpoint/{endpoint['name']}/"]
    prefixes += [
        f"inference-component/{at(state, 'InferenceComponentName')}" for _, state in _components(endpoint, view)
    ]
    targets = [target for target in view.of(SCALING_TARGET) if str(target["resourceId"]).startswith(tuple(prefixes))]
    if not targets:
        yield Breach("the endpoint does not scale")
    for target in targets:
        if not target["maxCapacity"]:
            yield Breach("scaling has no upper bound", "maxCapacity", target)
        if not any(policy["resourceId"] == target["resourceId"] for policy in view.of(SCALING_POLICY)):
            yield Breach("nothing decides when to scale: the target has no policy", "", target)


def endpoint_alarmed(endpoint: Resource, view: View) -> Iterator[Breach]:
    """MON-001, for each endpoint; that an alarm has actions is the finding of another control."""
    watched: set[str] = set()
    for alarm in view.of(ALARM):
        watched.update(_watched_metrics(alarm, endpoint["name"]))
    if watched & LATENCY_METRICS and watched & ERROR_METRICS:
        return
    _need(view, "monitoring")
    if not watched & LATENCY_METRICS:
        yield Breach("nobody is told when the endpoint is slow")
    if not watched & ERROR_METRICS:
        yield Breach("nobody is told when the endpoint fails")


def endpoint_saturation_alarmed(endpoint: Resource, view: View) -> Iterator[Breach]:
    """MON-005. A serverless endpoint has no instances to fill."""
    if _is_serverless(endpoint, view):
        raise NotConcerned
    watched = {metric for alarm in view.of(ALARM) for metric in _watched_metrics(alarm, endpoint["name"])}
    if watched & COMPUTE_METRICS and watched & MEMORY_METRICS:
        return
    _need(view, "monitoring")
    if not watched & COMPUTE_METRICS:
        yield Breach("nobody is told when the endpoint's processors are full")
    if not watched & MEMORY_METRICS:
        yield Breach("nobody is told when the endpoint's memory is full")


def endpoint_capture_gap_alarmed(endpoint: Resource, view: View) -> Iterator[Breach]:
    """MON-006. Silence looks like peace: only an alarm on missing data tells that capture or its job stopped."""
    if not _captures(endpoint, view):
        raise NotConcerned
    _need(view, "monitoring")
    if not any(_is_gap_alarm(alarm) for alarm in view.within(endpoint.stack, ALARM)):
        yield Breach("nobody is told when nothing is captured any more")


def _is_gap_alarm(alarm: Resource) -> bool:
    own_metric = not str(alarm["namespace"]).startswith("AWS/")
    return own_metric and "record" in str(alarm["metricName"]).lower() and alarm["treatMissingData"] == "breaching"


def _captures(endpoint: Resource, view: View) -> bool:
    configuration = view.points_to(endpoint, "endpointConfigName", CONFIGURATION)
    return configuration is not None and at(configuration["dataCaptureConfig"], "enableCapture") is True


def _components(endpoint: Resource, view: View) -> list[tuple[Resource, Value]]:
    """Return the inference components of an endpoint, made through Cloud Control, each with its desired state."""
    found = []
    for resource in view.of(CLOUD_CONTROL):
        if resource["typeName"] == COMPONENT_TYPE:
            state = decoded(resource["desiredState"])
            if at(state, "EndpointName") == endpoint["name"]:
                found.append((resource, state))
    return found


def _is_serverless(endpoint: Resource, view: View) -> bool:
    configuration = view.points_to(endpoint, "endpointConfigName", CONFIGURATION)
    variants = listed(configuration["productionVariants"]) if configuration is not None else []
    return bool(variants) and all(at(variant, "serverlessConfig") is not None for variant in variants)


def _watched_metrics(alarm: Resource, endpoint_name: Value) -> Iterator[str]:
    if at(alarm["dimensions"], "EndpointName") == endpoint_name:
        yield str(alarm["metricName"])
    for query in listed(alarm["metricQueries"]):
        if at(query, "metric", "dimensions", "EndpointName") == endpoint_name:
            yield str(at(query, "metric", "metricName"))


def endpoint_drift_watched(endpoint: Resource, view: View) -> Iterator[Breach]:
    """SM-050. Capture, a scheduled job of our own that reads it, and an alarm on what the job finds."""
    if not _captures(endpoint, view):
        # What is not captured is the finding of another control; there is nothing for a job to read.
        raise NotConcerned
    _need(view, "monitoring")
    if not any("drift" in text for text in _scheduled_jobs(endpoint, view)):
        yield Breach("no scheduled job compares captured data with the baseline")
    if not any(_is_drift_alarm(alarm) for alarm in view.within(endpoint.stack, ALARM)):
        yield Breach("nobody is told when the data drift")


def _is_drift_alarm(alarm: Resource) -> bool:
    own_metric = not str(alarm["namespace"]).startswith("AWS/")
    return own_metric and "drift" in str(alarm["metricName"]).lower()


def endpoint_bias_watched(endpoint: Resource, view: View) -> Iterator[Breach]:
    """SM-051."""
    _need(view, "monitoring")
    texts = list(_scheduled_jobs(endpoint, view))
    for words, what in ((("bias", "fairness"), "bias"), (("attribution", "explain", "shap"), "attributions")):
        if not any(word in text for text in texts for word in words):
            yield Breach(f"no scheduled job looks at {what}")


def _scheduled_jobs(endpoint: Resource, view: View) -> Iterator[str]:
    """Yield, in lower case, what each enabled schedule starts: its input, and the definition of its state machine."""
    for schedule in view.within(endpoint.stack, SCHEDULE):
        if schedule["state"] == "DISABLED":
            continue
        target = schedule["target"]
        machine = _machine(schedule, view)
        parts = [at(target, "arn"), at(target, "input"), None if machine is None else machine["definition"]]
        text = " ".join(part if isinstance(part, str) else json.dumps(part) for part in parts).lower()
        if "processing" in text or "lambda" in text or "batch" in text:
            yield text


def _machine(schedule: Resource, view: View) -> Resource | None:
    found = view.points_to(schedule, "target", STATE_MACHINE)
    if found is not None:
        return found
    arn = at(schedule["target"], "arn")
    return view.named(STATE_MACHINE, arn) if isinstance(arn, str) else None


def _need(view: View, program: str) -> None:
    if program not in view.programs:
        raise Undetermined(f"the {program} program is not among the stacks that were read")
