"""Twins of the controls over training, models, endpoints, features, images, messages and logs."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from policy_twins.build import (
    ACCOUNT,
    KEY_ARN,
    OTHER_ACCOUNT,
    TOPIC_ARN,
    Twin,
    changed,
    policy,
    resource,
    statement,
    twin,
    without,
)
from policy_twins.s3 import bucket
from policy_twins.security import identity

from modelkeel.graph import Resource

ROLE = f"arn:aws:iam::{ACCOUNT}:role/mlops/prod"
PACKAGE = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package/scores/1"
IMAGE = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:{'0' * 64}"
VPC = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}

SAFE_MACHINE = {"encryptionConfiguration": {"kmsKeyId": KEY_ARN}}
TRAINING = {"program": "training"}
SERVING = {"program": "serving"}
INSTANCES = "/aws/sagemaker/Endpoints"
MONITORING = {"program": "monitoring"}


def definition() -> dict[str, Any]:
    closed = {"EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True, "VpcConfig": VPC}
    cluster = {"InstanceType": "ml.m7i.large", "InstanceCount": 1, "VolumeKmsKeyId": KEY_ARN}
    return {
        "Version": "2020-12-01",
        "Steps": [
            {
                "Name": "Check",
                "Type": "Processing",
                "Arguments": {
                    "RoleArn": f"{ROLE}/processing",
                    "NetworkConfig": dict(closed),
                    "ProcessingResources": {"ClusterConfig": dict(cluster)},
                    "ProcessingOutputConfig": {"KmsKeyId": KEY_ARN},
                    "Environment": {"EXPERIMENT": "scores"},
                },
            },
            {
                "Name": "Train",
                "Type": "Training",
                "Arguments": {
                    "RoleArn": f"{ROLE}/training",
                    **closed,
                    "ResourceConfig": dict(cluster),
                    "OutputDataConfig": {"S3OutputPath": "s3://shop-models/artifacts", "KmsKeyId": KEY_ARN},
                },
            },
            {
                "Name": "Gate",
                "Type": "Condition",
                "Arguments": {
                    "IfSteps": [
                        {
                            "Name": "Register",
                            "Type": "RegisterModel",
                            "Arguments": {
                                "ModelPackageGroupName": "shop-scores",
                                "ModelApprovalStatus": "PendingManualApproval",
                                "ModelCard": {"ModelCardStatus": "Draft"},
                            },
                        }
                    ]
                },
            },
        ],
    }


def pipeline(change: Callable[[dict[str, Any]], None] | None = None, *, group: bool = True) -> list[Resource]:
    """Return a pipeline, its registry group and its bucket; `change` works on the steps by name."""
    document = copy.deepcopy(definition())
    if change is not None:
        steps = {step["Name"]: step["Arguments"] for step in document["Steps"]}
        steps["Register"] = steps["Gate"]["IfSteps"][0]["Arguments"]
        change(steps)
    it = resource(
        "sagemaker/pipeline:Pipeline",
        "train",
        **TRAINING,
        roleArn=f"{ROLE}/pipeline",
        pipelineDefinition=json.dumps(document),
    )
    registry = resource(
        "sagemaker/modelPackageGroup:ModelPackageGroup", "scores", **TRAINING, modelPackageGroupName="shop-scores"
    )
    return [it, *([registry] if group else []), *bucket("models").values()]


def model(**container: Any) -> list[Resource]:
    it = resource(
        "sagemaker/model:Model",
        "scores",
        **SERVING,
        executionRoleArn=f"{ROLE}/endpoint",
        enableNetworkIsolation=True,
        vpcConfig={"subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
        primaryContainer={"modelPackageName": PACKAGE} | container,
    )
    return [it]


def many_models(*, guarded: bool = True) -> list[Resource]:
    """Return a model that stands for those below a prefix, and its bucket, which others may write to or may not."""
    parts = bucket("models")
    deny = statement(
        "Deny",
        ["s3:PutObject", "s3:DeleteObject"],
        "arn:aws:s3:::shop-models/models/released/*",
        Principal="*",
        Condition={"ArnNotEquals": {"aws:PrincipalArn": f"{ROLE}/ci-deploy"}} if guarded else {},
    )
    transport = json.loads(str(parts["policy"].inputs["policy"]))["Statement"]
    stands_for = {"image": IMAGE, "mode": "MultiModel", "modelDataUrl": "s3://shop-models/models/released/"}
    return [
        *model(modelPackageName=None, **stands_for),
        *changed(parts, "policy", policy=policy(*transport, deny)),
    ]


def drift_definition(*, job: str = "Processing", **changes: Any) -> str:
    """Return the state machine of the drift job; `changes` are parts of its request."""
    request: dict[str, Any] = {
        "AppSpecification": {"ContainerEntrypoint": ["python", "-m", "shop.drift", "--fairness", "--attribution"]},
        "NetworkConfig": {"EnableNetworkIsolation": True, "VpcConfig": VPC},
        "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m7i.large", "VolumeKmsKeyId": KEY_ARN}},
        "ProcessingOutputConfig": {"KmsKeyId": KEY_ARN},
        **changes,
    }
    return json.dumps(
        {"States": {"Run": {"Resource": f"arn:aws:states:::sagemaker:create{job}Job.sync", "Arguments": request}}}
    )


def serving() -> dict[str, Resource]:
    """Return a production endpoint with what watches it."""
    configuration = resource(
        "sagemaker/endpointConfiguration:EndpointConfiguration",
        "live",
        **SERVING,
        name="live-1",
        kmsKeyArn=KEY_ARN,
        productionVariants=[{"variantName": "live", "instanceType": "ml.c7i.xlarge", "initialInstanceCount": 2}],
        dataCaptureConfig={
            "enableCapture": True,
            "initialSamplingPercentage": 100,
            "destinationS3Uri": "s3://capture/capture",
            "kmsKeyId": KEY_ARN,
            "captureOptions": [{"captureMode": "Input"}, {"captureMode": "Output"}],
        },
    )
    endpoint = resource(
        "sagemaker/endpoint:Endpoint",
        "live",
        **SERVING,
        refs={"endpointConfigName": configuration},
        name="shop-live",
        deploymentConfig={
            "blueGreenUpdatePolicy": {"trafficRoutingConfiguration": {"type": "CANARY"}},
            "autoRollbackConfiguration": {"alarms": [{"alarmName": "slow"}]},
        },
    )
    variant = {
        "resourceId": "endpoint/shop-live/variant/live",
        "scalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    machine = resource(
        "sfn/stateMachine:StateMachine",
        "drift",
        **MONITORING,
        name="shop-drift",
        encryptionConfiguration={"kmsKeyId": KEY_ARN},
        loggingConfiguration={"includeExecutionData": False},
        definition=drift_definition(),
    )
    return {
        "configuration": configuration,
        "endpoint": endpoint,
        "target": resource("appautoscaling/target:Target", "live", **SERVING, **variant, minCapacity=2, maxCapacity=6),
        "scaling": resource("appautoscaling/policy:Policy", "live", **SERVING, **variant),
        "slow": alarm("slow", "AWS/SageMaker", "ModelLatency", **SERVING, EndpointName="shop-live"),
        "failing": alarm("failing", "AWS/SageMaker", "Invocation5XXErrors", **SERVING, EndpointName="shop-live"),
        "busy": alarm("busy", INSTANCES, "CPUUtilizationNormalized", **SERVING, EndpointName="shop-live"),
        "full": alarm("full", INSTANCES, "MemoryUtilization", **SERVING, EndpointName="shop-live"),
        "silent": alarm("silent", "shop/prod", "CapturedRecords", treat="breaching", **MONITORING, Source="shop-live"),
        "machine": machine,
        "schedule": resource(
            "scheduler/schedule:Schedule",
            "drift",
            **MONITORING,
            kmsKeyArn=KEY_ARN,
            target={"arn": "drift-id", "input": "{}"},
        ),
        "drifted": alarm("drifted", "shop/prod", "DriftedFeatureShare", **MONITORING, Feature="all"),
        "budget": resource(
            "budgets/budget:Budget", "month", **MONITORING, notifications=[{"subscriberSnsTopicArns": [TOPIC_ARN]}]
        ),
    }


def alarm(
    name: str, namespace: str, metric: str, program: str, treat: str = "notBreaching", **dimensions: str
) -> Resource:
    return resource(
        "cloudwatch/metricAlarm:MetricAlarm",
        name,
        program=program,
        name=name,
        namespace=namespace,
        metricName=metric,
        dimensions=dimensions,
        treatMissingData=treat,
        alarmActions=[TOPIC_ARN],
    )


LIVE = serving()
MODEL = {"model": model()[0]}
CREATE = ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"]
RUN = statement("Allow", CREATE, f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:*/shop-*")
EVERY_JOB = ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob", "sagemaker:CreateHyperParameterTuningJob"]
GUARDS = {
    "vpc": {"Null": {"sagemaker:VpcSubnets": "true"}},
    "isolation": {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}},
    "traffic": {"BoolIfExists": {"sagemaker:InterContainerTrafficEncryption": "false"}},
    "volume": {"Null": {"sagemaker:VolumeKmsKeyArn": "true", "sagemaker:VolumeKmsKey": "true"}},
    "output": {"Null": {"sagemaker:OutputKmsKeyArn": "true", "sagemaker:OutputKmsKey": "true"}},
    "types": {"ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": ["ml.m7i.*"]}},
}
PENDING = {"Condition": {"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}}}


def guarded(*missing: str) -> list[Resource]:
    """Return a role that may run jobs, under a boundary that lacks the guards `missing`."""
    denied = [statement("Deny", EVERY_JOB, Condition=guard) for name, guard in GUARDS.items() if name not in missing]
    return list(identity(RUN, denied=tuple(denied)).values())


def gap(name: str, condition: dict[str, Any]) -> list[Resource]:
    """Return a role whose guard `name` holds only under one more condition: a guard with a gap."""
    guards = {**GUARDS, name: {**GUARDS[name], **condition}}
    denied = [statement("Deny", EVERY_JOB, Condition=guard) for guard in guards.values()]
    return list(identity(RUN, denied=tuple(denied)).values())


def registers(*statements: dict[str, Any]) -> list[Resource]:
    return list(identity(*statements).values())


def set_in(step: str, *keys: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(steps: dict[str, Any]) -> None:
        block = steps[step]
        for key in keys[:-1]:
            block = block[key]
        block[keys[-1]] = value

    return change


FEATURES = {
    "group": resource(
        "sagemaker/featureGroup:FeatureGroup",
        "customers",
        featureGroupName="shop-customers",
        onlineStoreConfig={
            "enableOnlineStore": True,
            "securityConfig": {"kmsKeyId": KEY_ARN},
            "ttlDuration": {"unit": "Days", "value": 30},
        },
        offlineStoreConfig={"s3StorageConfig": {"s3Uri": "s3://features", "kmsKeyId": KEY_ARN}},
    )
}
TABLE = {
    "table": resource(
        "dynamodb/table:Table",
        "flags",
        program="governance",
        serverSideEncryption={"enabled": True, "kmsKeyArn": KEY_ARN},
        pointInTimeRecovery={"enabled": True},
    )
}
REPOSITORY = {
    "repository": resource(
        "ecr/repository:Repository",
        "image",
        **TRAINING,
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfigurations=[{"encryptionType": "KMS", "kmsKey": KEY_ARN}],
    ),
    "policy": resource(
        "ecr/repositoryPolicy:RepositoryPolicy",
        "image",
        **TRAINING,
        policy=policy(statement("Allow", "ecr:BatchGetImage", Principal={"AWS": f"{ROLE}/training"})),
    ),
}
_SECRET = resource("secretsmanager/secret:Secret", "api", program="data", kmsKeyId=KEY_ARN)
SECRET = {
    "secret": _SECRET,
    "rotation": resource("secretsmanager/secretRotation:SecretRotation", "api", refs={"secretId": _SECRET}),
}
STREAM = {
    "stream": resource("kinesis/stream:Stream", "events", encryptionType="KMS", kmsKeyId=KEY_ARN),
    "delivery": resource(
        "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "raw", extendedS3Configuration={"kmsKeyArn": KEY_ARN}
    ),
}
CAPTURE = {
    "machine": resource(
        "dms/replicationInstance:ReplicationInstance", "changes", kmsKeyArn=KEY_ARN, publiclyAccessible=False
    ),
    "source": resource("dms/endpoint:Endpoint", "source", kmsKeyArn=KEY_ARN, sslMode="require"),
}
_AT_REST = {"encryptionAtRestKmsKeyArn": KEY_ARN}
_KAFKA = {
    "clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": False},
    "encryptionInfo": {**_AT_REST, "encryptionInTransit": {"clientBroker": "TLS", "inCluster": True}},
    "brokerNodeGroupInfo": {"connectivityInfo": {"publicAccess": {"type": "DISABLED"}}},
}
KAFKA = {"kafka": resource("msk/cluster:Cluster", "kafka", **_KAFKA)}
_OPEN_KAFKA = (
    {"clientAuthentication": None},
    {"clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": True}},
    {"encryptionInfo": {**_AT_REST, "encryptionInTransit": {"clientBroker": "TLS_PLAINTEXT"}}},
    {"encryptionInfo": {**_AT_REST, "encryptionInTransit": {"inCluster": False}}},
    {"brokerNodeGroupInfo": {"connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}}},
)
_BY_KEY = {"kmsKeyArn": KEY_ARN}
_RESULTS = {"resultConfiguration": {"encryptionConfiguration": {"encryptionOption": "SSE_KMS", **_BY_KEY}}}
_GLUE = {
    "cloudwatchEncryption": {"cloudwatchEncryptionMode": "SSE-KMS", **_BY_KEY},
    "jobBookmarksEncryption": {"jobBookmarksEncryptionMode": "CSE-KMS", **_BY_KEY},
    "s3Encryption": {"s3EncryptionMode": "SSE-KMS", **_BY_KEY},
}
_CATALOGUE = {
    "encryptionAtRest": {"catalogEncryptionMode": "SSE-KMS", "sseAwsKmsKeyId": KEY_ARN},
    "connectionPasswordEncryption": {"returnConnectionPasswordEncrypted": True, "awsKmsKeyId": KEY_ARN},
}
ANALYTICS = {
    "queries": resource("athena/workgroup:Workgroup", "queries", configuration=_RESULTS),
    "jobs": resource("glue/securityConfiguration:SecurityConfiguration", "jobs", encryptionConfiguration=_GLUE),
    "catalogue": resource(
        "glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
        "catalogue",
        dataCatalogEncryptionSettings=_CATALOGUE,
    ),
}
_TLS = statement("Deny", "sns:Publish", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
_OWN = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
_ALARMS = {"Principal": {"Service": "cloudwatch.amazonaws.com"}}
TOPIC_POLICY = {
    "policy": resource(
        "sns/topicPolicy:TopicPolicy",
        "alerts",
        policy=policy(statement("Allow", "sns:Publish", **_ALARMS, **_OWN), _TLS),
    )
}
ANYBODYS_ALARMS = policy(statement("Allow", "sns:Publish", **_ALARMS), _TLS)
PLAIN_HTTP = policy(statement("Allow", "sns:Publish", **_ALARMS, **_OWN))
OPEN_TOPIC = policy(statement("Allow", "sns:Publish", Principal="*"), _TLS)
TOPIC = {"topic": resource("sns/topic:Topic", "alerts", kmsMasterKeyId=KEY_ARN)}
QUEUE = {"queue": resource("sqs/queue:Queue", "missed", sqsManagedSseEnabled=True)}
LOGS = {"group": resource("cloudwatch/logGroup:LogGroup", "jobs", kmsKeyId=KEY_ARN, retentionInDays=365)}
REGISTRY = {
    "policy": resource(
        "sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy",
        "scores",
        program="governance",
        modelPackageGroupName="shop-scores",
        resourcePolicy=policy(
            statement("Allow", "sagemaker:DescribeModelPackage", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
        ),
    )
}
FOREIGN = policy(
    statement("Allow", "sagemaker:DescribeModelPackage", Principal={"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"})
)
ONE_INSTANCE = [{"variantName": "live", "instanceType": "ml.c7i.xlarge", "initialInstanceCount": 1}]
NVME = [{"variantName": "live", "instanceType": "ml.g5.xlarge", "initialInstanceCount": 2}]
NO_CAPTURE = {"enableCapture": False}
MONITOR = resource("sagemaker/monitoringSchedule:MonitoringSchedule", "quality", **MONITORING)


def registering_and(second: dict[str, Any]) -> dict[str, Resource]:
    """Return a role that registers by one policy, with a second policy beside it."""
    parts = identity(statement("Allow", "sagemaker:CreateModelPackage", **PENDING))
    more = resource("iam/policy:Policy", "second", program="identity", name="shop-second", policy=policy(second))
    refs = {"role": parts["role"], "policyArn": more}
    kind = "iam/rolePolicyAttachment:RolePolicyAttachment"
    return {**parts, "second": more, "link": resource(kind, "second", program="identity", refs=refs)}


TWO_POLICIES_APART = registering_and(
    statement(
        "Allow",
        "sagemaker:UpdateModelPackage",
        Condition={"StringEquals": {"sagemaker:ModelApprovalStatus": "Rejected"}},
    )
)
TWO_POLICIES = registering_and(statement("Allow", "sagemaker:UpdateModelPackage"))

TWINS: dict[str, Twin] = {
    "model-isolated": twin(model(), changed(MODEL, "model", enableNetworkIsolation=False)),
    "model-in-vpc": twin(model(), changed(MODEL, "model", vpcConfig=None)),
    "model-image-pinned": twin(model(image=IMAGE), model(image="ubuntu:latest")),
    "model-from-registry": twin(model(), model(modelPackageName=None, image=IMAGE)),
    "released-models-guarded": twin(many_models(), many_models(guarded=False)),
    "endpoint-own-key": twin(LIVE.values(), changed(LIVE, "configuration", kmsKeyArn=None)),
    "endpoint-redundant": twin(LIVE.values(), changed(LIVE, "configuration", productionVariants=ONE_INSTANCE)),
    "endpoint-captured": twin(LIVE.values(), changed(LIVE, "configuration", dataCaptureConfig=NO_CAPTURE)),
    "endpoint-rolls-back": twin(LIVE.values(), changed(LIVE, "endpoint", deploymentConfig=None)),
    "endpoint-scales": twin(LIVE.values(), without(LIVE, "target", "scaling")),
    "endpoint-alarmed": twin(LIVE.values(), without(LIVE, "slow")),
    "endpoint-saturation-alarmed": twin(LIVE.values(), without(LIVE, "busy")),
    "endpoint-capture-gap-alarmed": twin(LIVE.values(), without(LIVE, "silent")),
    "workflow-job-isolated": twin(
        LIVE.values(),
        changed(LIVE, "machine", definition=drift_definition(NetworkConfig={"VpcConfig": VPC})),
    ),
    "workflow-job-own-keys": twin(
        LIVE.values(), changed(LIVE, "machine", definition=drift_definition(ProcessingOutputConfig={}))
    ),
    "model-approver-differs": twin(TWO_POLICIES_APART.values(), TWO_POLICIES.values()),
    "endpoint-drift-watched": twin(LIVE.values(), without(LIVE, "schedule")),
    "endpoint-bias-watched": twin(
        LIVE.values(),
        changed(LIVE, "machine", definition=drift_definition(AppSpecification={"ImageUri": "shop.drift"})),
    ),
    "job-in-vpc": twin(pipeline(), pipeline(set_in("Train", "VpcConfig", value={}))),
    "job-isolated": twin(guarded(), guarded("isolation")),
    "job-traffic-encrypted": twin(guarded(), guarded("traffic")),
    "job-own-keys": twin(pipeline(), pipeline(set_in("Check", "ProcessingOutputConfig", value={}))),
    "job-instance-types-listed": twin(guarded(), guarded("types")),
    "model-approval-split": twin(
        registers(statement("Allow", "sagemaker:CreateModelPackage", **PENDING)),
        registers(
            statement("Allow", "sagemaker:CreateModelPackage", **PENDING),
            statement("Allow", "sagemaker:UpdateModelPackage"),
        ),
    ),
    "model-group-policy-closed": twin(REGISTRY.values(), changed(REGISTRY, "policy", resourcePolicy=FOREIGN)),
    "model-card-present": twin(pipeline(), pipeline(lambda steps: steps["Register"].pop("ModelCard"))),
    "model-artifacts-locked": twin(
        pipeline(), changed({part.urn: part for part in pipeline()}, pipeline()[2].urn, objectLockEnabled=False)
    ),
    "feature-group-own-keys": twin(
        FEATURES.values(), changed(FEATURES, "group", offlineStoreConfig={"s3StorageConfig": {"s3Uri": "s3://x"}})
    ),
    "feature-group-forgets": twin(
        FEATURES.values(),
        changed(
            FEATURES, "group", onlineStoreConfig={"enableOnlineStore": True, "securityConfig": {"kmsKeyId": KEY_ARN}}
        ),
    ),
    "pipeline-role-per-stage": twin(pipeline(), pipeline(set_in("Train", "RoleArn", value=f"{ROLE}/processing"))),
    "dynamodb-table-protected": twin(TABLE.values(), changed(TABLE, "table", pointInTimeRecovery={"enabled": False})),
    "ecr-scan-on-push": twin(REPOSITORY.values(), changed(REPOSITORY, "repository", imageScanningConfiguration=None)),
    "ecr-tags-immutable": twin(REPOSITORY.values(), changed(REPOSITORY, "repository", imageTagMutability="MUTABLE")),
    "ecr-own-key": twin(
        REPOSITORY.values(), changed(REPOSITORY, "repository", encryptionConfigurations=[{"encryptionType": "AES256"}])
    ),
    "ecr-policy-closed": twin(
        REPOSITORY.values(),
        changed(REPOSITORY, "policy", policy=policy(statement("Allow", "ecr:BatchGetImage", Principal="*"))),
    ),
    "secrets-not-in-environment": twin(
        model(environment={"API_TOKEN_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:x", "LOG_LEVEL": "INFO"}),
        model(environment={"API_TOKEN": "hunter2"}),
    ),
    "secret-rotated-and-encrypted": twin(SECRET.values(), without(SECRET, "rotation")),
    "analytics-own-key": twin(ANALYTICS.values(), changed(ANALYTICS, "queries", configuration={})),
    "stream-own-key": twin(STREAM.values(), changed(STREAM, "stream", kmsKeyId=None)),
    "change-capture-private": twin(CAPTURE.values(), changed(CAPTURE, "machine", publiclyAccessible=True)),
    "kafka-closed": twin(KAFKA.values(), changed(KAFKA, "kafka", clientAuthentication=None)),
    "workflow-own-key": twin(LIVE.values(), changed(LIVE, "machine", encryptionConfiguration=None)),
    "message-policy-closed": twin(TOPIC_POLICY.values(), changed(TOPIC_POLICY, "policy", policy=ANYBODYS_ALARMS)),
    "messages-encrypted": twin(TOPIC.values(), changed(TOPIC, "topic", kmsMasterKeyId=None)),
    "alarm-tells-somebody": twin(LIVE.values(), changed(LIVE, "slow", alarmActions=[])),
    "logs-group-own-key": twin(LOGS.values(), changed(LOGS, "group", kmsKeyId=None)),
    "logs-group-retained": twin(LOGS.values(), changed(LOGS, "group", retentionInDays=30)),
    "service-open-to-new-customers": twin(
        guarded(), list(identity(statement("Allow", "sagemaker:CreateMonitoringSchedule")).values())
    ),
}

SCORING = {
    "TransformResources": {"InstanceType": "ml.m7i.large", "VolumeKmsKeyId": KEY_ARN},
    "TransformOutput": {"S3OutputPath": "s3://curated/x"},
}
NESTED = json.dumps(
    {"States": {"All": {"Type": "Map", "ItemProcessor": json.loads(drift_definition(NetworkConfig={}))}}}
)

APPROVES = [{"name": "more", "policy": policy(statement("Allow", "sagemaker:UpdateModelPackage"))}]

MORE_VIOLATIONS = [
    ("model-approver-differs", changed(TWO_POLICIES_APART, "role", inlinePolicies=APPROVES)),
    ("endpoint-saturation-alarmed", without(LIVE, "full")),
    ("endpoint-capture-gap-alarmed", changed(LIVE, "silent", treatMissingData="notBreaching")),
    ("endpoint-capture-gap-alarmed", changed(LIVE, "silent", namespace="AWS/SageMaker")),
    (
        "workflow-job-isolated",
        changed(LIVE, "machine", definition=drift_definition(NetworkConfig={"EnableNetworkIsolation": True})),
    ),
    ("workflow-job-isolated", [resource("sfn/stateMachine:StateMachine", "all", definition=NESTED, **SAFE_MACHINE)]),
    (
        "workflow-job-isolated",
        changed(
            LIVE,
            "machine",
            definition=drift_definition(
                NetworkConfig={"VpcConfig": VPC}, ProcessingInputs=[{"InputName": "model"}, {"InputName": "records"}]
            ),
        ),
    ),
    ("workflow-job-own-keys", changed(LIVE, "machine", definition=drift_definition(ProcessingResources={}))),
    (
        "workflow-job-own-keys",
        [
            resource(
                "sfn/stateMachine:StateMachine",
                "scores",
                definition=drift_definition(job="Transform", **SCORING),
                **SAFE_MACHINE,
            )
        ],
    ),
    *(("analytics-own-key", changed(ANALYTICS, "jobs", encryptionConfiguration={**_GLUE, part: {}})) for part in _GLUE),
    *(
        ("analytics-own-key", changed(ANALYTICS, "catalogue", dataCatalogEncryptionSettings={**_CATALOGUE, part: {}}))
        for part in _CATALOGUE
    ),
    ("stream-own-key", changed(STREAM, "delivery", extendedS3Configuration={})),
    ("stream-own-key", changed(STREAM, "delivery", icebergConfiguration={"s3Configuration": {"bucketArn": "b"}})),
    ("change-capture-private", changed(CAPTURE, "machine", kmsKeyArn=None)),
    ("change-capture-private", changed(CAPTURE, "source", sslMode="none")),
    ("change-capture-private", changed(CAPTURE, "source", password="in the clear")),
    ("stream-own-key", changed(KAFKA, "kafka", encryptionInfo={})),
    *(("kafka-closed", changed(KAFKA, "kafka", **wrong)) for wrong in _OPEN_KAFKA),
    ("workflow-own-key", changed(LIVE, "schedule", kmsKeyArn=None)),
    ("workflow-own-key", changed(LIVE, "machine", loggingConfiguration={"includeExecutionData": True})),
    ("message-policy-closed", changed(TOPIC_POLICY, "policy", policy=PLAIN_HTTP)),
    ("message-policy-closed", changed(TOPIC_POLICY, "policy", policy=OPEN_TOPIC)),
    ("job-own-keys", gap("volume", {"StringEquals": {"aws:PrincipalTag/team": "x"}})),
    ("job-in-vpc", gap("vpc", {"StringEquals": {"aws:PrincipalTag/team": "x"}})),
    ("job-instance-types-listed", gap("types", {"StringEquals": {"aws:PrincipalTag/team": "x"}})),
    ("model-isolated", changed(MODEL, "model", enableNetworkIsolation=None)),
    ("model-from-registry", pipeline(group=False)),
    (
        "endpoint-captured",
        changed(
            LIVE,
            "configuration",
            dataCaptureConfig={**LIVE["configuration"].inputs["dataCaptureConfig"], "kmsKeyId": None},
        ),
    ),
    (
        "endpoint-captured",
        changed(
            LIVE,
            "configuration",
            dataCaptureConfig={
                **LIVE["configuration"].inputs["dataCaptureConfig"],
                "captureOptions": [{"captureMode": "Input"}],
            },
        ),
    ),
    (
        "endpoint-rolls-back",
        changed(
            LIVE,
            "endpoint",
            deploymentConfig={
                "blueGreenUpdatePolicy": {"trafficRoutingConfiguration": {"type": "ALL_AT_ONCE"}},
                "autoRollbackConfiguration": {"alarms": [{"alarmName": "slow"}]},
            },
        ),
    ),
    ("endpoint-scales", without(LIVE, "scaling")),
    ("endpoint-alarmed", without(LIVE, "failing")),
    ("endpoint-drift-watched", without(LIVE, "drifted")),
    ("endpoint-drift-watched", changed(LIVE, "schedule", state="DISABLED")),
    ("job-in-vpc", guarded("vpc")),
    ("job-isolated", pipeline(set_in("Train", "EnableNetworkIsolation", value=False))),
    ("job-isolated", pipeline(set_in("Check", "NetworkConfig", "EnableNetworkIsolation", value=False))),
    ("job-traffic-encrypted", pipeline(set_in("Train", "EnableInterContainerTrafficEncryption", value=False))),
    ("job-own-keys", pipeline(set_in("Train", "ResourceConfig", "VolumeKmsKeyId", value=""))),
    ("job-own-keys", guarded("volume")),
    ("job-own-keys", guarded("output")),
    ("model-approval-split", registers(statement("Allow", "sagemaker:CreateModelPackage"))),
    ("model-approval-split", pipeline(set_in("Register", "ModelApprovalStatus", value="Approved"))),
    ("pipeline-role-per-stage", pipeline(set_in("Train", "RoleArn", value=f"{ROLE}/pipeline"))),
    (
        "feature-group-own-keys",
        changed(
            FEATURES,
            "group",
            onlineStoreConfig={"enableOnlineStore": True, "ttlDuration": {"unit": "Days", "value": 30}},
        ),
    ),
    ("dynamodb-table-protected", changed(TABLE, "table", serverSideEncryption={"enabled": True})),
    ("secrets-not-in-environment", model(environment={"SETTINGS": "AKIAABCDEFGHIJKLMNOP"})),
    ("secrets-not-in-environment", model(environment={"PASSWORD": {"$secret": True}})),
    ("secret-rotated-and-encrypted", changed(SECRET, "secret", kmsKeyId=None)),
    ("messages-encrypted", changed(QUEUE, "queue", sqsManagedSseEnabled=False)),
    ("service-open-to-new-customers", [*LIVE.values(), MONITOR]),
]
