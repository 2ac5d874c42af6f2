"""Policies stay within what IAM takes."""

from __future__ import annotations

import json

import pytest
from stacks_base import base_project as base

from stacks.documents import statement


def test_a_policy_of_the_largest_size_is_written_and_one_beyond_is_refused_by_name() -> None:
    empty = statement.document([statement.allow("Read", [], "*")])
    room = statement.MANAGED_POLICY_CHARACTERS - statement.size(empty)

    def of(characters: int) -> statement.Document:
        return statement.document([statement.allow("Read", ["a" * (characters - 2)], "*")])

    assert json.loads(statement.managed(of(room), "shop-training")) == of(room)
    with pytest.raises(ValueError, match="the policy of shop-training has 6,145 characters, IAM allows 6,144"):
        statement.managed(of(room + 1), "shop-training")


def test_a_trust_policy_has_a_smaller_limit_of_its_own() -> None:
    with pytest.raises(ValueError, match=r"the trust policy of shop-training has .* IAM allows 2,048"):
        statement.trusted(statement.document([statement.allow("In", ["a" * 2048], "*")]), "shop-training")


def test_no_role_has_inline_policies_nor_more_managed_ones_than_iam_attaches() -> None:
    """Inline policies share 10,240 characters a role; without any, that limit is never met."""
    graph = base.recorded()
    attached: dict[str, int] = {}
    for row in base.of_type(graph, "rolePolicyAttachment:RolePolicyAttachment"):
        attached[str(row.inputs["role"])] = attached.get(str(row.inputs["role"]), 0) + 1

    assert [] == [row.name for row in base.of_type(graph, "rolePolicy:RolePolicy")]
    assert [] == [row.name for row in base.of_type(graph, "iam/role:Role") if row.inputs.get("inlinePolicies")]
    assert max(attached.values()) <= 10
    assert all(
        statement.size(json.loads(str(row.inputs["policy"]))) <= statement.MANAGED_POLICY_CHARACTERS
        for row in base.of_type(graph, "iam/policy:Policy")
    )
