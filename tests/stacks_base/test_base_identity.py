from __future__ import annotations

import fnmatch
import functools
import json
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from stacks_base.base_project import (
    ACCOUNT,
    KEY_CLASSES,
    LARGE,
    PURPOSES,
    documents,
    inputs,
    listed,
    platform,
    program,
    recorded,
    small,
    statements,
)

from modelkeel.graph import Graph
from stacks.documents import boundary, ci_deploy, ci_read, ci_state, person, person_boundary, service_roles, trust
from stacks.documents.grant import Grants
from stacks.documents.sagemaker_guard import LOCAL_STORAGE_INSTANCES, SageMakerLimits, guard
from stacks.documents.statement import MANAGED_POLICY_CHARACTERS, TRUST_POLICY_CHARACTERS, Document, merged, size
from stacks.identity import people
from stacks.instance_storage import has_local_storage

CASES: dict[str, Callable[[], Graph]] = {"large": recorded, "small": small}
cases = pytest.mark.parametrize("case", CASES)
POLICY, ROLE = "iam/policy:Policy", "iam/role:Role"
# A project and an environment of the longest names that the answers allow.
LONGEST = platform(project="p" * 30, environment="staging", region="ap-southeast-2", partition="aws-us-gov")
LIMITS = SageMakerLimits(
    training_instance_types=["ml.m7i.2xlarge", "ml.m7i.16xlarge", "ml.g6.12xlarge"],
    endpoint_instance_types=["ml.c7i.2xlarge"],
    require_network_isolation=True,
    require_intercontainer_encryption=True,
    max_job_runtime_seconds=86400,
)
GRANTS = Grants(platform=LONGEST, buckets=PURPOSES, key_classes=KEY_CLASSES)
SCOPE = person.PersonScope(grants=GRANTS, teams=["pricing"])
DOCUMENTS: dict[str, Document] = {
    "boundary": boundary.workload_boundary(LONGEST, ["ap-southeast-2", "eu-west-1"], LIMITS),
    "ci-boundary": boundary.ci_boundary(LONGEST, ["ap-southeast-2", "eu-west-1"], LIMITS),
    "delivery-boundary": boundary.delivery_boundary(LONGEST),
    "ci-preview-read": merged(ci_read.read_configuration(LONGEST), ci_state.read_state(LONGEST)),
    "ci-deploy-read": merged(ci_read.read_configuration(LONGEST), ci_state.write_state(LONGEST)),
    **{f"ci-deploy-{part}": document for part, document in ci_deploy.by_part(LONGEST).items()},
    **{role: row.permissions(GRANTS, True) for role, row in service_roles.ROLES.items()},
    "people-boundary": person_boundary.person_boundary(LONGEST, ["ap-southeast-2", "eu-west-1"], LIMITS),
    "break-glass-boundary": person_boundary.break_glass_boundary(
        LONGEST, ["ap-southeast-2", "eu-west-1"], LIMITS, ("2026-11-25T18:00:00Z", "2026-11-26T06:00:00Z")
    ),
    "break-glass-repairs": person_boundary.repairs(LONGEST),
    **{
        f"{name}-{number}": document
        for name, row in people.table().people.items()
        for number, document in enumerate(person.policies(row, SCOPE), 1)
    },
}
each = pytest.mark.parametrize("name", DOCUMENTS)

