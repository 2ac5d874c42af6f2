"""What a live AWS account says. The only module that uses boto3, which is an extra: `pip install 'modelkeel[aws]'`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from modelkeel.errors import ModelkeelError, environment_error

Clients = Callable[[str, str], Any]
"""Makes a client from the name of a service and a Region."""

NO_APPLIED_VALUE = "NoSuchResourceException"
READ_ACTIONS = (
    "servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota",
    "servicequotas:ListAWSDefaultServiceQuotas", "servicequotas:ListServiceQuotas",
)  # fmt: skip
PRICE_LIST_REGION = "us-east-1"
SAGEMAKER_USES = {
    "cluster": "ClusterInstanceType",
    "hosting": "ProductionVariantInstanceType",
    "notebook": "InstanceType",
    "processing": "ProcessingInstanceType",
    "studio": "AppInstanceType",
    "training": "TrainingInstanceType",
    "transform": "TransformInstanceType",
}


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


def default_quotas(make: Clients, region: str, service: str) -> tuple[AppliedQuota, ...]:
    """Return what AWS gives every account of a service, sorted by name.

    Raises:
        ModelkeelError: as `applied_quotas`.
    """
    with _explained(f"the default quotas of {service} cannot be read in {region}"):
        client = make("service-quotas", region)
        rows = _listed(client, "list_aws_default_service_quotas", service, is_default=True)
        return tuple(sorted(rows, key=lambda row: (row.name, row.code)))


def products(make: Clients, service: str, filters: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Return the products of the Price List that pass `filters`: (TERM_MATCH or CONTAINS, field, value) each.

    Source: AWS Price List Query API Reference, GetProducts; each product of its answer is JSON in a string.

    Raises:
        ModelkeelError: there are no credentials, they may not read prices, or AWS does not answer (exit code 3).
    """
    wanted = [{"Type": kind, "Field": field, "Value": value} for kind, field, value in filters]
    with _explained(f"the prices of {service} cannot be read", ("pricing:GetProducts",)):
        paginator = make("pricing", PRICE_LIST_REGION).get_paginator("get_products")
        pages = paginator.paginate(ServiceCode=service, Filters=wanted, FormatVersion="aws_v1")
        return [json.loads(product) for page in pages for product in page["PriceList"]]


def instance_types(make: Clients, region: str) -> dict[str, dict[str, Any]]:
    """Return the instance types of a Region by name, as EC2 describes them.

    Raises:
        ModelkeelError: there are no credentials, they may not ask EC2, or AWS does not answer (exit code 3).
    """
    with _explained(f"the instance types of {region} cannot be read", ("ec2:DescribeInstanceTypes",)):
        pages = make("ec2", region).get_paginator("describe_instance_types").paginate()
        return {row["InstanceType"]: row for page in pages for row in page["InstanceTypes"]}


def offered_types(make: Clients, region: str) -> frozenset[str]:
    """Return the names of the instance types that a Region offers.

    Raises:
        ModelkeelError: as `instance_types`; also for a Region that the account has not opted into.
    """
    with _explained(f"the offers of {region} cannot be read", ("ec2:DescribeInstanceTypeOfferings",)):
        pages = make("ec2", region).get_paginator("describe_instance_type_offerings").paginate(LocationType="region")
        return frozenset(row["InstanceType"] for page in pages for row in page["InstanceTypeOfferings"])


def sagemaker_uses() -> dict[str, frozenset[str]]:
    """Return the instance types (`ml.`) that SageMaker's API takes for each use, as the installed botocore knows it.

    Raises:
        ModelkeelError: botocore is not installed (exit code 3).
    """
    clients()
    import botocore.session  # noqa: PLC0415 (an extra)

    model = botocore.session.get_session().get_service_model("sagemaker")
    return {use: frozenset(model.shape_for(shape).enum) for use, shape in SAGEMAKER_USES.items()}


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
def _explained(what: str, actions: Sequence[str] = READ_ACTIONS) -> Iterator[None]:
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
        raise _refused(what, error.response.get("Error", {}), actions) from error
    except BotoCoreError as error:
        raise environment_error(what, got=str(error), fix="check the network and the Region, then try again") from error


def _refused(what: str, error: Mapping[str, Any], actions: Sequence[str]) -> ModelkeelError:
    code = str(error.get("Code", ""))
    if code in {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}:
        fix = f"allow {', '.join(actions)}"
    elif code in {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}:
        fix = "sign in again: aws sso login"
    else:
        fix = "try again later"
    return environment_error(what, got=f"{code}: {error.get('Message', '')}", fix=fix)
