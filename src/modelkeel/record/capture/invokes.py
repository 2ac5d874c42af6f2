"""What data sources (`aws.get_...`) answer offline. An unknown one is an error that says where to add it."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import policy_document
from .fabricate import CREATED_AT, Scope

TABLE = Path(__file__).with_name("invokes.toml")

Args = Mapping[str, Any]
Answer = Callable[[Args, Scope], dict[str, Any]]


class UnknownInvokeError(Exception):
    """No answer is known for the token."""


def answer(token: str, args: Args, scope: Scope, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of the invoke `token`; `given` are the project's own answers and come first.

    Raises:
        UnknownInvokeError: neither the project nor the built-in table knows the token.
        ValueError: the arguments make no sense.
    """
    own = given.get(token)
    if own is not None:
        return {**args, **own}
    found = ANSWERS.get(token)
    if found is None:
        raise UnknownInvokeError(token)
    where = args.get("region")
    if isinstance(where, str) and where:
        scope = Scope(scope.account, where, scope.partition, scope.tags)
    return found(args, scope)


@functools.cache
def table() -> dict[str, Any]:
    """Return the shipped data: availability zones by region."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def _hex(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _caller_identity(_args: Args, scope: Scope) -> dict[str, Any]:
    arn = f"arn:{scope.partition}:sts::{scope.account}:assumed-role/offline/modelkeel"
    return {"accountId": scope.account, "arn": arn, "id": scope.account, "userId": "AROAOFFLINEOFFLINE000:modelkeel"}


def _region(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("name") or scope.region)
    return {
        "id": name,
        "name": name,
        "region": name,
        "description": name,
        "endpoint": f"ec2.{name}.{scope.dns}",
    }


def _partition(_args: Args, scope: Scope) -> dict[str, Any]:
    reverse = ".".join(reversed(scope.dns.split(".")))
    return {"dnsSuffix": scope.dns, "id": scope.partition, "partition": scope.partition, "reverseDnsPrefix": reverse}


def _availability_zones(args: Args, scope: Scope) -> dict[str, Any]:
    zones = table()["availability_zones"]
    letters = zones.get(scope.region, zones["default"])
    excluded = set(args.get("excludeNames") or [])
    names = [f"{scope.region}{letter}" for letter in letters if f"{scope.region}{letter}" not in excluded]
    return {
        **args,
        "id": scope.region,
        "region": scope.region,
        "names": names,
        "zoneIds": [zone_id(name) for name in names],
        "groupNames": [scope.region],
    }


def zone_id(zone: str) -> str:
    """Return an id such as `euw1-az1` for a zone such as `eu-west-1a`."""
    region, letter = zone[:-1], zone[-1]
    short = "".join(part[0] if not part.isdigit() else part for part in region.split("-"))
    return f"{short}-az{ord(letter) - ord('a') + 1}"


def _policy_document(args: Args, _scope: Scope) -> dict[str, Any]:
    return policy_document.result(args)


def _managed_policy(args: Args, scope: Scope) -> dict[str, Any]:
    arn = args.get("arn") or f"arn:{scope.partition}:iam::aws:policy/{args.get('name', 'offline')}"
    name = str(arn).rsplit("/", 1)[-1]
    empty = '{"Version": "2012-10-17", "Statement": []}'
    return {
        **args, "arn": arn, "id": arn, "name": name, "path": "/", "description": "", "policy": empty,
        "policyId": f"ANPA{_hex(str(arn))[:17].upper()}", "tags": {}, "attachmentCount": 0,
    }  # fmt: skip


def _role(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("name", "offline"))
    arn = f"arn:{scope.partition}:iam::{scope.account}:role/{name}"
    return {
        **args, "arn": arn, "id": name, "name": name, "path": "/", "description": "", "createDate": CREATED_AT,
        "assumeRolePolicy": "{}", "maxSessionDuration": 3600, "permissionsBoundary": "", "tags": {},
        "uniqueId": f"AROA{_hex(arn)[:17].upper()}", "roleLastUseds": [],
    }  # fmt: skip


def _session_context(args: Args, scope: Scope) -> dict[str, Any]:
    arn = str(args.get("arn", ""))
    role = arn.split("/")[1] if ":assumed-role/" in arn else ""
    issuer = f"arn:{scope.partition}:iam::{scope.account}:role/{role}" if role else arn
    return {
        "arn": arn,
        "id": arn,
        "issuerArn": issuer,
        "issuerId": f"AROA{_hex(issuer)[:17].upper()}",
        "issuerName": role,
        "sessionName": arn.rsplit("/", 1)[-1] if role else "",
    }


def _prefix_list(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("name") or f"{reversed_domain(scope)}.{scope.region}.s3")
    found = str(args.get("prefixListId") or f"pl-{_hex(name)[:8]}")
    return {**args, "id": found, "name": name, "region": scope.region, "cidrBlocks": ["3.5.0.0/19"]}


def _managed_prefix_list(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("name") or f"{reversed_domain(scope)}.{scope.region}.s3")
    found = str(args.get("id") or f"pl-{_hex(name)[:8]}")
    return {
        **args, "id": found, "name": name, "region": scope.region, "addressFamily": "IPv4", "ownerId": "AWS",
        "arn": f"arn:{scope.partition}:ec2:{scope.region}:aws:prefix-list/{found}", "maxEntries": 0, "tags": {},
        "entries": [{"cidr": "3.5.0.0/19", "description": ""}], "version": 1,
    }  # fmt: skip


def _endpoint_service(args: Args, scope: Scope) -> dict[str, Any]:
    service = str(args.get("service") or "")
    name = str(args.get("serviceName") or f"{reversed_domain(scope)}.{scope.region}.{service}")
    service_id = f"vpce-svc-{_hex(name)[:17]}"
    zones = _availability_zones({}, scope)["names"]
    kind = args.get("serviceType") or ("Gateway" if service in ("s3", "dynamodb") else "Interface")
    return {
        **args, "id": _hex(name)[:10], "service": service,
        "serviceName": name, "serviceType": kind, "availabilityZones": zones,
        "acceptanceRequired": False, "owner": "amazon", "vpcEndpointPolicySupported": True, "tags": {},
        "arn": f"arn:{scope.partition}:ec2:{scope.region}:{scope.account}:vpc-endpoint-service/{service_id}",
        "baseEndpointDnsNames": [f"{service}.{scope.region}.{scope.dns}"], "managesVpcEndpoints": False,
        "privateDnsName": f"{service}.{scope.region}.{scope.dns}", "serviceId": service_id,
        "privateDnsNames": [f"{service}.{scope.region}.{scope.dns}"], "region": scope.region,
        "serviceRegion": scope.region, "supportedIpAddressTypes": ["ipv4"],
    }  # fmt: skip


def reversed_domain(scope: Scope) -> str:
    """Return the prefix of AWS's own service names: `com.amazonaws`."""
    return ".".join(reversed(scope.dns.split(".")))


