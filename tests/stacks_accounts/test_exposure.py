"""The API before an endpoint: who may call, what passes, what is refused, and when it is not made at all."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest
from stacks_models.model_project import recorded

from modelkeel import answers, cost, plan
from modelkeel.answers.loading import gather
from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph, Resource
from modelkeel.plan.building import decide
from modelkeel.plan.unbuilt import not_built
from stacks.serving.api_settings import ApiSettings

ROOT = Path(__file__).resolve().parents[2]
API: dict[str, Any] = {
    "exposed": True,
    "api_callers": "key",
    "api_requests_per_sec": 300,
    "api_burst_requests": 600,
    "api_requests_per_address": 4500,
    "api_log_retention_days": 365,
}


@functools.cache
def exposed(**changes: Any) -> Graph:
    return recorded("simulate", serving={**API, **changes})


def one(graph: Graph, kind: str) -> Resource:
    found = [row for _, row in graph.resources() if row.type.endswith(f":{kind}")]
    assert len(found) == 1, (kind, [row.name for row in found])
    return found[0]


def kinds(graph: Graph) -> set[str]:
    return {row.type.rsplit(":", 1)[-1] for _, row in graph.resources()}


def test_the_api_invokes_that_endpoint_and_nothing_else() -> None:
    graph = exposed()
    call = one(graph, "Integration").inputs
    allowed = [
        json.loads(row.inputs["policy"])["Statement"]
        for _, row in graph.resources()
        if row.type == "aws:iam/policy:Policy" and "sagemaker:InvokeEndpoint" in str(row.inputs["policy"])
    ]

    assert call["uri"].endswith("runtime.sagemaker:path//endpoints/fraud-prod-endpoint/invocations")
    assert [each["Resource"].rsplit(":", 1)[-1] for (each,) in allowed] == ["endpoint/fraud-prod-endpoint"]
    assert call["passthroughBehavior"] == "NEVER"


def test_callers_from_anywhere_carry_a_key_that_a_plan_limits() -> None:
    graph = exposed()

    assert (one(graph, "Method").inputs["authorization"], one(graph, "Method").inputs["apiKeyRequired"]) == (
        "NONE",
        True,
    )
    assert one(graph, "UsagePlan").inputs["throttleSettings"] == {"rateLimit": 300, "burstLimit": 600}


def test_callers_with_a_role_sign_and_need_no_key() -> None:
    graph = exposed(api_callers="iam")

    assert one(graph, "Method").inputs["authorization"] == "AWS_IAM"
    assert not {"ApiKey", "UsagePlan"} & kinds(graph)


def test_access_is_logged_and_what_was_asked_is_not() -> None:
    graph = exposed()
    stage, settings = one(graph, "Stage").inputs, one(graph, "MethodSettings").inputs["settings"]

    assert "$context.identity.sourceIp" in stage["accessLogSettings"]["format"]
    assert "body" not in stage["accessLogSettings"]["format"].lower()
    assert (settings["dataTraceEnabled"], settings["throttlingRateLimit"]) == (False, 300)


def test_the_firewall_holds_the_lists_and_a_limit_for_each_address() -> None:
    graph = exposed()
    rules = {row["name"]: row for row in one(graph, "WebAcl").inputs["rules"]}
    redacted = one(graph, "WebAclLoggingConfiguration").inputs["redactedFields"]

    assert rules["PerAddress"]["statement"]["rateBasedStatement"]["limit"] == 4500
    assert len({row["priority"] for row in rules.values()}) == len(rules) == 4
    assert [each["singleHeader"]["name"] for each in redacted] == ["authorization", "x-api-key"]
    assert one(graph, "WebAclAssociation").inputs["resourceArn"].endswith("/stages/live")


def test_a_name_of_its_own_closes_the_other_address_and_may_ask_clients_for_certificates() -> None:
    graph = exposed(
        api_domain_name="scores.example.com",
        api_certificate_arn="arn:aws:acm:eu-west-1:111122223333:certificate/1",
        api_trust_store_uri="s3://trust/authorities.pem",
    )
    domain = one(graph, "DomainName").inputs

    assert one(graph, "RestApi").inputs["disableExecuteApiEndpoint"] is True
    assert domain["mutualTlsAuthentication"] == {"truststoreUri": "s3://trust/authorities.pem"}
    assert domain["securityPolicy"] == "TLS_1_2"


def test_requests_and_the_firewall_are_priced() -> None:
    bill = cost.price(exposed())

    assert not bill.unpriced
    assert {"aws:apigateway/restApi:RestApi", "aws:wafv2/webAcl:WebAcl"} <= {
        line.urn.split("::")[2].rsplit("$", 1)[-1] for line in bill.lines
    }


@pytest.mark.parametrize(
    "changes", [{"callers": "anybody"}, {"domain_name": "a.example.com"}, {"trust_store_uri": "s3://trust/a.pem"}]
)
def test_settings_that_contradict_themselves_are_refused(changes: dict[str, str]) -> None:
    plain = {key.removeprefix("api_"): value for key, value in API.items() if key != "exposed"}

    with pytest.raises(ValueError, match="serving:api_"):
        ApiSettings(**{**plain, **changes})


def given(**changes: Any) -> answers.Answers:
    preset = gather(ROOT / "examples" / "tabular_batch" / "answers.yml") | {"monthly_budget_usd": {"prod": 99_999}}
    return answers.validate({**preset, "serving_mode": ["realtime"], "egress": "auto", **changes})


def test_the_plan_lets_half_more_than_the_peak_through() -> None:
    made = given(exposure="api_gateway_iam", peak_rps=200)
    serving = next(dict(row.config) for row in plan.build(made).stacks if row.program == "serving")
    account = next(dict(row.config) for row in plan.build(made).stacks if row.program == "account")

    assert (serving["serving:api_callers"], serving["serving:api_requests_per_sec"]) == ("iam", 300)
    assert account["account:manage_api_logs"] is True
    assert not [text for text in not_built(made, decide(made), ()) if text.startswith("exposure")]


def test_without_callers_who_wait_there_is_no_api_and_a_load_balancer_is_not_claimed() -> None:
    for made in (given(serving_mode=["batch"]), given(exposure="internal_alb")):
        config = {key for row in plan.build(made).stacks for key in row.config}
        assert "serving:exposed" not in config
    told = not_built(made, decide(made), ())
    assert any(text.startswith("exposure internal_alb") for text in told)


@pytest.mark.parametrize(
    "changes",
    [{"egress": "none"}, {"frameworks": ["fedramp_moderate"], "regions": ["us-east-1"], "data_residency": []}],
)
def test_a_closed_environment_gets_no_public_address(changes: dict[str, Any]) -> None:
    with pytest.raises(ModelkeelError, match="a public address before an environment that is closed"):
        given(exposure="public_waf", **changes)
