"""What an account needs once: recording of configuration, detection, and one owner for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..account import managed_accounts
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
BUDGET = "aws:budgets/budget:Budget"
SUBSCRIBERS = ("subscriberEmailAddresses", "subscriberSnsTopicArns")

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
SAFE_DEFAULTS: dict[str, dict[str, tuple[object, ...]]] = {
    "aws:ebs/encryptionByDefault:EncryptionByDefault": {"enabled": (True, None)},
    "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess": {"state": ("block-all-sharing",)},
    "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess": {"state": ("block-new-sharing",)},
    "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults": {
        "httpTokens": ("required",),
        "httpPutResponseHopLimit": (1,),
    },
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": dict.fromkeys(
        ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), (True,)
    ),
}
# And these once in an account, whatever the region.
GLOBAL_SINGLETONS = (
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
)


def config_recorder_complete(view: View) -> Iterator[Breach]:
    """CFG-001."""
    for stack in managed_accounts(view):
        recorders = view.within(stack, RECORDER)
        if not recorders:
            yield Breach(f"account {stack} does not record its configuration")
        for recorder in recorders:
            for key in ("allSupported", "includeGlobalResourceTypes"):
                if at(recorder["recordingGroup"], key) is not True:
                    path = f"recordingGroup.{key}"
                    yield Breach(f"{key} is not on: some resource types are not recorded", path, recorder)
            if not view.within(stack, DELIVERY_CHANNEL):
                yield Breach("what is recorded is delivered nowhere", "", recorder)
            if not any(status["isEnabled"] is True for status in view.within(stack, RECORDER_STATUS)):
                yield Breach("the recorder is never started", "", recorder)


def guardduty_detects(view: View) -> Iterator[Breach]:
    """DET-001. Objects are what an ML project has to lose: a project under a framework watches them too."""
    for stack in managed_accounts(view):
        detectors = view.within(stack, DETECTOR)
        if not detectors:
            yield Breach(f"nothing looks for threats in account {stack}")
        for detector in detectors:
            if detector["enable"] is False:
                yield Breach("the detector is off", "enable", detector)
            features = {each["name"] for each in view.within(stack, DETECTOR_FEATURE) if each["status"] == "ENABLED"}
            if view.regulated(detector) and "S3_DATA_EVENTS" not in features:
                yield Breach("accesses to objects are not looked at: no feature S3_DATA_EVENTS", "", detector)


def security_hub_and_analyzer_on(view: View) -> Iterator[Breach]:
    """DET-002."""
    for stack in managed_accounts(view):
        if not view.within(stack, *SECURITY_HUB):
            yield Breach(f"findings of account {stack} are gathered nowhere: Security Hub is off")
        if not view.within(stack, ANALYZER):
            yield Breach(f"nobody notices what account {stack} shares: there is no access analyzer")


def macie_on(bucket: Resource, view: View) -> Iterator[Breach]:
    """DET-003."""
    accounts = managed_accounts(view)
    own = view.accounts(bucket)
    for stack in accounts:
        if own and stack not in own:
            continue
        found = view.within(stack, MACIE)
        if not found:
            yield Breach(f"nobody notices sensitive data in the wrong place: Macie is off in account {stack}")
        for account in found:
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
    provider = view.provider(resource)
    accounts = ",".join(sorted(view.accounts(resource)))
    region = "" if provider is None or resource.type in GLOBAL_SINGLETONS else str(provider["region"])
    url = str(resource["url"]) if resource.type.endswith("OpenIdConnectProvider") else ""
    return (resource.type, accounts, region, url)


def account_defaults_safe(resource: Resource) -> Iterator[Breach]:
    """ACC-002. What a program forgets to say, the account's defaults say."""
    for key, allowed in SAFE_DEFAULTS[resource.type].items():
        value = resource[key]
        if value not in allowed:
            yield Breach(f"{key} is {value!r}, expected {allowed[0]!r}", key)


def tags_required(provider: Resource) -> Iterator[Breach]:
    """TAG-001. The provider's default tags reach every resource that can carry tags."""
    block = decoded(provider["defaultTags"])
    tags = at(block, "tags") or {}
    for key in ("project", "env", "owner", "cost-center", "data-classification", "ai-risk"):
        if not is_set(tags.get(key)):
            yield Breach(f"resources carry no tag {key!r}", f"defaultTags.tags.{key}")


def budget_notified(view: View) -> Iterator[Breach]:
    """BUD-001."""
    if "monitoring" not in view.programs:
        raise Undetermined("the monitoring program is not among the stacks that were read")
    for stack in view.stacks("monitoring"):
        budgets = view.within(stack, BUDGET)
        if not budgets:
            yield Breach(f"environment {stack} has no budget")
        for budget in budgets:
            rows = budget["notifications"] or []
            if not any(is_set(at(row, key)) for row in rows for key in SUBSCRIBERS):
                yield Breach("nobody is told when the budget is used up", "notifications", budget)
