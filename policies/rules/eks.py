"""Kubernetes clusters: closed, logged, encrypted, current, entered by name; nodes that are nobody's way in."""

from __future__ import annotations

from collections.abc import Iterator

from ..identity import ROLE, grants, policies_of
from ..supported import versions
from ..values import at, is_set, listed
from ..view import Breach, Resource, View
from .ec2 import ANYWHERE
from .iam import DATA_ACTIONS

LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def eks_endpoint_private(cluster: Resource) -> Iterator[Breach]:
    """EKS-001. Left out, the endpoint is public and open to the world."""
    network = cluster["vpcConfig"]
    if at(network, "endpointPrivateAccess") is not True:
        yield Breach("nodes reach the cluster over the internet", "vpcConfig.endpointPrivateAccess")
    if at(network, "endpointPublicAccess") is False:
        return
    cidrs = listed(at(network, "publicAccessCidrs"))
    if not cidrs or any(cidr in ANYWHERE for cidr in cidrs):
        yield Breach("the cluster's endpoint is open to the world", "vpcConfig.endpointPublicAccess")


def eks_control_plane_logged(cluster: Resource) -> Iterator[Breach]:
    """EKS-002."""
    on = listed(cluster["enabledClusterLogTypes"])
    missing = [kind for kind in LOG_TYPES if kind not in on]
    if missing:
        yield Breach(f"the control plane does not log {', '.join(missing)}", "enabledClusterLogTypes")


def eks_secrets_own_key(cluster: Resource) -> Iterator[Breach]:
    """EKS-003."""
    block = cluster["encryptionConfig"]
    if "secrets" not in listed(at(block, "resources")) or not is_set(at(block, "provider", "keyArn")):
        yield Breach("Kubernetes secrets are not encrypted with a key of ours", "encryptionConfig")


def eks_version_supported(cluster: Resource) -> Iterator[Breach]:
    """EKS-004. Past standard support a cluster costs six times as much, and then AWS upgrades it."""
    version, supported = cluster["version"], versions("kubernetes")
    if version is None:
        yield Breach("no version is named: AWS chooses one on the day of the first deployment", "version")
    elif str(version) not in supported:
        yield Breach(f"version {version} is not in standard support: {', '.join(supported)} are", "version")


def eks_access_by_entry(resource: Resource, view: View) -> Iterator[Breach]:
    """EKS-005. People and pods have identities of their own; what a node may do, every pod on it may do."""
    if resource.type == "aws:eks/cluster:Cluster":
        access = resource["accessConfig"]
        mode = at(access, "authenticationMode")
        if mode != "API":
            path = "accessConfig.authenticationMode"
            yield Breach(f"authenticationMode is {mode!r}: a config map decides who comes in", path)
        if at(access, "bootstrapClusterCreatorAdminPermissions") is not False:
            path = "accessConfig.bootstrapClusterCreatorAdminPermissions"
            yield Breach("whoever creates the cluster stays its administrator", path)
        return
    role = view.points_to(resource, "nodeRoleArn", ROLE)
    for policy in policies_of(view).get(role.urn, ()) if role is not None else ():
        for statement, _ in grants(policy, view):
            found = statement.covered(DATA_ACTIONS)
            if found:
                yield Breach(f"every pod of the nodes may {', '.join(found[:3])}", "nodeRoleArn")
                break


def eks_nodes_closed(group: Resource, view: View) -> Iterator[Breach]:
    """EKS-006. That their metadata ask for a token is the finding of another control."""
    if is_set(group["remoteAccess"]):
        yield Breach("nodes can be logged in to", "remoteAccess")
    template = view.points_to(group, "launchTemplate", LAUNCH_TEMPLATE)
    if template is None:
        name = at(group["launchTemplate"], "id") or at(group["launchTemplate"], "name")
        template = view.named(LAUNCH_TEMPLATE, name) if isinstance(name, str) else None
    if template is None:
        yield Breach("nodes have no launch template: nothing encrypts their disks with our key", "launchTemplate")
        return
    for index, interface in enumerate(listed(template["networkInterfaces"])):
        if str(at(interface, "associatePublicIpAddress")).lower() == "true":
            path = f"networkInterfaces[{index}].associatePublicIpAddress"
            yield Breach("nodes get a public address", path, template)
    disks = [at(mapping, "ebs") for mapping in listed(template["blockDeviceMappings"])]
    for index, disk in enumerate(disks or [None]):
        if str(at(disk, "encrypted")).lower() != "true" or not is_set(at(disk, "kmsKeyId")):
            path = f"blockDeviceMappings[{index}].ebs"
            yield Breach("a node's disk is not encrypted with a key of ours", path, template)


def eks_deletion_protected(cluster: Resource) -> Iterator[Breach]:
    """EKS-007."""
    if cluster["deletionProtection"] is not True:
        yield Breach("a production cluster can be deleted by one call", "deletionProtection")
