"""Keys, secrets, flags, trail, Config, and the services that look for threats and personal data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.facts import Facts, items, mapping, number
from modelkeel.cost.range import Range, assumed, because, exactly
from modelkeel.cost.use import Free, Gap, Part, Pricer, Use, assume
from modelkeel.graph import Resource, Stack

BUCKET = "aws:s3/bucket:Bucket"
TRAIL = "aws:cloudtrail/trail:Trail"
ENDPOINT_EVENTS = "AWS::SageMaker::Endpoint"
KB_A_GB = 1_000_000
MILLION = 1_000_000

_FEATURES: Mapping[str, tuple[str, str]] = {
    "S3_DATA_EVENTS": ("guardduty-s3-events", "data_event_millions"),
    "EKS_AUDIT_LOGS": ("guardduty-kubernetes-events", "api_events_millions"),
    "EBS_MALWARE_PROTECTION": ("guardduty-malware", "malware_scan_gb"),
    "RUNTIME_MONITORING": ("guardduty-vcpu", "runtime_vcpu_months"),
    "EKS_RUNTIME_MONITORING": ("guardduty-vcpu", "runtime_vcpu_months"),
    "LAMBDA_NETWORK_LOGS": ("guardduty-flow", "log_gb"),
}


def key(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """The key and its requests; kept versions of a rotated key cost up to two USD more after two years."""
    yield Use(dimension="key", sku="kms-key", quantity=exactly(1), assumption="all month, before its first rotation")
    yield assume("requests", "kms-requests", "kms_requests_millions")


def secret(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """A stored secret."""
    yield Use(dimension="secret", sku="secret", quantity=exactly(1), assumption="all month")


def parameter(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Standard parameters are free, advanced ones are not."""
    if resource.inputs.get("tier", "Standard") == "Standard":
        yield Free(reason="standard parameters are free")
        return
    yield Use(dimension="parameter", sku="ssm-advanced-parameter", quantity=exactly(1), assumption="all month")


