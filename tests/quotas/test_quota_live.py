"""Asking a live account, with its answers stubbed at the botocore client."""

import builtins
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from cost import platform_graph as make

from modelkeel import aws, quotas
from modelkeel.aws import AppliedQuota
from modelkeel.errors import ExitCode, ModelkeelError

REGION = "eu-west-1"
NAME = "ml.c7i.2xlarge for endpoint usage"


@pytest.fixture
def service_quotas() -> tuple[Callable[[str, str], Any], Stubber]:
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    client = boto3.client("service-quotas", region_name=REGION, **keys)
    return lambda service, region: client, Stubber(client)


def row(code: str, name: str, value: float) -> dict[str, Any]:
    return {"ServiceCode": "sagemaker", "QuotaCode": code, "QuotaName": name, "Value": value, "Adjustable": True}


def listing(stub: Stubber, method: str, *pages: list[dict[str, Any]]) -> None:
    for number, page in enumerate(pages):
        asked: dict[str, Any] = {"ServiceCode": "sagemaker", "MaxResults": 100}
        if number:
            asked["NextToken"] = str(number)
        answer: dict[str, Any] = {"Quotas": page}
        if number + 1 < len(pages):
            answer["NextToken"] = str(number + 1)
        stub.add_response(method, answer, asked)


def test_an_applied_value_goes_before_the_default(service_quotas: Any) -> None:
    """Service Quotas lists applied values for some quotas only; all pages are read."""
    make_client, stub = service_quotas
    listing(stub, "list_aws_default_service_quotas", [row("L-00000001", NAME, 0)], [row("L-00000002", "other", 4)])
    listing(stub, "list_service_quotas", [row("L-00000001", NAME, 20)])
    with stub:
        found = aws.applied_quotas(make_client, REGION, "sagemaker")

    assert [(NAME, 20.0, False), ("other", 4.0, True)] == [(each.name, each.value, each.is_default) for each in found]


def test_a_quota_nobody_changed_has_its_default(service_quotas: Any) -> None:
    make_client, stub = service_quotas
    stub.add_client_error("get_service_quota", "NoSuchResourceException")
    stub.add_response("get_aws_default_service_quota", {"Quota": row("L-F678F1CE", "VPCs per Region", 5)})
    with stub:
        found = aws.applied_quota(make_client, REGION, "vpc", "L-F678F1CE")

    assert found is not None
    assert (5.0, True) == (found.value, found.is_default)


def test_a_quota_that_the_region_lacks_is_nothing(service_quotas: Any) -> None:
    make_client, stub = service_quotas
    stub.add_client_error("get_service_quota", "NoSuchResourceException")
    stub.add_client_error("get_aws_default_service_quota", "NoSuchResourceException")
    with stub:
        assert aws.applied_quota(make_client, REGION, "vpc", "L-F678F1CE") is None


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("AccessDeniedException", "servicequotas:ListServiceQuotas"),
        ("ExpiredTokenException", "sign in again"),
        ("TooManyRequestsException", "try again later"),
    ],
)
def test_a_refusal_says_what_to_do(service_quotas: Any, code: str, fix: str) -> None:
    make_client, stub = service_quotas
    stub.add_client_error("list_aws_default_service_quotas", code, "refused")
    with stub, pytest.raises(ModelkeelError) as caught:
        aws.applied_quotas(make_client, REGION, "sagemaker")

    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert fix in caught.value.problems[0].fix


def test_without_credentials_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(ModelkeelError) as caught:
        aws.account_id(aws.clients(), REGION)

    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert "no AWS credentials" in str(caught.value)


def test_without_boto3_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "boto3":
            raise ImportError("No module named 'boto3'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModelkeelError) as caught:
        aws.clients()

    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert "modelkeel[aws]" in caught.value.problems[0].fix


def granted(value: float, code: str = "L-0AAAAAA1", name: str = NAME) -> AppliedQuota:
    return AppliedQuota(service="sagemaker", code=code, name=name, value=value, adjustable=True, is_default=False)


@pytest.mark.parametrize(("value", "result"), [(23, "short"), (24, "enough"), (25.0, "enough")])
def test_an_account_is_short_below_the_need(value: float, result: str) -> None:
    needs = [need for need in quotas.needed(make.graph(make.serving())) if need.name == NAME]
    (verdict,) = quotas.judge(needs, [granted(value)])

    assert (result, "L-0AAAAAA1") == (verdict.result, verdict.code)


def test_what_the_account_does_not_know_is_neither_short_nor_enough() -> None:
    needs = quotas.needed(make.graph(make.serving()))

    assert {"unknown"} == {verdict.result for verdict in quotas.judge(needs, [])}


def test_a_quota_with_a_code_is_found_by_it_whatever_its_name() -> None:
    needs = [need for need in quotas.needed(make.graph(make.serving())) if need.code]
    (verdict,) = quotas.judge(needs, [granted(9, "L-7A3DF611", "renamed")])

    assert "short" == verdict.result
