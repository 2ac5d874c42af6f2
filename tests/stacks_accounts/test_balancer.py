"""The load balancer before an endpoint: who reaches it, how, what it passes on, and when it is not made at all."""

from __future__ import annotations

import base64
import functools
import importlib.util
import io
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber
from small_repository import of_type
from small_repository import one as only
from stacks_models.model_project import recorded

from modelkeel import answers, cost, findings, plan
from modelkeel.answers.loading import gather
from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph
from modelkeel.plan.building import decide
from modelkeel.plan.unbuilt import not_built
from stacks.documents.balancer import log_delivery
from stacks.names import balancer_name
from stacks.serving.balancer_settings import BalancerSettings
from stacks.settings import Platform, SettingsError

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
BALANCER: dict[str, Any] = {
    "balanced": True,
    "balancer_certificate_arn": CERTIFICATE,
    "balancer_caller_cidrs": ["10.20.0.0/18", "10.99.0.0/16"],
    "balancer_deletion_protection": True,
    "balancer_latency_p99_ms": 50,
    "balancer_log_retention_days": 365,
    "balancer_concurrency": 30,
}
LOAD_BALANCER, LISTENER, FUNCTION = "lb/loadBalancer:LoadBalancer", "lb/listener:Listener", "lambda/function:Function"


def balanced(**changes: Any) -> Graph:
    return _balanced(json.dumps(changes, sort_keys=True))


@functools.cache
def _balanced(changes: str) -> Graph:
    return recorded("simulate", serving={**BALANCER, **json.loads(changes)})


def test_it_stands_inside_and_keeps_out_what_is_malformed() -> None:
    made = only(balanced(), LOAD_BALANCER).inputs

    assert (True, True, "strictest", True) == (
        made["internal"],
        made["dropInvalidHeaderFields"],
        made["desyncMitigationMode"],
        made["enableDeletionProtection"],
    )
    assert made["accessLogs"]["enabled"] is made["connectionLogs"]["enabled"] is True


