"""Near misses: what a control must accept though it looks wrong, and must refuse though it looks right."""

from __future__ import annotations

import base64
import json
from typing import Any

from policy_twins import account, machine_learning, security
from policy_twins.build import ACCOUNT, KEY_ARN, OTHER_ACCOUNT, changed, policy, resource, statement, without
from policy_twins.machine_learning import GUARDS, LIVE, MODEL, RUN, pipeline, registers, set_in
from policy_twins.s3 import RAW, ROLE, named_writer, refuse_plain_http
from policy_twins.security import IT, KEY, identity

from modelkeel.graph import Resource

TRAIL = account.IT
CAPTURE = LIVE["configuration"].inputs["dataCaptureConfig"]


def guard(name: str, condition: dict[str, Any], **more: Any) -> list[Resource]:
    """Return a role that may run jobs under all guards, the guard `name` replaced by another condition."""
    guards = {**GUARDS, name: condition}
    denied = [statement("Deny", machine_learning.EVERY_JOB, Condition=each, **more) for each in guards.values()]
    return list(identity(RUN, denied=tuple(denied)).values())


def transport(**changes: Any) -> list[Resource]:
    return changed(RAW, "policy", policy=policy({**refuse_plain_http("raw"), **changes}))


def encryption(**by_default: Any) -> list[Resource]:
    rules = [{"applyServerSideEncryptionByDefault": by_default, "bucketKeyEnabled": False}]
    return changed(RAW, "encryption", rules=rules)


def approving(*denied: dict[str, Any], status: str) -> list[Resource]:
    """Return a role that registers and may update packages to `status` only, under the denies of its boundary."""
    condition = {"Condition": {"StringEquals": {"sagemaker:ModelApprovalStatus": status}}}
    allowed = [
        statement("Allow", "sagemaker:CreateModelPackage", **machine_learning.PENDING),
        statement("Allow", "sagemaker:UpdateModelPackage", **condition),
    ]
    return list(identity(*allowed, denied=denied).values())


def attached_boundary() -> list[Resource]:
    """Return a role whose boundary is also attached to it: then the boundary grants."""
    parts = identity(security.READ_RAW)
    refs = {"role": parts["role"], "policyArn": parts["boundary"]}
    kind = "iam/rolePolicyAttachment:RolePolicyAttachment"
    return [*parts.values(), resource(kind, "boundary", program="identity", refs=refs)]


def tuning(**network: Any) -> list[Resource]:
    it = pipeline(set_in("Train", "VpcConfig", value=machine_learning.VPC))
    document = json.loads(it[0].inputs["pipelineDefinition"])
    train = next(step for step in document["Steps"] if step["Name"] == "Train")
    train["Type"] = "Tuning"
    train["Arguments"] = {"TrainingJobDefinitions": [{**train["Arguments"], **network}]}
    return changed({part.urn: part for part in it}, it[0].urn, pipelineDefinition=json.dumps(document))


def watched_by_query() -> list[Resource]:
    dimensions = {"EndpointName": "shop-live"}
    query = {"metric": {"namespace": "AWS/SageMaker", "metricName": "ModelLatency", "dimensions": dimensions}}
    return changed(LIVE, "slow", metricName=None, dimensions=None, metricQueries=[query])


def data_events(category: str, kind: str) -> list[Resource]:
    fields = [{"field": "eventCategory", "equals": [category]}, {"field": "resources.type", "equals": [kind]}]
    selectors = [account.MANAGEMENT_EVENTS, {"fieldSelectors": fields}]
    return changed(TRAIL, "trail", advancedEventSelectors=selectors)


def classic_events(kind: str) -> list[Resource]:
    selectors = [{"includeManagementEvents": True, "dataResources": [{"type": kind, "values": ["arn:aws:s3"]}]}]
    return changed(TRAIL, "trail", advancedEventSelectors=None, eventSelectors=selectors)


def registry(account_id: str, **more: Any) -> list[Resource]:
    principal = {"AWS": f"arn:aws:iam::{account_id}:root"}
    document = policy(statement("Allow", "sagemaker:DescribeModelPackage", Principal=principal, **more))
    return changed(machine_learning.REGISTRY, "policy", resourcePolicy=document)


def function(**variables: Any) -> list[Resource]:
    return [resource("lambda/function:Function", "f", environment={"variables": variables})]


def template(user_data: str) -> Resource:
    options = {"httpTokens": "required", "httpPutResponseHopLimit": 1}
    return resource("ec2/launchTemplate:LaunchTemplate", "t", userData=user_data, metadataOptions=options)


