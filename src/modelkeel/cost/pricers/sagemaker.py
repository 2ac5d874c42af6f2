"""SageMaker: endpoints, what scales them, pipelines, feature groups, tracking, notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from modelkeel.cost.calendar import hours_between
from modelkeel.cost.facts import ENDPOINT, MONTH_HOURS, Facts, items, mapping, number
from modelkeel.cost.jobs import jobs_in
from modelkeel.cost.pricers.idle import COPIES, component_host, idle_fleet
from modelkeel.cost.range import Range, assumed, because, exactly
from modelkeel.cost.use import Free, Gap, Part, Pricer, Use
from modelkeel.graph import Resource, Stack

SCHEDULE = "aws:scheduler/schedule:Schedule"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
KB_A_GB = 1_000_000
MILLION = 1_000_000


def endpoint(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Instances of each variant all month, as many as the configuration starts; scaling is with its target."""
    configuration = facts.referred(resource, "endpointConfigName", CONFIGURATION)
    variants = items(configuration.inputs.get("productionVariants")) if configuration else []
    if configuration is None and component_host(facts, resource) is not None:
        yield Free(reason="instances of inference components are priced with their endpoint configuration")
    elif configuration is not None and configuration.inputs.get("asyncInferenceConfig"):
        variants = []
        yield Free(reason="instances of an asynchronous endpoint are priced with its scaling target")
    elif not variants:
        yield Gap(dimension="instances", reason="the endpoint's configuration is not in the graph")
    hours = _hours(facts, stack)
    for variant in variants:
        yield from _variant(mapping(variant), hours)
    requests = assumed("predictions_millions") * MILLION
    yield Use(
        dimension="data in and out",
        sku="sagemaker-data",
        quantity=requests * assumed("request_kb") * (Decimal(1) / KB_A_GB),
        assumption=because("predictions_millions", "request_kb"),
    )


def _hours(facts: Facts, stack: Stack) -> Decimal | None:
    """Hours a month between the schedules of the stack that make and delete its endpoint; none without them."""
    found = {}
    for owner, schedule in facts.of_type(SCHEDULE):
        action = str(mapping(schedule.inputs.get("target")).get("arn", "")).rpartition(":")[2]
        if owner is stack and action in {"createEndpoint", "deleteEndpoint"}:
            found[action] = str(schedule.inputs.get("scheduleExpression", ""))
    return hours_between(found["createEndpoint"], found["deleteEndpoint"]) if len(found) == 2 else None


def _variant(variant: Mapping[str, Any], hours: Decimal | None) -> Iterator[Part]:
    name = str(variant.get("variantName", "variant"))
    kind, count = variant.get("instanceType"), number(variant.get("initialInstanceCount"))
    if variant.get("serverlessConfig"):
        memory = number(mapping(variant["serverlessConfig"]).get("memorySizeInMb")) or Decimal(1024)
        yield Use(
            dimension=f"{name}: compute",
            sku="sagemaker-serverless",
            quantity=assumed("serverless_requests_millions") * MILLION * assumed("lambda_seconds") * (memory / 1024),
            assumption=because("serverless_requests_millions", "lambda_seconds"),
        )
    elif not isinstance(kind, str) or count is None:
        yield Gap(dimension=name, reason="instance type or count is unknown until deployment")
    else:
        yield Use(
            dimension=f"{name}: {kind}",
            sku=f"sagemaker-instance:{kind}",
            quantity=exactly(count * (MONTH_HOURS if hours is None else hours)),
            assumption=f"{count} instances all month, as the endpoint configuration starts them"
            if hours is None
            else f"{count} instances for {hours:.0f} hours a month, between the schedules that start and stop them",
        )