def _ssm_parameter(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("name", ""))
    value = f"ami-{_hex(name)[:17]}" if "ami" in name or "image_id" in name else f"offline-{_hex(name)[:8]}"
    return {
        **args, "id": name, "name": name, "type": "String", "value": value, "insecureValue": value, "version": 1,
        "arn": f"arn:{scope.partition}:ssm:{scope.region}:{scope.account}:parameter/{name.lstrip('/')}",
        "region": scope.region,
    }  # fmt: skip


def _default_tags(_args: Args, scope: Scope) -> dict[str, Any]:
    return {"id": scope.partition, "tags": dict(scope.tags)}


def _kms_alias(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("name", ""))
    key = _hex(name)
    key_id = f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:32]}"
    arn = f"arn:{scope.partition}:kms:{scope.region}:{scope.account}"
    return {
        **args, "id": f"{arn}:{name}", "arn": f"{arn}:{name}", "name": name, "targetKeyId": key_id,
        "targetKeyArn": f"{arn}:key/{key_id}", "region": scope.region,
    }  # fmt: skip


def _kms_key(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("keyId", ""))
    alias = name.rsplit(":", 1)[-1]
    place = (
        name.rsplit(":", 1)[0]
        if name.startswith("arn:")
        else (f"arn:{scope.partition}:kms:{scope.region}:{scope.account}")
    )
    key = _hex(name)
    key_id = f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:32]}"
    known = alias if alias.startswith("key/") else f"key/{key_id}"
    return {
        **args, "id": known[4:], "arn": f"{place}:{known}", "keyId": name, "awsAccountId": place.rsplit(":", 1)[-1],
        "creationDate": CREATED_AT, "customKeyStoreId": "", "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "cloudHsmClusterId": "", "deletionDate": "", "description": "", "enabled": True, "expirationModel": "",
        "keyManager": "CUSTOMER", "keySpec": "SYMMETRIC_DEFAULT", "keyState": "Enabled", "keyUsage": "ENCRYPT_DECRYPT",
        "multiRegion": False, "multiRegionConfigurations": [], "origin": "AWS_KMS", "pendingDeletionWindowInDays": 0,
        "region": scope.region, "validTo": "", "xksKeyConfigurations": [],
    }  # fmt: skip


def _given_bucket(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("bucket", ""))
    return {
        **args, "id": name, "arn": f"arn:{scope.partition}:s3:::{name}", "bucketRegion": scope.region,
        "bucketDomainName": f"{name}.s3.{scope.dns}",
        "bucketRegionalDomainName": f"{name}.s3.{scope.region}.{scope.dns}",
        "hostedZoneId": "Z3AQBSTGFYJSTF", "region": scope.region, "tags": {},
        "websiteDomain": "", "websiteEndpoint": "",
    }  # fmt: skip


def _canonical_user(_args: Args, scope: Scope) -> dict[str, Any]:
    return {"id": _hex(scope.account), "displayName": ""}


