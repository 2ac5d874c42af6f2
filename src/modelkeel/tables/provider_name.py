"""Where Pulumi's names of AWS resources and properties differ from the AWS provider's by more than a rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from modelkeel.tables import reader

FILE = "provider_names.toml"


@cache
def modules() -> Mapping[str, str]:
    """Return the word that stands for a Pulumi module in the provider's type names."""
    return MappingProxyType(dict(reader.document(FILE)["modules"]))


@cache
def types() -> Mapping[str, str]:
    """Return the provider's types by Pulumi token, where no rule gives them."""
    return MappingProxyType(dict(reader.document(FILE)["types"]))


@cache
def arguments() -> Mapping[str, Mapping[str, str]]:
    """Return renamed arguments, Pulumi's name to the provider's, by type and block: `aws_x` or `aws_x.block`."""
    rows: Mapping[str, Any] = reader.document(FILE)["arguments"]
    return MappingProxyType({path: MappingProxyType(dict(names)) for path, names in rows.items()})
