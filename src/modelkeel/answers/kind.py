"""The types that answers have, beyond plain text, numbers and yes or no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BeforeValidator, StringConstraints

PROJECT_NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
DATA_SIZE = r"^(<10GB|<1TB|<50TB|>=50TB|[1-9][0-9]*(\.[0-9]+)?(GB|TB|PB))$"
ACCOUNT_ID = r"^[0-9]{12}$"
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
COST_CENTER = r"^[A-Za-z0-9_.:/=+@-]{1,64}$"
SNAKE_NAME = r"^[a-z][a-z0-9_]*$"
CIDR = r"^(\d{1,3}\.){3}\d{1,3}/\d{1,2}$"
REPOSITORY = r"^$|^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$"
VPC_ID = r"^vpc-[0-9a-f]{8,17}$"
SUBNET_ID = r"^subnet-[0-9a-f]{8,17}$"
KEY_ARN = r"^arn:aws(-us-gov|-cn)?:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$"
CERTIFICATE_ARN = r"^arn:aws(-us-gov|-cn)?:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$"
KAFKA_ARN = r"^arn:aws(-us-gov|-cn)?:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9_.-]+/[A-Za-z0-9-]+$"
BUCKET_NAME = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
DOMAIN_NAME = r"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
TIMEZONE = r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}$"
ROLE_NAME = r"^$|^[A-Za-z0-9_+=,.@-]{1,64}$"


def digits(value: Any) -> Any:
    """Return an account id as text: YAML reads twelve bare digits as a number; with all twelve nothing was lost."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value >= 10**11 else value


def _percent(value: Any) -> Any:
    """YAML reads 99.9 as a number; the choices are names."""
    return str(value) if isinstance(value, float) else value


def _off(value: Any) -> Any:
    """YAML reads a bare `off` as false; the choice is the word."""
    return "off" if value is False else value


ProjectName = Annotated[str, StringConstraints(strict=True, pattern=PROJECT_NAME, min_length=3, max_length=24)]
Email = Annotated[str, StringConstraints(strict=True, pattern=EMAIL, max_length=254)]
DataSize = Annotated[str, StringConstraints(strict=True, pattern=DATA_SIZE)]
AccountId = Annotated[str, StringConstraints(strict=True, pattern=ACCOUNT_ID), BeforeValidator(digits)]
Cidr = Annotated[str, StringConstraints(strict=True, pattern=CIDR)]
Repository = Annotated[str, StringConstraints(strict=True, pattern=REPOSITORY)]
RoleName = Annotated[str, StringConstraints(strict=True, pattern=ROLE_NAME)]
VpcId = Annotated[str, StringConstraints(strict=True, pattern=VPC_ID)]
SubnetId = Annotated[str, StringConstraints(strict=True, pattern=SUBNET_ID)]
KeyArn = Annotated[str, StringConstraints(strict=True, pattern=KEY_ARN)]
CertificateArn = Annotated[str, StringConstraints(strict=True, pattern=CERTIFICATE_ARN)]
KafkaArn = Annotated[str, StringConstraints(strict=True, pattern=KAFKA_ARN)]
BucketName = Annotated[str, StringConstraints(strict=True, pattern=BUCKET_NAME)]
DomainName = Annotated[str, StringConstraints(strict=True, pattern=DOMAIN_NAME)]
Timezone = Annotated[str, StringConstraints(strict=True, pattern=TIMEZONE)]
AnAccountId = Annotated[str, StringConstraints(strict=True, pattern=f"^$|{ACCOUNT_ID}"), BeforeValidator(digits)]
SnakeName = Annotated[str, StringConstraints(strict=True, pattern=SNAKE_NAME, max_length=40)]
Percent = BeforeValidator(_percent)
Off = BeforeValidator(_off)


def in_order_of(choices: Any) -> AfterValidator:
    """Return a validator that puts a list of choices into the order of the `Literal` that lists them.

    Which of two equal sets was typed first must not change the plan; copier orders its answers the same way.
    """
    rank: Callable[[str], int] = get_args(choices).index
    return AfterValidator(lambda values: tuple(sorted(values, key=rank)))


# What a pattern admits, in words; a question whose pattern is not here says it in its help.
IN_WORDS = {
    PROJECT_NAME: "lower case letters a to z, digits and single hyphens; a letter first, 3 to 24 characters",
    DATA_SIZE: "<10GB, <1TB, <50TB, >=50TB, or a size such as 200GB, 12TB or 1.5PB",
    COST_CENTER: "letters, digits and _.:/=+@-, at most 64",
    SNAKE_NAME: "lower case letters a to z, digits and underscores; a letter first, at most 40 characters",
    ACCOUNT_ID: "12 digits, in quotes",
    EMAIL: "one address: name@domain.tld",
    CIDR: "a range such as 10.20.0.0/16",
    REPOSITORY: "OWNER/NAME, without https:// and host",
    VPC_ID: "vpc- and 8 to 17 of 0-9a-f",
    SUBNET_ID: "subnet- and 8 to 17 of 0-9a-f",
    KEY_ARN: "the ARN of a key: arn:aws:kms:REGION:ACCOUNT:key/ID",
    CERTIFICATE_ARN: "the ARN of a certificate: arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    KAFKA_ARN: "the ARN of an MSK cluster: arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/ID",
    BUCKET_NAME: "a bucket name: 3 to 63 of a-z, 0-9, dots and hyphens",
    DOMAIN_NAME: "a domain name in lower case, such as packages.example.com or *.example.com",
    ROLE_NAME: "a role name: letters, digits and +=,.@_-, at most 64, without a path",
}
