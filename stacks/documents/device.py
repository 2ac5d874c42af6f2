"""What devices may do, how they come to their certificates, and where what they send goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stacks import names
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

THING = "${iot:Connection.Thing.ThingName}"
TELEMETRY = "telemetry"


def topic_prefix(platform: Platform) -> str:
    """Return how the MQTT topics of the environment begin; a device's own stand below its name."""
    return f"{platform.project}/{platform.environment}"


def telemetry_query(platform: Platform) -> str:
    """Return the rule's SQL: every message of every device, with the device's name and the time of arrival.

    The name is taken from the topic, which the device's policy pins to its certificate, not from what it says.
    """
    depth = topic_prefix(platform).count("/") + 2
    topic = f"{topic_prefix(platform)}/+/{TELEMETRY}"
    return f"SELECT *, topic({depth}) AS device_id, timestamp() AS received_at_ms FROM '{topic}'"  # noqa: S608 (IoT's own rule language)


def device_policy(platform: Platform) -> Document:
    """Return the policy of every device: its own name, its own topics, its own shadow, and nobody else's.

    A copied certificate connects as one thing only. Source: AWS IoT Core Developer Guide, "Thing policy variables".
    """
    own = f"{topic_prefix(platform)}/{THING}"
    attached = {"iot:Connection.Thing.IsAttached": "true"}
    shadow, jobs = f"$aws/things/{THING}/shadow", f"$aws/things/{THING}/jobs"
    return document(
        [
            allow("Connect", ["iot:Connect"], _arn(platform, f"client/{THING}"), Bool=attached),
            allow(
                "Send",
                ["iot:Publish"],
                [_arn(platform, f"topic/{path}") for path in (f"{own}/{TELEMETRY}", f"{shadow}/*", f"{jobs}/*")],
            ),
            allow(
                "Listen",
                ["iot:Subscribe"],
                [_arn(platform, f"topicfilter/{path}") for path in (f"{own}/commands", f"{shadow}/*", f"{jobs}/*")],
            ),
            allow(
                "Hear",
                ["iot:Receive"],
                [_arn(platform, f"topic/{path}") for path in (f"{own}/commands", f"{shadow}/*", f"{jobs}/*")],
            ),
        ]
    )


def claim_policy(platform: Platform, template_name: str) -> Document:
    """Return the policy of the claim certificate that devices leave the factory with: it asks for its own, no more.

    Source: AWS IoT Core Developer Guide, "Provisioning by claim"; the page was not opened, to be checked.
    """
    paths = ("$aws/certificates/create/*", f"$aws/provisioning-templates/{template_name}/provision/*")
    return document(
        [
            allow("Connect", ["iot:Connect"], _arn(platform, f"client/{names.resource_name(platform, 'claim')}-*")),
            allow("Ask", ["iot:Publish", "iot:Receive"], [_arn(platform, f"topic/{path}") for path in paths]),
            allow("Listen", ["iot:Subscribe"], [_arn(platform, f"topicfilter/{path}") for path in paths]),
        ]
    )


def provisioning_template(
    *, thing_type: str, thing_groups: Sequence[str], policy_names: Sequence[str]
) -> dict[str, Any]:
    """Return the template by which a claimed device becomes a thing with a certificate and its policies."""
    first, *others = policy_names
    policies = {"policy": first, **{f"policy{number}": name for number, name in enumerate(others, 2)}}
    return {
        "Parameters": {"SerialNumber": {"Type": "String"}, "AWS::IoT::Certificate::Id": {"Type": "String"}},
        "Resources": {
            "certificate": {
                "Type": "AWS::IoT::Certificate",
                "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "Active"},
            },
            **{key: {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": name}} for key, name in policies.items()},
            "thing": {
                "Type": "AWS::IoT::Thing",
                "OverrideSettings": {"AttributePayload": "MERGE", "ThingGroups": "DO_NOTHING", "ThingTypeName": "FAIL"},
                "Properties": {
                    "ThingName": {"Ref": "SerialNumber"},
                    "ThingTypeName": thing_type,
                    "ThingGroups": list(thing_groups),
                    "AttributePayload": {"serial_number": {"Ref": "SerialNumber"}},
                },
            },
        },
    }


def provisioning_permissions(platform: Platform) -> Document:
    """Return what provisioning needs: things of the fleet, their certificates and the two policies.

    Certificates have ids that are not chosen, and things the serial numbers of the devices.
    """
    own = names.resource_name(platform, "*")
    things = ["iot:AddThingToThingGroup", "iot:CreateThing", "iot:DescribeThing", "iot:UpdateThing"]
    certificates = ["iot:AttachPolicy", "iot:AttachThingPrincipal", "iot:DescribeCertificate", "iot:UpdateCertificate"]
    return document(
        [
            allow("Things", [*things, "iot:ListThingPrincipals"], _arn(platform, "thing/*")),
            allow("Certificates", [*certificates, "iot:RegisterCertificate"], _arn(platform, "cert/*")),
            allow("Policies", ["iot:AttachPolicy", "iot:GetPolicy"], _arn(platform, f"policy/{own}")),
            allow(
                "Groups", ["iot:AddThingToThingGroup", "iot:DescribeThingGroup"], _arn(platform, f"thinggroup/{own}")
            ),
            allow("Types", ["iot:DescribeThingType"], _arn(platform, f"thingtype/{own}")),
        ]
    )


def rule_permissions(platform: Platform, *, stream_arn: str, key_arn: str) -> Document:
    """Return what the rule needs: records into the stream, with its key, and its own failures into the log."""
    log = names.service_arn(platform, "logs", f"log-group:{names.log_group_name(platform, 'devices')}:*")
    return document(
        [
            allow("Send", ["kinesis:PutRecord", "kinesis:PutRecords"], stream_arn),
            allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], key_arn),
            allow("Log", ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], log),
        ]
    )


def _arn(platform: Platform, suffix: str) -> str:
    return names.service_arn(platform, "iot", suffix)