ORGANIZATION = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
FOREIGN = {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}
VIA_S3 = {"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}
EXACT = security.ci_trust(
    StringEquals={"aud": "sts.amazonaws.com"}, StringLike={"sub": "repo:shop/ml:environment:prod"}
)
UNSAMPLED = {**CAPTURE, "initialSamplingPercentage": 0}
KEY_ID = "-----BEGIN RSA PRIVATE KEY-----"

ACCEPTED: list[tuple[str, list[Resource]]] = [
    (
        "endpoint-own-key",
        changed(LIVE, "configuration", productionVariants=machine_learning.NVME, kmsKeyArn=None),
    ),
    ("iam-policy-not-administrator", [identity(security.READ_RAW)["boundary"]]),
    ("cloudtrail-data-events", classic_events("AWS::S3::Object")),
    ("endpoint-alarmed", watched_by_query()),
    ("iam-ci-role-pinned", changed(IT, "role", assumeRolePolicy=EXACT)),
    ("kms-key-rotated", changed(KEY, "key", enableKeyRotation=None, customerMasterKeySpec="RSA_2048")),
    ("kms-key-rotated", changed(KEY, "key", enableKeyRotation=None, keyUsage="SIGN_VERIFY")),
    ("kms-key-duties-split", list(identity(statement("Allow", "kms:Decrypt", **VIA_S3)).values())),
    ("messages-encrypted", list(machine_learning.QUEUE.values())),
    ("s3-bucket-encrypted-with-own-key", encryption(sseAlgorithm="aws:kms:dsse", kmsMasterKeyId=KEY_ARN)),
    ("s3-bucket-tls-only", transport(Resource="*")),
    (
        "s3-bucket-policy-closed",
        changed(RAW, "policy", policy=policy(refuse_plain_http("raw"), statement("Deny", "s3:*", Principal=FOREIGN))),
    ),
    ("s3-bucket-policy-closed", changed(RAW, "policy", policy=named_writer(ROLE))),
    (
        "cloudtrail-to-log-group",
        changed(account.IT, "trail", isOrganizationTrail=True, cloudWatchLogsGroupArn=None),
    ),
    ("cloudtrail-data-events", changed(account.IT, "trail", isOrganizationTrail=True, advancedEventSelectors=None)),
    ("model-group-policy-closed", registry(OTHER_ACCOUNT, **ORGANIZATION)),
    ("model-approval-split", approving(status="Rejected")),
    ("job-in-vpc", tuning()),
    ("job-instance-types-listed", guard("types", {"Null": {"sagemaker:InstanceTypes": "false"}})),
    ("secrets-not-in-environment", function(API_TOKEN="", TOKEN_TTL_SECONDS="60", PASSWORD_FILE="/run/x", LIMIT=3)),
]

REFUSED: list[tuple[str, list[Resource]]] = [
    ("cloudtrail-data-events", classic_events("AWS::Lambda::Function")),
    ("cloudtrail-data-events", data_events("Data", "AWS::Lambda::Function")),
    (
        "endpoint-captured",
        changed(LIVE, "configuration", dataCaptureConfig=UNSAMPLED),
    ),
    ("endpoint-drift-watched", changed(LIVE, "drifted", metricName="Latency")),
    ("endpoint-drift-watched", changed(LIVE, "drifted", namespace="AWS/SageMaker")),
    ("job-in-vpc", guard("vpc", {"Null": {"sagemaker:VpcSubnets": "false"}})),
    ("job-in-vpc", guard("vpc", {"StringEquals": {"sagemaker:VpcSubnets": "true"}})),
    ("job-isolated", guard("isolation", {"Bool": {"sagemaker:NetworkIsolation": "false"}})),
    ("job-isolated", guard("isolation", {"BoolIfExists": {"sagemaker:NetworkIsolation": "true"}})),
    ("job-in-vpc", tuning(VpcConfig={})),
    ("job-instance-types-listed", guard("types", {"Null": {"sagemaker:InstanceTypes": "true"}})),
    ("model-approval-split", approving(status="Approved")),
    (
        "model-approval-split",
        approving(statement("Deny", "sagemaker:CreateModelPackage"), status="Approved"),
    ),
    (
        "model-approval-split",
        registers(
            statement(
                "Allow",
                "sagemaker:CreateModelPackage",
                Condition={"StringNotEquals": {"sagemaker:ModelApprovalStatus": "Rejected"}},
            )
        ),
    ),
    ("s3-bucket-encrypted-with-own-key", encryption(sseAlgorithm="aws:kms", kmsMasterKeyId=KEY_ARN)),
    ("s3-bucket-tls-only", transport(Resource="arn:aws:s3:::raw")),
    ("s3-bucket-tls-only", transport(Action="s3:GetObject")),
    ("s3-bucket-tls-only", transport(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})),
    ("s3-bucket-tls-only", transport(Condition={"Bool": {"aws:SecureTransport": "true"}})),
    ("s3-bucket-tls-only", transport(Condition={"StringEquals": {"aws:SecureTransport": "false"}})),
    ("iam-policy-not-administrator", attached_boundary()),
    ("secrets-not-in-environment", function(db_password="hunter2")),
    ("secrets-not-in-environment", [template(f"echo {KEY_ID}")]),
    ("secrets-not-in-environment", [template(base64.b64encode(f"echo {KEY_ID}".encode()).decode())]),
    ("secrets-not-in-environment", pipeline(set_in("Check", "Environment", value={"AUTH_TOKEN": "x"}))),
    (
        "ecr-own-key",
        changed(machine_learning.REPOSITORY, "repository", encryptionConfigurations=[{"encryptionType": "KMS"}]),
    ),
    (
        "analytics-own-key",
        changed(
            machine_learning.ANALYTICS,
            "queries",
            configuration={"resultConfiguration": {"encryptionConfiguration": {"encryptionOption": "SSE_KMS"}}},
        ),
    ),
    ("model-in-vpc", changed(MODEL, "model", vpcConfig={"subnets": ["subnet-1"], "securityGroupIds": []})),
    ("security-hub-and-analyzer-on", without(TRAIL, "hub", "analyzer")),
]
