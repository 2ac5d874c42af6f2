"""Every type token that cost knows is one that the AWS SDK registers."""

from functools import cache
from pathlib import Path

import pulumi_aws

from modelkeel.cost import PRICERS
from modelkeel.tables.usage import free_types

SDK = Path(pulumi_aws.__file__).parent


@cache
def text_of(folder: str) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted((SDK / folder).glob("*.py")))


def registered(kind: str) -> bool:
    module = kind.split(":")[1].split("/", maxsplit=1)[0]
    return f"'{kind}'" in text_of({"lambda": "lambda_"}.get(module, module))


def test_every_known_type_is_registered_by_the_sdk() -> None:
    """Else a typing mistake makes a free or priced resource unpriced, and nobody notices until a customer does."""
    assert [kind for kind in [*PRICERS, *free_types()] if not kind.startswith("AWS::") and not registered(kind)] == []
