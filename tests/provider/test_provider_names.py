"""Pulumi's names lead to the provider's, by rule or by table."""

import pytest

from modelkeel.provider import names, protocol
from modelkeel.provider.schema import Attribute, Block, Nested

KNOWN = {
    "aws_s3_bucket",
    "aws_vpc",
    "aws_cloudwatch_event_rule",
    "aws_config_configuration_recorder",
    "aws_config_delivery_channel",
    "aws_cloudtrail",
    "aws_lb",
}


def attribute(name: str, kind: object = "string", *, settable: bool = True) -> Attribute:
    return Attribute(name=name, type=kind, required=False, settable=settable)


def block(*attributes: Attribute, nested: tuple[str, ...] = ()) -> Block:
    empty = Block(attributes={}, nested={})
    return Block(
        attributes={row.name: row for row in attributes},
        nested={name: Nested(name=name, block=empty, nesting=protocol.LIST) for name in nested},
    )


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("aws:s3/bucket:Bucket", "aws_s3_bucket"),
        ("aws:ec2/vpc:Vpc", "aws_vpc"),
        ("aws:cloudwatch/eventRule:EventRule", "aws_cloudwatch_event_rule"),
        ("aws:cfg/recorder:Recorder", "aws_config_configuration_recorder"),
        ("aws:cfg/deliveryChannel:DeliveryChannel", "aws_config_delivery_channel"),
        ("aws:cloudtrail/trail:Trail", "aws_cloudtrail"),
        ("aws:sagemaker/novelty:Novelty", None),
        ("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", None),
    ],
)
def test_a_token_leads_to_the_type_that_the_build_has(token: str, expected: str | None) -> None:
    assert expected == names.provider_type(token, KNOWN)


def test_lists_are_plural_in_pulumi_and_may_be_singular_where_they_hold_one() -> None:
    found = names.settable("aws_x", "", block(attribute("alias", ["set", "string"]), nested=("policy", "rules")))

    assert ("alias", "policy", "rules", "rules") == (
        found["aliases"],
        found["policies"],
        found["rule"],
        found["rules"],
    )


def test_text_has_no_plural() -> None:
    assert "statuses" not in names.settable("aws_x", "", block(attribute("status")))


def test_nobody_sets_what_is_computed() -> None:
    assert {} == dict(names.settable("aws_x", "", block(attribute("arn", settable=False))))


def test_the_table_renames_what_no_rule_gives() -> None:
    assert "filename" == names.settable("aws_lambda_function", "", block(attribute("filename")))["code"]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("statuss", "status", True),
        ("staus", "status", True),
        ("sttaus", "status", True),
        ("stetus", "status", True),
        ("status", "status", False),
        ("networkType", "networkTypeIds", False),
        ("", "ab", False),
    ],
)
def test_a_slip_is_one_letter(left: str, right: str, expected: bool) -> None:
    assert expected is names.one_edit_apart(left, right)
    assert expected is names.one_edit_apart(right, left)
