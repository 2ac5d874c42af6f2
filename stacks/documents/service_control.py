"""Service control policies: what nobody in the accounts may do, administrators included.

They never bind the organization's management account nor service-linked roles (AWS Organizations User Guide,
"Service control policies", read 2026-11-25). Break-glass roles are excluded by their exact ARNs, never by a pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stacks.documents.boundary import AUDIT_TAMPERING, GLOBAL_SERVICES, USER_CHANGES
from stacks.documents.packing import packed
from stacks.documents.sagemaker_guard import JOBS, LOCAL_STORAGE_INSTANCES
from stacks.documents.statement import CONTROL_POLICY_CHARACTERS, Document, deny

# AWS Organizations User Guide, "Quotas": five per target, of which FullAWSAccess is one; read 2026-11-25.
ATTACHED_POLICIES = 5

KEY_LOSS = ("kms:DisableKey", "kms:ScheduleKeyDeletion")
DETECTION_TAMPERING = (
    "access-analyzer:DeleteAnalyzer",
    "guardduty:DeleteMembers",
    "guardduty:DisassociateFromAdministratorAccount",
    "macie2:DisableMacie",
    "securityhub:BatchDisableStandards",
)
LOG_LOSS = ("s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:DeleteObject", "s3:DeleteObjectVersion")
LOCK_CHANGES = ("s3:PutBucketObjectLockConfiguration", "s3:PutLifecycleConfiguration", "s3:PutBucketVersioning")
PURCHASES = (
    "ec2:PurchaseCapacityBlock",
    "ec2:PurchaseHostReservation",
    "ec2:PurchaseReservedInstancesOffering",
    "sagemaker:CreateTrainingPlan",
    "savingsplans:CreateSavingsPlan",
)
# Closed to new customers on 2026-07-30: AWS service availability pages, read 2026-11-23.
CLOSED_SERVICES = (
    "sagemaker:CreateDataQualityJobDefinition",
    "sagemaker:CreateFlowDefinition",
    "sagemaker:CreateLabelingJob",
    "sagemaker:CreateModelBiasJobDefinition",
    "sagemaker:CreateModelExplainabilityJobDefinition",
    "sagemaker:CreateModelQualityJobDefinition",
    "sagemaker:CreateMonitoringSchedule",
)
BOUNDARY_CHANGES = (
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:SetDefaultPolicyVersion",
)
HOSTING = ("sagemaker:CreateEndpointConfig", "sagemaker:CreateTransformJob")


@dataclass(frozen=True, kw_only=True)
class OrganizationFacts:
    """What the policies name: ARNs are exact, but for boundaries and audit buckets, which are patterns."""

    partition: str
    allowed_regions: Sequence[str]
    instance_types: Sequence[str]
    require_network_isolation: bool
    allow_closed_services: bool
    break_glass_arns: Sequence[str]
    admin_arns: Sequence[str]
    purchaser_arns: Sequence[str]
    boundary_arns: Sequence[str]
    audit_bucket_arns: Sequence[str]


def service_control_policies(facts: OrganizationFacts) -> dict[str, Document]:
    """Return the policies by name, as many as their size and their number on one target allow.

    Raises:
        ValueError: they do not fit; the message says by how much.
    """
    statements = [*places(facts), *audit(facts), *identities(facts), *machine_learning(facts)]
    documents = packed(statements, CONTROL_POLICY_CHARACTERS, "service control policies")
    if len(documents) >= ATTACHED_POLICIES:
        raise ValueError(
            f"{len(documents)} service control policies are needed, a target takes {ATTACHED_POLICIES - 1} beside "
            "FullAWSAccess: name fewer instance types or accounts"
        )
    return {f"guardrails-{number}": each for number, each in enumerate(documents, 1)}


def places(facts: OrganizationFacts) -> list[Document]:
    """Return where the accounts may be used, and what nobody may do with them as a whole."""
    return [
        {
            "Sid": "OnlyRegions",
            "Effect": "Deny",
            "NotAction": [*GLOBAL_SERVICES, *_MORE_GLOBAL_SERVICES],
            "Resource": "*",
            "Condition": {
                "StringNotEquals": {"aws:RequestedRegion": sorted(facts.allowed_regions)},
                "ArnNotEquals": {"aws:PrincipalArn": list(facts.break_glass_arns)},
            },
        },
        deny("StayInOrganization", ["organizations:LeaveOrganization"], "*"),
        deny("NoPurchases", PURCHASES, "*", ArnNotEquals={"aws:PrincipalArn": list(facts.purchaser_arns)}),
    ]


def audit(facts: OrganizationFacts) -> list[Document]:
    """Return what keeps the trail, the detectors, the locks, the audit logs and the keys."""
    buckets = list(facts.audit_bucket_arns)
    return [
        _unless_glass_is_broken(facts, "KeepAudit", AUDIT_TAMPERING, "*"),
        _unless_glass_is_broken(facts, "KeepDetection", DETECTION_TAMPERING, "*"),
        deny("KeepAuditLogs", LOG_LOSS, [*buckets, *(f"{arn}/*" for arn in buckets)]),
        _unless_glass_is_broken(facts, "KeepAuditLocks", LOCK_CHANGES, buckets),
        _unless_glass_is_broken(facts, "KeepKeys", KEY_LOSS, "*"),
    ]


def identities(facts: OrganizationFacts) -> list[Document]:
    """Return what keeps people without keys, and roles within their boundaries."""
    exempt = {"aws:PrincipalArn": [*facts.break_glass_arns, *facts.admin_arns]}
    roles = f"arn:{facts.partition}:iam::*:role/mlops/*"
    return [
        deny("NoUsers", USER_CHANGES, "*"),
        deny(
            "RolesWithBoundaryOnly",
            ["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
            roles,
            ArnNotLike={"iam:PermissionsBoundary": list(facts.boundary_arns)},
        ),
        deny("KeepBoundaries", ["iam:DeleteRolePermissionsBoundary"], roles),
        deny("KeepBoundaryPolicies", BOUNDARY_CHANGES, list(facts.boundary_arns), ArnNotEquals=exempt),
    ]


def machine_learning(facts: OrganizationFacts) -> list[Document]:
    """Return what SageMaker may not be asked for in any of the accounts."""
    isolated = (*JOBS, "sagemaker:CreateModel")
    not_local = {"sagemaker:InstanceTypes": list(LOCAL_STORAGE_INSTANCES)}
    volume = {"sagemaker:VolumeKmsKey": "true", "sagemaker:VolumeKmsKeyArn": "true"}
    output = {"sagemaker:OutputKmsKey": "true", "sagemaker:OutputKmsKeyArn": "true"}
    types = {"sagemaker:InstanceTypes": sorted(facts.instance_types)}
    statements = [
        _unless_glass_is_broken(facts, "OnlyInVpc", isolated, "*", Null={"sagemaker:VpcSubnets": "true"}),
        deny("VolumeKey", (*JOBS, *HOSTING), "*", Null=volume, ForAnyValue_StringNotLike=not_local),
        deny("OutputKey", (*JOBS, "sagemaker:CreateTransformJob"), "*", Null=output),
        deny("InstanceTypes", (*JOBS, *HOSTING), "*", ForAnyValue_StringNotLike=types),
        deny("NotebooksWithoutRoot", _NOTEBOOKS, "*", StringNotEqualsIfExists={"sagemaker:RootAccess": "Disabled"}),
        deny(
            "NotebooksOffline",
            ["sagemaker:CreateNotebookInstance"],
            "*",
            StringNotEquals={"sagemaker:DirectInternetAccess": "Disabled"},
        ),
        deny(
            "WorkspacesInVpc",
            ["sagemaker:CreateDomain", "sagemaker:UpdateDomain"],
            "*",
            StringNotEqualsIfExists={"sagemaker:AppNetworkAccessType": "VpcOnly"},
        ),
        deny("NoRemoteDebug", _REMOTE_DEBUG, "*", Bool={"sagemaker:EnableRemoteDebug": "true"}),
    ]
    if facts.require_network_isolation:
        statements.append(deny("Isolation", isolated, "*", BoolIfExists={"sagemaker:NetworkIsolation": "false"}))
    if not facts.allow_closed_services:
        statements.append(deny("NoClosedServices", CLOSED_SERVICES, "*"))
    return statements


# Beside those of the boundaries: what people and the organization's own tools use from one region only.
_MORE_GLOBAL_SERVICES = (
    "account:*",
    "aws-portal:*",
    "cloudfront:*",
    "health:*",
    "pricing:*",
    "route53:*",
    "shield:*",
    "sso:*",
    "support:*",
    "trustedadvisor:*",
)
_NOTEBOOKS = ("sagemaker:CreateNotebookInstance", "sagemaker:UpdateNotebookInstance")
_REMOTE_DEBUG = ("sagemaker:CreateTrainingJob", "sagemaker:UpdateTrainingJob")


def _unless_glass_is_broken(
    facts: OrganizationFacts,
    sid: str,
    actions: Sequence[str],
    resources: str | Sequence[str],
    **conditions: dict[str, str],
) -> Document:
    exempt = {"aws:PrincipalArn": list(facts.break_glass_arns)}
    return deny(sid, actions, resources, **conditions, ArnNotEquals=exempt)
