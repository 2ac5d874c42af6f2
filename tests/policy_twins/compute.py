"""Twins of the controls over clusters, queues, accelerated capacity and the organization above them."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from policy_twins.build import ACCOUNT, KEY_ARN, Twin, changed, policy, resource, statement, twin, without
from policy_twins.machine_learning import EVERY_JOB, GUARDS
from policy_twins.security import READ_RAW, identity

from modelkeel.graph import Resource

KUBERNETES = {"program": "kubernetes"}
ORGANIZATION = {"program": "organization", "env": "shared"}
PULL = statement("Allow", "ecr:BatchGetImage", f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/shop")


def kubernetes(*granted: dict[str, Any]) -> dict[str, Resource]:
    """Return a cluster with one group of nodes whose role holds a policy of `granted`."""
    held = identity(*granted)
    template = resource(
        "ec2/launchTemplate:LaunchTemplate",
        "nodes",
        **KUBERNETES,
        metadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 1},
        networkInterfaces=[{"associatePublicIpAddress": "false"}],
        blockDeviceMappings=[{"deviceName": "/dev/xvda", "ebs": {"encrypted": "true", "kmsKeyId": KEY_ARN}}],
    )
    return {
        **held,
        "cluster": resource(
            "eks/cluster:Cluster",
            "main",
            **KUBERNETES,
            version="1.35",
            vpcConfig={"endpointPrivateAccess": True, "endpointPublicAccess": False},
            enabledClusterLogTypes=["api", "audit", "authenticator", "controllerManager", "scheduler"],
            encryptionConfig={"resources": ["secrets"], "provider": {"keyArn": KEY_ARN}},
            accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
            deletionProtection=True,
        ),
        "template": template,
        "nodes": resource(
            "eks/nodeGroup:NodeGroup",
            "cpu",
            **KUBERNETES,
            refs={"nodeRoleArn": held["role"], "launchTemplate": template},
            instanceTypes=["m7i.large"],
        ),
    }


EKS = kubernetes(PULL)
OPEN_CIDR = {"endpointPrivateAccess": True, "endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]}
NAMED_CIDR = {**OPEN_CIDR, "publicAccessCidrs": ["203.0.113.0/24"]}
CONTAINER: dict[str, Any] = {
    "image": "x",
    "privileged": False,
    "environment": [{"name": "LOG_LEVEL", "value": "INFO"}],
}
BATCH = {
    "environment": resource(
        "batch/computeEnvironment:ComputeEnvironment",
        "gpu",
        program="training",
        computeResources={
            "maxVcpus": 256,
            "subnets": ["subnet-1"],
            "securityGroupIds": ["sg-1"],
            "instanceTypes": ["g5.xlarge"],
        },
    ),
    "job": resource(
        "batch/jobDefinition:JobDefinition",
        "train",
        program="training",
        containerProperties=json.dumps(CONTAINER),
    ),
}
COMPUTE = BATCH["environment"].inputs["computeResources"]
NODES = {"nodeRangeProperties": [{"targetNodes": "0:", "container": {**CONTAINER, "privileged": True}}]}
POD = {"podProperties": {"containers": [{"name": "x", "securityContext": {"privileged": True}}]}}
LEAKS = {**CONTAINER, "environment": [{"name": "API_TOKEN", "value": "hunter2"}]}


def job(**props: Any) -> list[Resource]:
    return changed(BATCH, "job", **{"containerProperties": None, **props})


RESERVATION = {
    "reservation": resource(
        "ec2/capacityReservation:CapacityReservation",
        "p5",
        program="training",
        protect=True,
        instanceType="p5.48xlarge",
    )
}
PLAN = resource("cloudcontrol/resource:Resource", "plan", program="training", typeName="AWS::SageMaker::TrainingPlan")


def efa() -> dict[str, Resource]:
    """Return a security group of instances that talk over EFA, open to itself both ways."""
    group = resource("ec2/securityGroup:SecurityGroup", "efa", program="training")
    own = {"securityGroupId": group, "referencedSecurityGroupId": group}
    return {
        "group": group,
        "in": resource(
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "efa",
            program="training",
            refs=own,
            ipProtocol="-1",
        ),
        "out": resource(
            "vpc/securityGroupEgressRule:SecurityGroupEgressRule", "efa", program="training", refs=own, ipProtocol="-1"
        ),
        "template": resource(
            "ec2/launchTemplate:LaunchTemplate",
            "efa",
            program="training",
            refs={"vpcSecurityGroupIds": group},
            metadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 1},
            networkInterfaces=[{"interfaceType": "efa"}],
        ),
    }


EFA = efa()
HYPERPOD = {
    "typeName": "AWS::SageMaker::Cluster",
    "desiredState": json.dumps({"InstanceGroups": [{"InstanceType": "ml.p5.48xlarge"}]}),
}


def hyperpod_without_own_rules() -> list[Resource]:
    refs = {"desiredState": EFA["group"]}
    cluster = resource("cloudcontrol/resource:Resource", "pods", program="training", refs=refs, typeName="x")
    return [EFA["group"], dataclasses.replace(cluster, inputs=HYPERPOD)]


def listed(environment: str, kind: str) -> list[Resource]:
    return [
        resource(
            "eks/nodeGroup:NodeGroup",
            "gpu",
            env=environment,
            **KUBERNETES,
            refs={"launchTemplate": dataclasses.replace(EKS["template"])},
            instanceTypes=[kind],
        ),
        EKS["template"],
    ]


def attached(name: str, content: Any, kind: str = "SERVICE_CONTROL_POLICY") -> dict[str, Resource]:
    it = resource(
        "organizations/policy:Policy",
        name,
        **ORGANIZATION,
        type=kind,
        content=content if isinstance(content, str) else json.dumps(content),
    )
    link = resource("organizations/policyAttachment:PolicyAttachment", name, **ORGANIZATION, refs={"policyId": it})
    return {name: it, f"{name}-attached": link}


KEPT_ON = [
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "config:*ConfigurationRecorder",
    "guardduty:Delete*",
    "kms:ScheduleKeyDeletion",
]
REGIONS = {"Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}}
OPT_OUT = {"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}
OPT_IN = {"services": {"default": {"opt_out_policy": {"@@assign": "optIn"}}}}


def organization() -> dict[str, Resource]:
    regions = {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*", **REGIONS}
    guards = (statement("Deny", EVERY_JOB, Condition=GUARDS[name]) for name in ("vpc", "volume", "types"))
    return {
        **attached("regions", policy(regions)),
        **attached("audit", policy(statement("Deny", KEPT_ON))),
        **attached("sagemaker", policy(*guards)),
        **attached("opt-out", OPT_OUT, "AISERVICES_OPT_OUT_POLICY"),
    }


ORG = organization()

TWINS: dict[str, Twin] = {
    "eks-endpoint-private": twin(
        changed(EKS, "cluster", vpcConfig=NAMED_CIDR), changed(EKS, "cluster", vpcConfig=OPEN_CIDR)
    ),
    "eks-control-plane-logged": twin(EKS.values(), changed(EKS, "cluster", enabledClusterLogTypes=["api", "audit"])),
    "eks-secrets-own-key": twin(EKS.values(), changed(EKS, "cluster", encryptionConfig=None)),
    "eks-version-supported": twin(EKS.values(), changed(EKS, "cluster", version="1.31")),
    "eks-access-by-entry": twin(EKS.values(), kubernetes(PULL, READ_RAW).values()),
    "eks-nodes-closed": twin(EKS.values(), changed(EKS, "nodes", remoteAccess={"ec2SshKey": "ann"})),
    "eks-deletion-protected": twin(EKS.values(), changed(EKS, "cluster", deletionProtection=False)),
    "batch-compute-bounded": twin(
        BATCH.values(),
        changed(BATCH, "environment", computeResources={"subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]}),
    ),
    "batch-job-unprivileged": twin(
        BATCH.values(), job(containerProperties=json.dumps({**CONTAINER, "privileged": True}))
    ),
    "capacity-protected": twin(RESERVATION.values(), [dataclasses.replace(RESERVATION["reservation"], protect=False)]),
    "metadata-tokens-required": twin(
        EKS.values(),
        changed(EKS, "template", metadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 2}),
    ),
    "efa-group-symmetric": twin(EFA.values(), without(EFA, "out")),
    "accelerator-listed": twin(listed("dev", "g5.xlarge"), listed("dev", "p3.2xlarge")),
    "organization-regions-listed": twin(ORG.values(), without(ORG, "regions-attached")),
    "organization-audit-kept-on": twin(
        ORG.values(), changed(ORG, "audit", content=policy(statement("Deny", KEPT_ON[1:])))
    ),
    "organization-sagemaker-guarded": twin(ORG.values(), without(ORG, "sagemaker")),
    "organization-data-not-for-training": twin(ORG.values(), changed(ORG, "opt-out", content=json.dumps(OPT_IN))),
}

MORE_VIOLATIONS = [
    ("eks-endpoint-private", changed(EKS, "cluster", vpcConfig={"endpointPublicAccess": False})),
    ("eks-endpoint-private", changed(EKS, "cluster", vpcConfig={"endpointPrivateAccess": True})),
    ("eks-secrets-own-key", changed(EKS, "cluster", encryptionConfig={"resources": ["secrets"], "provider": {}})),
    ("eks-version-supported", changed(EKS, "cluster", version=None)),
    ("eks-access-by-entry", changed(EKS, "cluster", accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"})),
    (
        "eks-access-by-entry",
        changed(EKS, "cluster", accessConfig={"authenticationMode": "API"}),
    ),
    ("eks-nodes-closed", without(EKS, "template")),
    ("eks-nodes-closed", changed(EKS, "template", networkInterfaces=[{"associatePublicIpAddress": "true"}])),
    ("eks-nodes-closed", changed(EKS, "template", blockDeviceMappings=[{"ebs": {"encrypted": "true"}}])),
    ("eks-nodes-closed", changed(EKS, "template", blockDeviceMappings=None)),
    ("batch-compute-bounded", changed(BATCH, "environment", computeResources={"maxVcpus": 8, "subnets": ["s"]})),
    ("batch-job-unprivileged", job(nodeProperties=json.dumps(NODES))),
    ("batch-job-unprivileged", job(eksProperties=POD)),
    ("secrets-not-in-environment", job(containerProperties=json.dumps(LEAKS))),
    ("capacity-protected", [PLAN]),
    ("metadata-tokens-required", changed(EKS, "template", metadataOptions=None)),
    ("efa-group-symmetric", without(EFA, "in")),
    ("efa-group-symmetric", hyperpod_without_own_rules()),
    ("efa-group-symmetric", changed(EFA, "out", ipProtocol="tcp")),
    (
        "accelerator-listed",
        changed(
            BATCH,
            "environment",
            computeResources={**COMPUTE, "instanceTypes": ["p3.2xlarge"]},
        ),
    ),
    ("organization-regions-listed", without(ORG, "regions")),
    ("organization-audit-kept-on", without(ORG, "audit-attached")),
    ("organization-data-not-for-training", without(ORG, "opt-out")),
]
