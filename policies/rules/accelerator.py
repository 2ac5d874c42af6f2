"""Accelerated capacity: of the right kind, not deleted by mistake, wired as EFA needs it, closed to thieves."""

from __future__ import annotations

from collections.abc import Iterator

from ..accelerator import CLOUD_CONTROL, allowed, hyperpod, instance_types, is_listed, talks_over_efa
from ..pipeline import PIPELINE, jobs
from ..values import NotConcerned, at, listed
from ..view import Breach, Resource, View

LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
LUSTRE = "aws:fsx/lustreFileSystem:LustreFileSystem"
RULES = {
    "ingress": "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "egress": "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
}
CLASSIC_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
EVERY_PROTOCOL = frozenset({"-1", "all"})


def accelerator_listed(resource: Resource) -> Iterator[Breach]:
    """GPU-001. The list is accelerators.toml."""
    for path, kind in instance_types(resource):
        if kind is not None and not is_listed(str(kind), resource.environment):
            names = ", ".join(allowed(resource.environment))
            yield Breach(f"{kind} is not listed for {resource.environment}, which has {names}", path)


def capacity_protected(resource: Resource) -> Iterator[Breach]:
    """CAP-001. A purchase cannot be taken back: deleting it throws away what is paid for."""
    if resource.type == CLOUD_CONTROL and resource["typeName"] != "AWS::SageMaker::TrainingPlan":
        raise NotConcerned
    if not resource.protect:
        yield Breach("a change of the program may give up capacity that is paid for: it is not protected")


def metadata_tokens_required(template: Resource) -> Iterator[Breach]:
    """EC2-001. A hop more, and a container's request for the machine's credentials is answered too."""
    options = template["metadataOptions"]
    if at(options, "httpTokens") != "required":
        yield Breach("credentials can be read without a token", "metadataOptions.httpTokens")
    hops = at(options, "httpPutResponseHopLimit")
    if hops != 1:
        path = "metadataOptions.httpPutResponseHopLimit"
        yield Breach(f"the hop limit is {hops!r}, expected 1: containers reach the machine's credentials", path)


def efa_group_symmetric(group: Resource, view: View) -> Iterator[Breach]:
    """NET-001. EFA is no IP: a rule by address range does not let it through, one by the group itself does."""
    if not _carries_efa(group, view):
        raise NotConcerned
    for direction in ("ingress", "egress"):
        if not _has_own_rule(group, direction, view):
            yield Breach(f"no {direction} rule lets every protocol through within the group: EFA stays silent")


def _carries_efa(group: Resource, view: View) -> bool:
    templates = [
        *view.referrers(group, LAUNCH_TEMPLATE, "networkInterfaces"),
        *view.referrers(group, LAUNCH_TEMPLATE, "vpcSecurityGroupIds"),
    ]
    for template in templates:
        if any(str(at(each, "interfaceType")).startswith("efa") for each in listed(template["networkInterfaces"])):
            return True
    if any(system["efaEnabled"] is True for system in view.referrers(group, LUSTRE, "securityGroupIds")):
        return True
    for cluster in view.referrers(group, CLOUD_CONTROL, "desiredState"):
        groups = listed(at(hyperpod(cluster), "InstanceGroups"))
        if any(talks_over_efa(str(at(each, "InstanceType"))) for each in groups):
            return True
    return group.urn in view.derive(_trained_over_efa)


def _trained_over_efa(view: View) -> frozenset[str]:
    found = set()
    for pipeline in view.of(PIPELINE):
        for job in jobs(pipeline):
            count, kind = at(job.cluster, "InstanceCount"), at(job.cluster, "InstanceType")
            if not isinstance(count, int) or count < 2 or not talks_over_efa(str(kind)):
                continue
            for name in listed(at(job.network, "VpcConfig", "SecurityGroupIds")):
                group = view.named(SECURITY_GROUP, str(name))
                if group is not None:
                    found.add(group.urn)
    return frozenset(found)


def _has_own_rule(group: Resource, direction: str, view: View) -> bool:
    for row in listed(group[direction]):
        if at(row, "self") is True and str(at(row, "protocol")) in EVERY_PROTOCOL:
            return True
    for rule in view.referrers(group, RULES[direction], "securityGroupId"):
        itself = rule in view.referrers(group, RULES[direction], "referencedSecurityGroupId")
        if itself and str(rule["ipProtocol"]) in EVERY_PROTOCOL:
            return True
    for rule in view.referrers(group, CLASSIC_RULE, "securityGroupId"):
        itself = rule["self"] is True or rule in view.referrers(group, CLASSIC_RULE, "sourceSecurityGroupId")
        if rule["type"] == direction and itself and str(rule["protocol"]) in EVERY_PROTOCOL:
            return True
    return False