# IAM's names where the operation's differs: Service Authorization Reference, read 2026-11-23.
MODELS = {"states": "stepfunctions", "access-analyzer": "accessanalyzer", "servicequotas": "service-quotas"}
IAM_ONLY = {
    *("iam:PassRole", "budgets:ModifyBudget", "budgets:ViewBudget", "sagemaker:ListTags"),
    *(f"logs:{verb}LogDelivery" for verb in ("Create", "Delete", "Get", "Update")),
    # Cloud Control's own prefix is that of CloudFormation.
    *("cloudformation:GetResource", "cloudformation:GetResourceRequestStatus"),
    *("ecs:Poll", "ecs:StartTelemetrySession", "ssm:UpdateInstanceInformation"),
    *(f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")),
    *("backup-storage:MountCapsule", "logs:ListLogDeliveries", "kms:ReEncryptFrom", "kms:ReEncryptTo"),
}
S3_OPERATIONS = {
    "GetObject": "GetObject",
    "GetObjectVersion": "GetObject",
    "DeleteObjectVersion": "DeleteObject",
    "ListBucket": "ListObjectsV2",
    "PutEncryptionConfiguration": "PutBucketEncryption",
    "GetEncryptionConfiguration": "GetBucketEncryption",
    "PutLifecycleConfiguration": "PutBucketLifecycleConfiguration",
    "GetLifecycleConfiguration": "GetBucketLifecycleConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
    "PutBucketObjectLockConfiguration": "PutObjectLockConfiguration",
    "PutBucketPublicAccessBlock": "PutPublicAccessBlock",
    "GetAccelerateConfiguration": "GetBucketAccelerateConfiguration",
    "GetReplicationConfiguration": "GetBucketReplication",
    "AbortMultipartUpload": "AbortMultipartUpload",
    "ListBucketMultipartUploads": "ListMultipartUploads",
}
S3_CONTROL = {"ListTagsForResource", "TagResource", "UntagResource", "PutAccountPublicAccessBlock"}
S3_ONLY = {"BypassGovernanceRetention"}


def _allows(document: Document) -> list[dict[str, Any]]:
    return [statement for statement in document["Statement"] if statement["Effect"] == "Allow"]


@each
def test_documents_fit_into_a_managed_policy(name: str) -> None:
    assert size(DOCUMENTS[name]) <= MANAGED_POLICY_CHARACTERS


@each
def test_statement_ids_are_unique(name: str) -> None:
    """IAM refuses a document with two statements of one id."""
    sids = [statement["Sid"] for statement in DOCUMENTS[name]["Statement"]]

    assert len(sids) == len(set(sids))


@each
def test_every_action_exists(name: str) -> None:
    """A misspelt action grants nothing and is found on the day that it is needed."""
    actions = {
        action
        for statement in DOCUMENTS[name]["Statement"]
        for action in listed(statement.get("Action", statement.get("NotAction", [])))
        if "*" not in action
    }

    assert sorted(action for action in actions - IAM_ONLY if not _exists(action)) == []


def _exists(action: str) -> bool:
    service, name = action.split(":")
    if service == "s3":
        if name in S3_CONTROL:
            return name in _operations("s3control") or name == "PutAccountPublicAccessBlock"
        return name in S3_ONLY or S3_OPERATIONS.get(name, name) in _operations("s3")
    if service == "sagemaker-mlflow":
        return True
    operations = _operations(MODELS.get(service, service))
    if service == "sagemaker":
        operations |= _operations("sagemaker-runtime") | _operations("sagemaker-featurestore-runtime")
    return name in operations


@functools.cache
def _operations(service: str) -> frozenset[str]:
    return frozenset(botocore.session.get_session().get_service_model(service).operation_names)


@each
def test_nothing_is_allowed_everywhere(name: str) -> None:
    for statement in _allows(DOCUMENTS[name]):
        assert "*" not in listed(statement["Action"])
        assert "NotAction" not in statement


@each
def test_roles_are_passed_by_path_and_only_to_named_services(name: str) -> None:
    """A boundary names the path; the roles' own policies name the services."""
    for statement in _allows(DOCUMENTS[name]):
        if "iam:PassRole" in listed(statement["Action"]):
            assert all(":role/mlops/staging/" in arn for arn in listed(statement["Resource"]))
            if not name.endswith("boundary"):
                assert statement["Condition"]["StringEquals"]["iam:PassedToService"]


@each
def test_no_partition_is_taken_for_granted(name: str) -> None:
    assert "arn:aws:" not in json.dumps(DOCUMENTS[name])


@pytest.mark.parametrize("role", service_roles.ROLES)
def test_service_roles_touch_data_only_by_name(role: str) -> None:
    """What has to be "*" can neither read nor write data."""
    unscoped = {
        action
        for statement in _allows(DOCUMENTS[role])
        if statement["Resource"] == "*"
        for action in listed(statement["Action"])
    }

    assert unscoped <= {
        *("cloudwatch:PutMetricData", "ecr:GetAuthorizationToken", "ecs:DiscoverPollEndpoint"),
        # A machine of a cluster opens its own session, and answers a request by the token that came with it.
        *(f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")),
        *(f"sagemaker:SendPipelineExecutionStep{outcome}" for outcome in ("Failure", "Success")),
        "ssm:UpdateInstanceInformation",
        *(action for action in boundary.NETWORK_INTERFACES if action.startswith("ec2:Describe")),
    }


@pytest.mark.parametrize("role", service_roles.ROLES)
def test_keys_are_used_by_alias_and_through_a_service(role: str) -> None:
    """Identity is deployed before the keys exist, so their ARNs cannot be named; no service signs in a role's stead."""
    for statement in _allows(DOCUMENTS[role]):
        if any(action.startswith("kms:") for action in listed(statement["Action"])):
            condition = json.dumps(statement["Condition"])
            assert "kms:ResourceAliases" in condition
            assert statement["Action"] == ["kms:GetPublicKey", "kms:Sign"] or any(
                key in condition for key in ("kms:ViaService", "kms:GrantIsForAWSResource", "EncryptionContext")
            )


def test_nobody_but_people_approves_a_model() -> None:
    """The pipeline registers what waits; the boundaries of services and of CI deny the approval itself."""
    (register,) = [s for s in _allows(DOCUMENTS["pipeline"]) if s["Sid"] == "RegisterUnapproved"]

    assert register["Condition"] == {"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}}
    for name in ("boundary", "ci-boundary"):
        (deny,) = [s for s in DOCUMENTS[name]["Statement"] if s["Sid"] == "NoApproval"]
        assert deny["Action"] == ["sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage"]
        assert deny["Condition"] == {"StringEquals": {"sagemaker:ModelApprovalStatus": "Approved"}}


def _guard(sid: str, **changes: Any) -> dict[str, Any] | None:
    limits = SageMakerLimits(**{**{f: getattr(LIMITS, f) for f in LIMITS.__dataclass_fields__}, **changes})
    return next((statement for statement in guard(limits) if statement["Sid"] == sid), None)


@pytest.mark.parametrize("kind", ["Volume", "Output"])
def test_a_job_without_any_key_is_denied_under_either_name_of_the_key(kind: str) -> None:
    """Both names in one block: the deny holds only when both are absent, whichever the service evaluates."""
    statement = _guard(f"{kind}Key")

    assert statement is not None
    assert statement["Condition"]["Null"] == {
        f"sagemaker:{kind}KmsKey": "true",
        f"sagemaker:{kind}KmsKeyArn": "true",
    }


def test_instances_that_refuse_a_volume_key_are_not_asked_for_one() -> None:
    """Nearly all GPU types: a blanket deny would block GPU training."""
    statement = _guard("VolumeKey")

    assert statement is not None
    assert statement["Condition"]["ForAnyValue:StringNotLike"] == {
        "sagemaker:InstanceTypes": list(LOCAL_STORAGE_INSTANCES)
    }


@pytest.mark.parametrize(
    "instance_type",
    [
        *("ml.g4dn.xlarge", "ml.g5.2xlarge", "ml.g6.xlarge", "ml.g6e.12xlarge", "ml.g7e.2xlarge", "ml.p4d.24xlarge"),
        *("ml.p4de.24xlarge", "ml.p5.48xlarge", "ml.p5en.48xlarge", "ml.p6-b200.48xlarge", "ml.trn1.32xlarge"),
        *("ml.trn2.48xlarge", "ml.m5d.large", "ml.c6id.xlarge", "ml.r7gd.xlarge", "ml.p3dn.24xlarge"),
        *("ml.m7i.large", "ml.c7i.2xlarge", "ml.r7i.48xlarge", "ml.c8g.large", "ml.inf2.xlarge", "ml.t3.medium"),
        *("ml.m5.24xlarge", "ml.c5n.xlarge", "ml.p3.2xlarge", "ml.m8g.medium"),
    ],
)
def test_iam_and_the_job_definitions_agree_on_local_storage(instance_type: str) -> None:
    matches = any(fnmatch.fnmatchcase(instance_type, pattern) for pattern in LOCAL_STORAGE_INSTANCES)

    assert has_local_storage(instance_type) == matches


def test_no_instance_type_at_all_denies_the_action() -> None:
    statement = _guard("HostingInstances", endpoint_instance_types=[])

    assert statement is not None
    assert "Condition" not in statement


@pytest.mark.parametrize(
    ("sid", "switch"),
    [("Isolation", "require_network_isolation"), ("TrafficEncryption", "require_intercontainer_encryption")],
)
def test_isolation_and_traffic_encryption_are_demanded_where_asked(sid: str, switch: str) -> None:
    assert _guard(sid, **{switch: True}) is not None
    assert _guard(sid, **{switch: False}) is None


@cases
def test_every_role_has_a_boundary(case: str) -> None:
    roles = inputs(CASES[case](), ROLE)

    assert len(roles) >= 9
    assert [name for name, row in roles.items() if not row.get("permissionsBoundary")] == []


@cases
def test_every_trust_names_its_principal_and_its_source(case: str) -> None:
    for _, statement in statements(CASES[case](), ROLE, "assumeRolePolicy"):
        (kind,) = statement["Principal"]
        keys = {key for operator in statement["Condition"].values() for key in operator}
        assert kind in {"AWS", "Service", "Federated"}
        if kind == "Service":
            assert {"aws:SourceAccount", "aws:SourceArn"} <= keys
        elif kind == "AWS":
            assert "aws:PrincipalArn" in keys
        else:
            assert {key.rpartition(":")[2] for key in keys} == {"aud", "sub"}


@cases
def test_ci_roles_open_for_one_exact_subject_each(case: str) -> None:
    roles = inputs(CASES[case](), ROLE)
    subject = "token.actions.githubusercontent.com:sub"

    def subjects(role: str) -> list[str]:
        (statement,) = json.loads(roles[role]["assumeRolePolicy"])["Statement"]
        return list(statement["Condition"]["StringEquals"][subject])

    assert subjects("ci-preview") == ["repo:acme/fraud:pull_request"]
    assert subjects("ci-deploy") == ["repo:acme/fraud:environment:prod"]


def test_ci_trusts_the_provider_that_the_account_program_creates() -> None:
    roles = inputs(recorded(), ROLE)
    (statement,) = json.loads(roles["ci-deploy"]["assumeRolePolicy"])["Statement"]

    expected = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"

    assert statement["Principal"] == {"Federated": expected}


@pytest.mark.parametrize("subjects", [[], ["repo:acme/*"], ["repo:acme/fraud:ref:refs/heads/?"]])
def test_a_loose_subject_is_refused(subjects: list[str]) -> None:
    with pytest.raises(ValueError, match="exact"):
        trust.ci_trust(platform(), "https://gitlab.com", "https://gitlab.com", subjects)


def test_without_ci_the_admin_role_deploys() -> None:
    admin = f"arn:aws:iam::{ACCOUNT}:role/admin"

    (statement,) = trust.ci_trust(platform(), "", "", [], admin)["Statement"]

    assert statement["Principal"] == {"AWS": admin}


def test_a_role_that_nobody_could_assume_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody can deploy"):
        trust.ci_trust(platform(), "", "", [])


@cases
def test_trusts_fit_into_their_limit(case: str) -> None:
    for document in documents(CASES[case](), ROLE, "assumeRolePolicy").values():
        assert size(document) <= TRUST_POLICY_CHARACTERS


def test_preview_changes_nothing() -> None:
    writes = ("Create", "Delete", "Put", "Update", "Attach", "Detach", "Start", "Stop", "Set", "Tag", "Modify")

    actions = {
        action.split(":")[1]
        for statement in _allows(DOCUMENTS["ci-preview-read"])
        for action in listed(statement["Action"])
    }

    assert [action for action in actions if action.startswith(writes)] == []


def test_preview_reads_no_contents() -> None:
    read = DOCUMENTS["ci-preview-read"]
    (deny,) = [s for s in read["Statement"] if s["Effect"] == "Deny"]
    objects = [s["Resource"] for s in _allows(read) if "s3:GetObject" in listed(s["Action"])]

    assert {"secretsmanager:GetSecretValue", "dynamodb:Scan", "kinesis:GetRecords"} <= set(deny["Action"])
    assert objects == [f"arn:aws-us-gov:s3:::{'p' * 30}-staging-state-{ACCOUNT}/*"]


def test_deploy_creates_roles_only_under_the_boundary_and_cannot_loosen_it() -> None:
    limit = f"arn:aws-us-gov:iam::{ACCOUNT}:policy/mlops/staging/{'p' * 30}-staging-boundary"
    (create,) = [s for s in _allows(DOCUMENTS["ci-deploy-platform"]) if s["Sid"] == "CreateRoles"]
    denies = {s["Sid"]: s for s in DOCUMENTS["ci-boundary"]["Statement"] if s["Effect"] == "Deny"}

    assert create["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": limit}}
    assert denies["RolesWithBoundaryOnly"]["Condition"] == {"StringNotEquals": {"iam:PermissionsBoundary": limit}}
    assert "iam:DeleteRolePermissionsBoundary" in denies["KeepBoundaries"]["Action"]
    assert limit in denies["KeepOwnPolicies"]["Resource"]
    assert "iam:UpdateAssumeRolePolicy" in denies["KeepOwnRoles"]["Action"]


@pytest.mark.parametrize("name", ["boundary", "ci-boundary"])
def test_boundaries_keep_to_the_regions_and_the_audit(name: str) -> None:
    denies = {s["Sid"]: s for s in DOCUMENTS[name]["Statement"] if s["Effect"] == "Deny"}

    assert denies["OnlyRegions"]["Condition"] == {
        "StringNotEquals": {"aws:RequestedRegion": ["ap-southeast-2", "eu-west-1"]}
    }
    assert {"cloudtrail:StopLogging", "s3:BypassGovernanceRetention"} <= set(denies["KeepAudit"]["Action"])


def test_a_schedule_starts_and_keeps_and_does_nothing_else() -> None:
    """The jobs that it starts run under roles of their own."""
    actions = {action for statement in _allows(DOCUMENTS["scheduler"]) for action in listed(statement["Action"])}

    assert {action for action in actions if not action.startswith("kms:")} == {
        *("sagemaker:StartPipelineExecution", "sqs:SendMessage", "states:StartExecution"),
    }


def test_an_unknown_service_role_is_named() -> None:
    with pytest.raises(Exception, match="'trainer'"):
        program("identity", identity={"service_roles": ["trainer"]})


def test_every_service_role_is_exported() -> None:
    exports = program("identity").stacks[0].exports

    expected = {f"{role}_role_arn" for role in [*LARGE["identity"]["service_roles"], "ci_preview", "ci_deploy"]}

    assert set(exports) == expected | {"boundary_arn", "break_glass_role_arn", "people_role_arns"}