def configuration(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Captured requests in S3; a configuration without capture costs nothing."""
    capture = mapping(resource.inputs.get("dataCaptureConfig"))
    percent = number(capture.get("initialSamplingPercentage"))
    if not capture.get("enableCapture") or not percent:
        yield Free(reason="a configuration is free; its instances are priced with the endpoint")
        return
    yield from captured_requests(facts, stack, percent)


def captured_requests(facts: Facts, stack: Stack, percent: Decimal) -> Iterator[Part]:
    """Return the storage and the objects of captured requests: `percent` of the environment's predictions."""
    captured = facts.predictions_millions(stack) * MILLION * (percent / 100)
    monthly_gb = captured * assumed("capture_kb") * (Decimal(1) / KB_A_GB)
    yield Use(
        dimension="captured requests stored",
        sku="s3-standard",
        quantity=monthly_gb * assumed("capture_months"),
        assumption=f"{percent} percent of predictions; {because('capture_kb', 'capture_months')}",
    )
    # The fewer requests share an object, the more objects there are: the largest share makes the low value.
    each = assumed("capture_requests_each")
    objects = Range(captured.low / each.high, captured.base / each.base, captured.high / each.low)
    yield Use(
        dimension="captured objects written",
        sku="s3-put",
        quantity=objects * (Decimal(1) / MILLION),
        assumption=because("capture_requests_each"),
    )


def scaling_target(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Instances that autoscaling adds to those that the configuration starts, and the data of their requests."""
    if resource.inputs.get("serviceNamespace") == "kafka":
        yield Free(reason="disks of brokers are priced as they are made; they grow where more is kept than planned")
        return
    if resource.inputs.get("serviceNamespace") != "sagemaker":
        yield Gap(dimension="scaling", reason="scaling of this service is not priced")
        return
    if resource.inputs.get("scalableDimension") == COPIES:
        yield Free(reason="copies run on instances that are priced with their endpoint configuration")
        return
    fewest, most = number(resource.inputs.get("minCapacity")), number(resource.inputs.get("maxCapacity"))
    found = facts.referred(resource, "resourceId", ENDPOINT) or _by_name(facts, resource)
    owner = facts.referred(found, "endpointConfigName", CONFIGURATION) if found else None
    variants = items(owner.inputs.get("productionVariants")) if owner else []
    named = [mapping(row) for row in variants if str(mapping(row).get("variantName")) in _variant_name(resource)]
    variant = (named or [mapping(row) for row in variants] or [{}])[0]
    kind, started = variant.get("instanceType"), number(variant.get("initialInstanceCount"))
    if fewest is None or most is None or started is None or not isinstance(kind, str):
        yield Gap(dimension="added instances", reason="sizes or instance type of the fleet are not in the graph")
        return
    if owner is not None and owner.inputs.get("asyncInferenceConfig"):
        yield from idle_fleet(kind, fewest, max(fewest, most), "requests wait in a queue")
        return
    always = max(fewest - started, Decimal(0))
    sometimes = max(most - max(fewest, started), Decimal(0))
    yield Use(
        dimension=f"added instances: {kind}",
        sku=f"sagemaker-instance:{kind}",
        quantity=exactly(always * MONTH_HOURS) + assumed("busy_hours") * sometimes,
        assumption=f"{fewest} to {most} instances, {started} of them with the endpoint; {because('busy_hours')}",
    )
    yield Use(
        dimension="data in and out",
        sku="sagemaker-data",
        quantity=facts.predictions_millions(stack) * MILLION * assumed("request_kb") * (Decimal(1) / KB_A_GB),
        assumption=f"requests that the scaling policy aims at; {because('utilisation', 'request_kb')}",
    )


def _variant_name(resource: Resource) -> str:
    return str(resource.inputs.get("resourceId", "")).rsplit("/", 1)[-1]


def _by_name(facts: Facts, resource: Resource) -> Resource | None:
    parts = str(resource.inputs.get("resourceId", "")).split("/")
    for _, candidate in facts.of_type(ENDPOINT):
        if len(parts) > 1 and parts[1] in {candidate.id, candidate.outputs.get("name"), candidate.inputs.get("name")}:
            return candidate
    return None


def pipeline(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Runs that people and CI start; those of a schedule are priced with the schedule."""
    definition = resource.inputs.get("pipelineDefinition")
    jobs = jobs_in(definition)
    if not jobs:
        yield Gap(dimension="jobs", reason="the pipeline's definition holds no job whose size is known")
    for job in jobs:
        yield from job.uses(assumed("hand_started_runs"), because("hand_started_runs"))


def feature_group(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Online store: reads by predictions, writes, storage. The offline store lies in a bucket."""
    if mapping(resource.inputs.get("onlineStoreConfig")).get("enableOnlineStore") is not True:
        yield Free(reason="without an online store; the offline store lies in a bucket, which is priced")
        return
    yield Use(
        dimension="online reads",
        sku="sagemaker-feature-read",
        quantity=facts.predictions_millions(stack) * assumed("feature_reads_per_prediction"),
        assumption=because("feature_reads_per_prediction"),
    )
    yield Use(
        dimension="online writes",
        sku="sagemaker-feature-write",
        quantity=assumed("feature_writes_millions"),
        assumption=because("feature_writes_millions"),
    )
    yield Use(
        dimension="online storage",
        sku="sagemaker-feature-storage",
        quantity=assumed("feature_storage_gb"),
        assumption=because("feature_storage_gb"),
    )


def tracking_server(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """An MLflow tracking server runs all month."""
    size = resource.inputs.get("trackingServerSize", "Small")
    yield Use(
        dimension=f"server: {size}",
        sku=f"sagemaker-mlflow-server:{size}",
        quantity=exactly(MONTH_HOURS),
        assumption="runs all month",
    )


def notebook(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """A notebook instance, or a Studio app: some hours a day, all month at most."""
    kind = resource.inputs.get("instanceType") or mapping(resource.inputs.get("resourceSpec")).get("instanceType")
    if not isinstance(kind, str):
        yield Gap(dimension="instance", reason="the instance type is unknown until deployment")
        return
    yield Use(
        dimension=f"instance: {kind}",
        sku=f"sagemaker-instance:{kind}",
        quantity=assumed("app_hours"),
        assumption=because("app_hours"),
    )
    volume = number(resource.inputs.get("volumeSize"))
    if volume:
        yield Use(dimension="storage", sku="sagemaker-volume", quantity=exactly(volume), assumption="kept all month")


PRICERS: Mapping[str, Pricer] = {
    ENDPOINT: endpoint,
    CONFIGURATION: configuration,
    "aws:appautoscaling/target:Target": scaling_target,
    "aws:sagemaker/app:App": notebook,
    "aws:sagemaker/featureGroup:FeatureGroup": feature_group,
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": tracking_server,
    "aws:sagemaker/notebookInstance:NotebookInstance": notebook,
    "aws:sagemaker/pipeline:Pipeline": pipeline,
}