def configuration_profile(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Requests of the hosts that read the flag."""
    yield assume("requests", "appconfig-requests", "parameter_reads_millions")


def trail(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Data events and insights; the first copy of management events is free, its copy in a log group is not.

    The organization's trail is a second copy of what each account's own trail records, paid by each account.
    """
    if resource.inputs.get("isOrganizationTrail") is True:
        accounts = max(1, sum(1 for other, _ in facts.of_type(TRAIL) if other.account != stack.account))
        yield Use(
            dimension="second copy of management events",
            sku="cloudtrail-events",
            quantity=assumed("api_events_millions") * accounts,
            assumption=f"{accounts} accounts with a trail of their own in the graph; {because('api_events_millions')}",
        )
        return
    kinds = _data_kinds(resource)
    events = assumed("api_events_millions")
    if kinds:
        yield assume("data events", "cloudtrail-data-events", "data_event_millions")
        events = events + assumed("data_event_millions")
    if ENDPOINT_EVENTS in kinds:
        invocations = _invocations(facts)
        said = "every prediction is an event"
        yield Use(dimension="endpoint events", sku="cloudtrail-data-events", quantity=invocations, assumption=said)
        events = events + invocations
    if items(resource.inputs.get("insightSelectors")):
        yield assume("insights", "cloudtrail-insights", "trail_insight_millions")
    if resource.inputs.get("cloudWatchLogsGroupArn"):
        yield Use(
            dimension="events in the log group",
            sku="log-ingest",
            quantity=events * MILLION * assumed("trail_event_kb") * (Decimal(1) / KB_A_GB),
            assumption=because("api_events_millions", "trail_event_kb"),
        )
    if not kinds and not resource.inputs.get("cloudWatchLogsGroupArn"):
        yield Free(reason="the first copy of management events is free")


def _data_kinds(resource: Resource) -> set[str]:
    kinds: set[str] = set()
    for selector in items(resource.inputs.get("advancedEventSelectors")):
        fields = {
            str(mapping(row).get("field")): mapping(row) for row in items(mapping(selector).get("fieldSelectors"))
        }
        if "Data" in items(mapping(fields.get("eventCategory")).get("equals")):
            kinds |= {str(kind) for kind in items(mapping(fields.get("resources.type")).get("equals"))} or {"*"}
    for selector in items(resource.inputs.get("eventSelectors")):
        kinds |= {str(mapping(row).get("type")) for row in items(mapping(selector).get("dataResources"))}
    return kinds


def _invocations(facts: Facts) -> Range:
    sums = {(stack.account, stack.stack): facts.predictions_millions(stack) for stack in facts.graph.stacks}
    return sum(sums.values(), Range(Decimal(0), Decimal(0), Decimal(0)))


def recorder(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Recorded configuration items, continuously or once a day."""
    mode = mapping(resource.inputs.get("recordingMode")).get("recordingFrequency")
    sku = "config-item-daily" if mode == "DAILY" else "config-item"
    yield assume("configuration items", sku, "config_items")


def config_rule(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Evaluations of a rule."""
    yield assume("evaluations", "config-evaluation", "config_evaluations")


def conformance_pack(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Evaluations of the rules in a pack."""
    body = resource.inputs.get("templateBody")
    rules = len(mapping(json.loads(body)["Resources"])) if isinstance(body, str) else 1
    yield Use(
        dimension="evaluations",
        sku="config-evaluation",
        quantity=assumed("conformance_evaluations") * rules,
        assumption=f"{rules} rules; {because('conformance_evaluations')}",
    )


def detector(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Foundational sources: management events, flow and DNS logs."""
    if resource.inputs.get("enable") is False:
        yield Free(reason="the detector is off")
        return
    yield assume("management events", "guardduty-events", "api_events_millions")
    yield assume("flow and DNS logs", "guardduty-flow", "flow_log_gb")


def detector_feature(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Further protection plans."""
    name = str(resource.inputs.get("name"))
    if resource.inputs.get("status") == "DISABLED":
        yield Free(reason="the feature is off")
    elif name in _FEATURES:
        sku, usage = _FEATURES[name]
        yield assume(name.lower().replace("_", " "), sku, usage)
    else:
        yield Gap(dimension=name, reason="this GuardDuty feature has no price in the table")


def malware_plan(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Objects scanned on arrival."""
    yield assume("objects scanned", "guardduty-malware", "malware_scan_gb")


def standard(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Checks of a Security Hub standard."""
    yield assume("checks", "securityhub-check", "security_checks")


def macie_account(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Buckets that Macie keeps an inventory of: those of the account's stacks in the graph."""
    buckets = sum(1 for other, _ in facts.of_type(BUCKET) if other.account == stack.account)
    yield Use(
        dimension="bucket inventory",
        sku="macie-bucket",
        quantity=exactly(buckets),
        assumption=f"{buckets} buckets of this account in the graph",
    )


def classification_job(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Data that a discovery job reads, by its sampling percentage."""
    percent = number(resource.inputs.get("samplingPercentage"))
    share = (Decimal(100) if percent is None else percent) / 100
    yield Use(
        dimension="data inspected",
        sku="macie-inspection",
        quantity=assumed("macie_gb") * share,
        assumption=f"{share * 100:.0f} percent sampled; {because('macie_gb')}",
    )


def analyzer(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """External access is free to analyse, unused access is charged by identity."""
    if "UNUSED_ACCESS" not in str(resource.inputs.get("type", "ACCOUNT")):
        yield Free(reason="the analysis of external access is free")
        return
    yield assume("identities", "access-analyzer-unused", "access_analyzer_identities")


PRICERS: Mapping[str, Pricer] = {
    "aws:accessanalyzer/analyzer:Analyzer": analyzer,
    "aws:appconfig/configurationProfile:ConfigurationProfile": configuration_profile,
    "aws:cfg/conformancePack:ConformancePack": conformance_pack,
    "aws:cfg/recorder:Recorder": recorder,
    "aws:cfg/rule:Rule": config_rule,
    "aws:cloudtrail/trail:Trail": trail,
    "aws:guardduty/detector:Detector": detector,
    "aws:guardduty/detectorFeature:DetectorFeature": detector_feature,
    "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan": malware_plan,
    "aws:kms/key:Key": key,
    "aws:kms/replicaKey:ReplicaKey": key,
    "aws:macie2/account:Account": macie_account,
    "aws:macie2/classificationJob:ClassificationJob": classification_job,
    "aws:secretsmanager/secret:Secret": secret,
    "aws:securityhub/standardsSubscription:StandardsSubscription": standard,
    "aws:ssm/parameter:Parameter": parameter,
}