def test_callers_come_over_tls_by_the_certificate_that_is_given() -> None:
    made = only(balanced(), LISTENER).inputs

    assert (443, "HTTPS", CERTIFICATE) == (made["port"], made["protocol"], made["certificateArn"])
    assert made["sslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
    assert "404" == made["defaultActions"][0]["fixedResponse"]["statusCode"]
    assert "mutualAuthentication" not in made


def test_clients_prove_who_they_are_where_a_trust_store_is_named() -> None:
    store = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:truststore/callers/0123456789abcdef"
    made = only(balanced(balancer_trust_store_arn=store), LISTENER).inputs

    assert {"mode": "verify", "trustStoreArn": store} == made["mutualAuthentication"]


def test_only_the_ranges_that_are_named_reach_it() -> None:
    rules = [
        each.inputs
        for each in of_type(balanced(), "SecurityGroupIngressRule")
        if each.name.startswith("balancer-callers")
    ]

    assert {"10.20.0.0/18", "10.99.0.0/16"} == {rule["cidrIpv4"] for rule in rules}
    assert {(443, 443)} == {(rule["fromPort"], rule["toPort"]) for rule in rules}


def test_the_function_invokes_one_endpoint_in_the_network() -> None:
    graph = balanced()
    made = only(graph, FUNCTION).inputs
    (policy,) = [each for each in of_type(graph, "iam/policy:Policy") if each.name == "balancer-function"]
    rows = {row["Sid"]: row for row in json.loads(policy.inputs["policy"])["Statement"]}

    assert ("fraud-prod-endpoint", 30) == (
        made["environment"]["variables"]["ENDPOINT_NAME"],
        made["reservedConcurrentExecutions"],
    )
    assert made["vpcConfig"]["subnetIds"]
    assert ["endpoint/fraud-prod-endpoint"] == [arn.rsplit(":", 1)[-1] for arn in _listed(rows["InvokeEndpoint"])]


def _listed(row: dict[str, Any]) -> list[str]:
    found = row["Resource"]
    return [found] if isinstance(found, str) else list(found)


def test_only_that_target_group_calls_the_function() -> None:
    made = only(balanced(), "lambda/permission:Permission").inputs

    assert "elasticloadbalancing.amazonaws.com" == made["principal"]
    assert ":targetgroup/" in made["sourceArn"]
    assert made["sourceAccount"]


def test_it_is_priced_and_no_control_objects() -> None:
    graph = balanced()

    assert {"aws:lb/loadBalancer:LoadBalancer", FUNCTION.join(("aws:", ""))} <= {
        line.urn.split("::")[2].rsplit("$", 1)[-1] for line in cost.price(graph).lines
    }
    told = findings.check(graph, ROOT / "policies").findings
    assert [] == [each.message for each in told if each.result == "violation" and "balancer" in each.urn]


@pytest.mark.parametrize("project", ["abc", "abcdefghij-klmnopqrs-uvw"])
def test_names_are_as_short_as_the_service_takes(project: str) -> None:
    platform = _platform(project)

    assert len(balancer_name(platform, "lb")) <= 32
    assert balancer_name(platform, "lb") != balancer_name(_platform(f"{project[:12]}x"), "lb")


def _platform(project: str) -> Platform:
    rest = dict.fromkeys(("owner_email", "cost_center", "data_classification", "ai_risk"), "x")
    return Platform(
        project=project,
        environment="staging",
        account_id="111122223333",
        region="eu-west-1",
        partition="aws",
        compliance=[],
        use_fips=False,
        **rest,
    )


def test_only_load_balancers_of_the_account_write_logs() -> None:
    made = log_delivery(_platform("abc"), "arn:aws:s3:::logs")

    assert "arn:aws:s3:::logs/balancer/AWSLogs/111122223333/*" == made["Resource"]
    assert (
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/*"
        == made["Condition"]["ArnLike"]["aws:SourceArn"]
    )


@pytest.mark.parametrize(
    "changes", [{"caller_cidrs": []}, {"caller_cidrs": ["0.0.0.0/0"]}, {"idle_seconds": 0}, {"idle_seconds": 4001}]
)
def test_settings_that_open_it_or_break_it_are_refused(changes: dict[str, Any]) -> None:
    plain = {key.removeprefix("balancer_"): value for key, value in BALANCER.items() if key != "balanced"}

    with pytest.raises(SettingsError, match="serving:balancer_"):
        BalancerSettings(**{**plain, **changes})


@functools.cache
def forwarder() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        spec = importlib.util.spec_from_file_location("forward_request", ROOT / "stacks/scripts/forward_request.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def request(**changes: Any) -> dict[str, Any]:
    return {
        "path": "/predictions",
        "httpMethod": "POST",
        "headers": {"Content-Type": "application/json; charset=utf-8"},
        "body": '{"a": 1}',
        "isBase64Encoded": False,
        **changes,
    }


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Stubber:
    client = boto3.client(
        "sagemaker-runtime", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    monkeypatch.setattr(forwarder(), "_RUNTIME", client)
    monkeypatch.setenv("ENDPOINT_NAME", "fraud-prod-endpoint")
    stubber = Stubber(client)
    stubber.activate()
    return stubber


@pytest.mark.parametrize("encoded", [False, True])
def test_a_request_reaches_the_endpoint_as_it_came(endpoint: Stubber, encoded: bool) -> None:
    content = b'{"score": 0.5}'
    asked = {
        "EndpointName": "fraud-prod-endpoint",
        "ContentType": "application/json",
        "Accept": "application/json",
        "Body": b'{"a": 1}',
    }
    endpoint.add_response("invoke_endpoint", {"Body": StreamingBody(io.BytesIO(content), len(content))}, asked)
    body = base64.b64encode(b'{"a": 1}').decode() if encoded else '{"a": 1}'

    answer = forwarder().handler(request(body=body, isBase64Encoded=encoded), None)

    assert (200, '{"score": 0.5}') == (answer["statusCode"], answer["body"])


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"path": "/"}, 404),
        ({"httpMethod": "GET"}, 405),
        ({"headers": {"content-type": "text/csv"}}, 415),
        ({"headers": None}, 415),
    ],
)
def test_what_is_no_request_of_the_model_does_not_reach_it(changes: dict[str, Any], status: int) -> None:
    assert status == forwarder().handler(request(**changes), None)["statusCode"]


@pytest.mark.parametrize(
    ("code", "original", "status"),
    [("ModelError", 400, 400), ("ModelError", 500, 503), ("ValidationError", 0, 400), ("ThrottlingException", 0, 429)],
)
def test_errors_are_told_without_the_models_own_words(endpoint: Stubber, code: str, original: int, status: int) -> None:
    endpoint.add_client_error(
        "invoke_endpoint", code, "secret words of the model", response_meta={"OriginalStatusCode": original}
    )
    endpoint._queue[-1]["response"][1]["OriginalStatusCode"] = original  # type: ignore[attr-defined]

    answer = forwarder().handler(request(), None)

    assert status == answer["statusCode"]
    assert "secret" not in answer["body"]


def given(**changes: Any) -> answers.Answers:
    preset = gather(ROOT / "examples" / "tabular_batch" / "answers.yml") | {"monthly_budget_usd": {"prod": 99_999}}
    asked = {"serving_mode": ["realtime"], "egress": "auto", "exposure": "internal_alb"}
    return answers.validate({**preset, **asked, "certificate_arns": {"prod": CERTIFICATE}, **changes})


def keys(made: answers.Answers, program: str) -> dict[str, Any]:
    return next(dict(row.config) for row in plan.build(made).stacks if row.program == program)


def test_a_certificate_brings_it_with_all_that_it_needs() -> None:
    made = given(peak_rps=20, p99_ms=500)

    assert CERTIFICATE == keys(made, "serving")["serving:balancer_certificate_arn"]
    assert 15 == keys(made, "serving")["serving:balancer_concurrency"]
    assert keys(made, "data")["data:balancer_logs"] is keys(made, "identity")["identity:serves_balancer"] is True
    told = [text for text in not_built(made, decide(made), ()) if text.startswith(("exposure", "certificate_arns"))]
    assert ["certificate_arns: an ARN tells no name; lead that of the certificate to the export balancer_address"] == (
        told
    )


def test_without_a_certificate_none_is_made_and_that_is_said() -> None:
    made = given(certificate_arns={})

    assert "serving:balanced" not in keys(made, "serving")
    (told,) = [text for text in not_built(made, decide(made), ()) if text.startswith("exposure")]
    assert "names no certificate" in told


def test_a_request_that_is_too_large_for_the_way_is_refused_with_another_way() -> None:
    with pytest.raises(ModelkeelError, match="larger than a load balancer passes"):
        plan.build(given(payload_kb=2000))


def test_a_peak_that_no_account_reserves_shares_what_there_is() -> None:
    assert 0 == keys(given(peak_rps=2000, p99_ms=1000), "serving")["serving:balancer_concurrency"]
