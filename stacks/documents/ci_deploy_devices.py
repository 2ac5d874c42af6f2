"""What the deploy role may do where devices run the model: rings and their deployments, index, audit and profile."""

from __future__ import annotations

from stacks import names
from stacks.documents import device_ring
from stacks.documents.boundary import role_pattern
from stacks.documents.ci_deploy_serving import CLOUD_CONTROL_ACTIONS
from stacks.documents.statement import Statement, allow
from stacks.settings import Platform

NAMED = (
    *("AttachSecurityProfile", "CreateFleetMetric", "CreateRoleAlias", "CreateScheduledAudit", "CreateSecurityProfile"),
    *("DeleteFleetMetric", "DeleteRoleAlias", "DeleteScheduledAudit", "DeleteSecurityProfile", "DescribeFleetMetric"),
    *("DescribeRoleAlias", "DescribeScheduledAudit", "DescribeSecurityProfile", "DetachSecurityProfile"),
    *("ListTargetsForSecurityProfile", "TagResource", "UntagResource", "UpdateFleetMetric", "UpdateRoleAlias"),
    *("UpdateScheduledAudit", "UpdateSecurityProfile"),
)
KINDS = ("fleetmetric", "rolealias", "scheduledaudit", "securityprofile")
OF_THE_ACCOUNT = (
    *("DeleteAccountAuditConfiguration", "DescribeAccountAuditConfiguration", "GetIndexingConfiguration"),
    *("GetV2LoggingOptions", "SetV2LoggingOptions", "UpdateAccountAuditConfiguration", "UpdateIndexingConfiguration"),
)
DEPLOYMENTS = ("CancelDeployment", "DeleteDeployment", "GetDeployment")
COMPONENTS = ("CreateComponentVersion", "DeleteComponent", "DescribeComponent", "GetComponent")
JOBS = ("CancelJob", "CreateJob", "DeleteJob", "DescribeJob", "UpdateJob")
MOVES = ("AddThingToThingGroup", "RemoveThingFromThingGroup", "UpdateThingGroupsForThing")


def ring_statements(platform: Platform) -> list[Statement]:
    """Return the making of rings, components and deployments; Greengrass runs a deployment as a job of IoT.

    Which device is in which ring is changed with the same rights, by a person or a job that may deploy.
    """

    def arn(service: str, suffix: str) -> str:
        return names.service_arn(platform, service, suffix)

    own = names.resource_name(platform, "*")
    groups = arn("iot", f"thinggroup/{own}")
    versions = f"{names.bucket_arn(platform, 'models')}/{device_ring.ARTEFACTS}/*"
    decrypt = {"kms:ResourceAliases": names.key_alias(platform, "*")}
    passed = {"iam:PassedToService": ["iot.amazonaws.com", device_ring.CREDENTIALS]}
    return [
        allow(
            "Rings",
            [f"iot:{action}" for action in NAMED],
            [*(arn("iot", f"{kind}/{own}") for kind in KINDS), arn("iot", "index/AWS_Things"), groups],
        ),
        # The account has one index, one log and one configuration of its audits; they are named by nothing.
        allow("AccountOfDevices", [f"iot:{action}" for action in OF_THE_ACCOUNT], "*"),
        # The reference names no resource of Greengrass V2 for these; what a deployment targets is IoT's to allow.
        allow("StartDeployments", ["greengrass:CreateDeployment", "greengrass:ListDeployments"], "*"),
        allow(
            "Deployments",
            [f"greengrass:{action}" for action in (*COMPONENTS, *DEPLOYMENTS, "TagResource", "UntagResource")],
            [arn("greengrass", "components:*"), arn("greengrass", "deployments:*")],
        ),
        allow("DeploymentJobs", [f"iot:{action}" for action in JOBS], [arn("iot", "job/*"), groups]),
        allow("DeploymentTargets", ["iot:DescribeThingGroup", "iot:ListThingsInThingGroup"], groups),
        allow("PlaceDevices", [f"iot:{action}" for action in MOVES], [arn("iot", "thing/*"), groups]),
        allow("ReadVersions", ["s3:GetObject"], versions),
        allow("DecryptVersions", ["kms:Decrypt"], arn("kms", "key/*"), ForAnyValue_StringLike=decrypt),
        allow("PassDeviceRoles2", ["iam:PassRole"], role_pattern(platform), StringEquals=passed),
        allow("DeviceResources", CLOUD_CONTROL_ACTIONS, "*"),
    ]