# The one network that offline recordings know: what is looked up by id lies in it.
_GIVEN_CIDR = "10.0.0.0/16"


def _given_vpc(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("id") or "vpc-00000000000000000")
    arn = f"arn:{scope.partition}:ec2:{scope.region}:{scope.account}:vpc/{name}"
    return {
        **args, "id": name, "arn": arn, "cidrBlock": _GIVEN_CIDR, "cidrBlockAssociations": [], "default": False,
        "dhcpOptionsId": "", "enableDnsHostnames": True, "enableDnsSupport": True, "instanceTenancy": "default",
        "enableNetworkAddressUsageMetrics": False, "ipv6AssociationId": "", "ipv6CidrBlock": "",
        "ipv6CidrBlockAssociations": [], "mainRouteTableId": f"rtb-{_hex(name)[:17]}", "region": scope.region,
        "ownerId": scope.account, "state": "available", "tags": args.get("tags") or {},
    }  # fmt: skip


def _given_subnet(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("id") or "subnet-00000000000000000")
    number = int(_hex(name), 16)
    zones = table()["availability_zones"]
    letters = zones.get(scope.region, zones["default"])
    zone = scope.region + letters[number % len(letters)]
    arn = f"arn:{scope.partition}:ec2:{scope.region}:{scope.account}:subnet/{name}"
    return {
        **args, "id": name, "arn": arn, "availabilityZone": zone, "availabilityZoneId": zone_id(zone),
        "cidrBlock": f"10.0.{number % 250}.0/24", "mapPublicIpOnLaunch": False, "ownerId": scope.account,
        "state": "available", "tags": args.get("tags") or {}, "vpcId": args.get("vpcId"), "region": scope.region,
        "assignIpv6AddressOnCreation": False, "availableIpAddressCount": 251, "customerOwnedIpv4Pool": "",
        "defaultForAz": False, "enableDns64": False, "enableLniAtDeviceIndex": 0, "ipv6CidrBlock": "",
        "enableResourceNameDnsARecordOnLaunch": False, "enableResourceNameDnsAaaaRecordOnLaunch": False,
        "ipv6CidrBlockAssociationId": "", "ipv6Native": False, "mapCustomerOwnedIpOnLaunch": False,
        "outpostArn": "", "privateDnsHostnameTypeOnLaunch": "ip-name",
    }  # fmt: skip


def _given_route_table(args: Args, scope: Scope) -> dict[str, Any]:
    name = str(args.get("routeTableId") or f"rtb-{_hex(str(args.get('subnetId')))[:17]}")
    arn = f"arn:{scope.partition}:ec2:{scope.region}:{scope.account}:route-table/{name}"
    return {
        **args, "id": name, "routeTableId": name, "arn": arn, "associations": [], "routes": [], "gatewayId": "",
        "ownerId": scope.account, "tags": args.get("tags") or {}, "region": scope.region,
        "subnetId": args.get("subnetId") or "", "vpcId": args.get("vpcId") or "vpc-00000000000000000",
    }  # fmt: skip


def _image(args: Args, scope: Scope) -> dict[str, Any]:
    """Return an image of a digest that its repository and tag stand for."""
    registry, repository = str(args.get("registryId") or scope.account), str(args.get("repositoryName", "offline"))
    tag = str(args.get("imageTag") or "latest")
    digest = f"sha256:{_hex(registry, repository, tag)}"
    return {
        **args,
        "id": digest,
        "imageDigest": digest,
        "imagePushedAt": 0,
        "imageSizeInBytes": 0,
        "imageTag": tag,
        "imageTags": [tag],
        "imageUri": f"{registry}.dkr.ecr.{scope.region}.{scope.dns}/{repository}@{digest}",
        "region": scope.region,
        "registryId": registry,
        "repositoryName": repository,
        "mostRecent": bool(args.get("mostRecent")),
    }


ANSWERS: dict[str, Answer] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getDefaultTags:getDefaultTags": _default_tags,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:iam/getPolicy:getPolicy": _managed_policy,
    "aws:iam/getRole:getRole": _role,
    "aws:iam/getSessionContext:getSessionContext": _session_context,
    "aws:ec2/getVpc:getVpc": _given_vpc,
    "aws:ec2/getSubnet:getSubnet": _given_subnet,
    "aws:ec2/getRouteTable:getRouteTable": _given_route_table,
    "aws:ec2/getPrefixList:getPrefixList": _prefix_list,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _managed_prefix_list,
    "aws:ec2/getVpcEndpointService:getVpcEndpointService": _endpoint_service,
    "aws:ecr/getImage:getImage": _image,
    "aws:ssm/getParameter:getParameter": _ssm_parameter,
    "aws:kms/getAlias:getAlias": _kms_alias,
    "aws:kms/getKey:getKey": _kms_key,
    "aws:s3/getBucket:getBucket": _given_bucket,
    "aws:s3/getCanonicalUserId:getCanonicalUserId": _canonical_user,
}
