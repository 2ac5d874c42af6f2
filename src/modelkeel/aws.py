"""What a live AWS account says. The only module that uses boto3, which is an extra: `pip install 'modelkeel[aws]'`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from modelkeel.errors import ModelkeelError, environment_error

Clients = Callable[[str, str], Any]
"""Makes a client from the name of a service and a Region."""

NO_APPLIED_VALUE = "NoSuchResourceException"
READ_ACTIONS = (
    "GetAWSDefaultServiceQuota", "GetServiceQuota", "ListAWSDefaultServiceQuotas", "ListServiceQuotas",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class AppliedQuota:
    """What an account is granted; `is_default` where nobody changed what AWS gives every account."""

    service: str
    code: str
    name: str
    value: float
    adjustable: bool
    is_default: bool


def clients() -> Clients:
    """Return a maker of boto3 clients with the credentials of the environment (profile, variables, role).

    Raises:
        ModelkeelError: boto3 is not installed, or the profile does not exist (exit code 3).
    """
    try:
        import boto3  # noqa: PLC0415 (an extra)
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ImportError as error:
        raise environment_error(
            "asking a live account needs boto3, which is not installed",
            got=str(error),
            fix="pip install 'modelkeel[aws]'",
        ) from error
    try:
        session = boto3.Session()
    except BotoCoreError as error:
        raise environment_error(
            "the AWS configuration of this machine cannot be used", got=str(error), fix="check AWS_PROFILE"
        ) from error
    config = Config(connect_timeout=10, read_timeout=30, retries={"mode": "adaptive", "max_attempts": 8})
    return lambda service, region: session.client(service, region_name=region, config=config)


def account_id(make: Clients, region: str) -> str:
    """Return the account that the credentials belong to.

    Raises:
        ModelkeelError: there are no credentials, or AWS refuses them (exit code 3).
    """
    with _explained("the account cannot be asked who it is"):
        return str(make("sts", region).get_caller_identity()["Account"])


def applied_quotas(make: Clients, region: str, service: str) -> tuple[AppliedQuota, ...]:
    """Return every quota of a service: the account's own value, else the default of AWS; sorted by name.

    Service Quotas lists an applied value for some quotas only; the rest have their default. Source: Service Quotas
    API Reference, ListServiceQuotas and ListAWSDefaultServiceQuotas.

    Raises:
        ModelkeelError: there are no credentials, they may not read quotas, or AWS does not answer (exit code 3).
    """
    with _explained(f"the quotas of {service} cannot be read in {region}"):
        client = make("service-quotas", region)
        found = {row.code: row for row in _listed(client, "list_aws_default_service_quotas", service, is_default=True)}
        for row in _listed(client, "list_service_quotas", service, is_default=False):
            default = found.get(row.code)
            if default is None or default.value != row.value:
                found[row.code] = row
    return tuple(sorted(found.values(), key=lambda row: (row.name, row.code)))


def applied_quota(make: Clients, region: str, service: str, code: str) -> AppliedQuota | None:
    """Return one quota by its code, none where the Region has no such quota.

    Raises:
        ModelkeelError: as `applied_quotas`.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 (there is a client, so there is botocore)

    client = None
    for method, is_default in (("get_service_quota", False), ("get_aws_default_service_quota", True)):
        with _explained(f"the quota {code} of {service} cannot be read in {region}"):
            client = client or make("service-quotas", region)
            try:
                answer = getattr(client, method)(ServiceCode=service, QuotaCode=code)
            except ClientError as error:
                if error.response["Error"]["Code"] != NO_APPLIED_VALUE:
                    raise
            else:
                return _quota(answer["Quota"], service, is_default=is_default)
    return None


def _listed(client: Any, method: str, service: str, *, is_default: bool) -> Iterator[AppliedQuota]:
    for page in client.get_paginator(method).paginate(ServiceCode=service, PaginationConfig={"PageSize": 100}):
        for row in page["Quotas"]:
            if "Value" in row:
                yield _quota(row, service, is_default=is_default)


def _quota(row: Mapping[str, Any], service: str, *, is_default: bool) -> AppliedQuota:
    return AppliedQuota(
        service=service,
        code=row["QuotaCode"],
        name=row["QuotaName"],
        value=float(row["Value"]),
        adjustable=bool(row.get("Adjustable", True)),
        is_default=is_default,
    )


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Turn what goes wrong between here and AWS into an error that a person can act on."""
    from botocore.exceptions import (  # noqa: PLC0415 (there is a client, so there is botocore)
        BotoCoreError,
        ClientError,
        NoCredentialsError,
        PartialCredentialsError,
    )

    try:
        yield
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise environment_error(
            f"{what}: no AWS credentials", got=str(error), fix="aws sso login, or set AWS_PROFILE or AWS_ACCESS_KEY_ID"
        ) from error
    except ClientError as error:
        raise _refused(what, error.response.get("Error", {})) from error
    except BotoCoreError as error:
        raise environment_error(what, got=str(error), fix="check the network and the Region, then try again") from error


def _refused(what: str, error: Mapping[str, Any]) -> ModelkeelError:
    code = str(error.get("Code", ""))
    if code in {"AccessDenied", "AccessDeniedException"}:
        fix = f"allow {', '.join(f'servicequotas:{action}' for action in READ_ACTIONS)}"
    elif code in {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}:
        fix = "sign in again: aws sso login"
    else:
        fix = "try again later"
    return environment_error(what, got=f"{code}: {error.get('Message', '')}", fix=fix)
