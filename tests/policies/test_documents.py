"""IAM policy documents as rules read them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.document import Statement, matches, statements


def one(**row: Any) -> Statement:
    return statements(json.dumps({"Statement": row}))[0]


def test_single_values_and_lists_read_alike() -> None:
    assert one(Effect="Allow", Action="s3:GetObject", Resource="*") == one(
        Effect="Allow", Action=["s3:GetObject"], Resource=["*"]
    )


def test_a_mapping_reads_as_its_text() -> None:
    document = {"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}

    assert statements(document) == statements(json.dumps(document))


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', '{"Statement": [1]}'])
def test_what_is_no_policy_is_an_error_and_not_an_empty_policy(text: str) -> None:
    with pytest.raises(ValueError, match="policy document"):
        statements(text)


def test_no_document_has_no_statements() -> None:
    assert statements(None) == ()


@pytest.mark.parametrize(
    ("pattern", "action", "covered"),
    [
        ("s3:GetObject", "s3:getobject", True),
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("*", "iam:PassRole", True),
        ("s3:*Object", "s3:PutObjectAcl", False),
        ("s3:GetObject", "s3:GetObjectAcl", False),
        ("s3.GetObject", "s3:GetObject", False),
    ],
)
def test_patterns_cover_as_in_iam(pattern: str, action: str, covered: bool) -> None:
    assert covered == matches(pattern, action)


@given(st.text(alphabet="ab:*?.[]\\^$", max_size=8))
def test_a_pattern_covers_itself(text: str) -> None:
    """No character of a pattern but * and ? has a meaning."""
    assert matches(text, text)


def test_not_action_covers_everything_else() -> None:
    statement = one(Effect="Allow", NotAction=["iam:*"], Resource="*")

    assert statement.covers("s3:GetObject")
    assert not statement.covers("iam:PassRole")


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::1:root", "*"]}])
def test_everybody_is_recognised_in_each_spelling(principal: Any) -> None:
    assert one(Effect="Allow", Action="*", Principal=principal).is_public


def test_not_principal_is_everybody_but_somebody() -> None:
    assert one(Effect="Allow", Action="*", NotPrincipal={"AWS": "arn:aws:iam::1:root"}).is_public


def test_condition_keys_do_not_depend_on_case() -> None:
    statement = one(Effect="Allow", Action="*", Condition={"StringEquals": {"AWS:sourceaccount": "1"}})

    assert statement.conditioned_on("aws:SourceAccount")


def test_a_boolean_condition_reads_as_its_text() -> None:
    statement = one(Effect="Deny", Action="*", Condition={"Bool": {"aws:SecureTransport": False}})

    assert statement.condition("aws:SecureTransport") == [("Bool", "aws:SecureTransport", ("false",))]
