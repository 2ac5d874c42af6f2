"""What an account needs once: recording of configuration, detection, and one owner for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..values import Undetermined, at, is_set
from ..view import Breach, Resource, View, decoded

RECORDER = "aws:cfg/recorder:Recorder"
RECORDER_STATUS = "aws:cfg/recorderStatus:RecorderStatus"
DELIVERY_CHANNEL = "aws:cfg/deliveryChannel:DeliveryChannel"
DETECTOR = "aws:guardduty/detector:Detector"
DETECTOR_FEATURE = "aws:guardduty/detectorFeature:DetectorFeature"
SECURITY_HUB = ("aws:securityhub/account:Account", "aws:securityhub/accountV2:AccountV2")
ANALYZER = "aws:accessanalyzer/analyzer:Analyzer"
MACIE = "aws:macie2/account:Account"

# AWS allows one of each in an account and region: a second one fails, or changes what the first one set.
SINGLETONS = (
    RECORDER,
    DELIVERY_CHANNEL,
    DETECTOR,
    *SECURITY_HUB,
    MACIE,
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
)
# And these once in an account, whatever the region.
GLOBAL_SINGLETONS = (
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
)


def config_recorder_complete(view: View) -> Iterator[Breach]:
    """CFG-001."""
    recorders = view.of(RECORDER)
    if not recorders:
        _need_account_program(view)
        yield Breach("the account does not record its configuration")
    for recorder in recorders:
        for key in ("allSupported", "includeGlobalResourceTypes"):
            if at(recorder["recordingGroup"], key) is not True:
                yield Breach(
                    f"{key} is not on: some resource types are not recorded", f"recordingGroup.{key}", recorder
                )
        if not view.of(DELIVERY_CHANNEL):
            yield Breach("what is recorded is delivered nowhere", "", recorder)
        if not any(status["isEnabled"] is True for status in view.of(RECORDER_STATUS)):
            yield Breach("the recorder is never started", "", recorder)


def guardduty_detects(view: View) -> Iterator[Breach]:
    """DET-001. Objects are what an ML project has to lose: the S3 feature belongs to it."""
    detectors = view.of(DETECTOR)
    if not detectors:
        _need_account_program(view)
        yield Breach("nothing looks for threats in the account")
    for detector in detectors:
        if detector["enable"] is False:
            yield Breach("the detector is off", "enable", detector)
        features = [feature for feature in view.of(DETECTOR_FEATURE) if feature["status"] == "ENABLED"]
        if not any(feature["name"] == "S3_DATA_EVENTS" for feature in features):
            yield Breach("accesses to objects are not looked at: no feature S3_DATA_EVENTS", "", detector)


def security_hub_and_analyzer_on(view: View) -> Iterator[Breach]:
    """DET-002."""
    if not view.of(*SECURITY_HUB):
        _need_account_program(view)
        yield Breach("findings are gathered nowhere: Security Hub is off")
    if not view.of(ANALYZER):
        _need_account_program(view)
        yield Breach("nobody notices what is shared outside the account: there is no access analyzer")


def macie_on(bucket: Resource, view: View) -> Iterator[Breach]:
    """DET-002, for card and health data."""
    accounts = view.of(MACIE)
    if not accounts:
        _need_account_program(view)
        yield Breach("nobody notices sensitive data in the wrong place: Macie is off")
    for account in accounts:
        if account["status"] == "PAUSED":
            yield Breach("Macie is paused", "status", account)


def account_singleton_owned_once(view: View) -> Iterator[Breach]:
    """Two stacks of one account that own the same singleton overwrite each other."""
    owners: dict[tuple[str, ...], list[Resource]] = defaultdict(list)
    for resource in view.of(*SINGLETONS, *GLOBAL_SINGLETONS):
        owners[_place(resource, view)].append(resource)
    for resources in owners.values():
        stacks = sorted({f"{resource.program}/{resource.stack}" for resource in resources})
        for resource in resources[1:]:
            yield Breach(f"the account has this more than once: {', '.join(stacks)}", "", resource)


def _place(resource: Resource, view: View) -> tuple[str, ...]:
    provider = view.get((resource.provider or "").rsplit("::", 1)[0])
    accounts = "" if provider is None else str(decoded(provider["allowedAccountIds"]))
    region = "" if provider is None or resource.type in GLOBAL_SINGLETONS else str(provider["region"])
    url = str(resource["url"]) if resource.type.endswith("OpenIdConnectProvider") else ""
    return (resource.type, accounts, region, url)


def _need_account_program(view: View) -> None:
    if "account" not in view.programs:
        raise Undetermined("the account program is not among the stacks that were read")


def tags_required(provider: Resource) -> Iterator[Breach]:
    """TAG-001. The provider's default tags reach every resource that can carry tags."""
    block = decoded(provider["defaultTags"])
    tags = at(block, "tags") or {}
    for key in ("project", "env", "owner", "cost-center", "data-classification", "ai-risk"):
        if not is_set(tags.get(key)):
            yield Breach(f"resources carry no tag {key!r}", f"defaultTags.tags.{key}")


def budget_notified(view: View) -> Iterator[Breach]:
    """BUD-001."""
    budgets = view.of("aws:budgets/budget:Budget")
    if not budgets:
        if "monitoring" not in view.programs:
            raise Undetermined("the monitoring program is not among the stacks that were read")
        yield Breach("the environment has no budget")
    for budget in budgets:
        notified = ("subscriberEmailAddresses", "subscriberSnsTopicArns")
        rows = budget["notifications"] or []
        if not any(is_set(at(row, key)) for row in rows for key in notified):
            yield Breach("nobody is told when the budget is used up", "notifications", budget)
