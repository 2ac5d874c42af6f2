"""Pulumi configuration read into typed settings, with every problem reported at once."""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from typing import Any, TypeVar

import pulumi

Settings = TypeVar("Settings")


class SettingsError(Exception):
    """The stack's configuration lacks a key or holds a value of another type."""


@dataclass(frozen=True, kw_only=True)
class Platform:
    """What every program of an environment knows; config namespace `platform`."""

    project: str
    """Name of the project, at most 24 characters: how every resource's name begins."""
    environment: str
    """`dev`, `staging`, `prod`, or `shared` for what several environments share."""
    account_id: str
    """The account that the stack is deployed to; the provider refuses any other."""
    region: str
    """The AWS Region of the stack."""
    partition: str
    """`aws`, `aws-us-gov` or `aws-cn`: how every ARN begins."""
    owner_email: str
    """Address of the owning team; the tag `owner`."""
    cost_center: str
    """Code that costs are booked on; the tag `cost-center`."""
    data_classification: str
    """The most sensitive kind of data that the platform holds; the tag `data-classification`."""
    ai_risk: str
    """Risk class under the EU AI Act, `none` where it does not apply; the tag `ai-risk`."""
    compliance: list[str]
    """Frameworks that hold; the tag `compliance`, and which controls are checked."""
    use_fips: bool
    """Call AWS through endpoints whose cryptography is validated under FIPS 140."""
    tooling_account_id: str = ""
    """The account of registry, images, models and the entry of CI; empty: the environment has its own."""


def load(kind: type[Settings], namespace: str, prefix: str = "") -> Settings:
    """Return the dataclass `kind` filled from the config keys `namespace:<prefix><field>`.

    A field with a default may be left out. Lists and mappings are structured config.

    Raises:
        SettingsError: keys are missing or have another type; all of them are named.
    """
    config = pulumi.Config(namespace)
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for item in dataclasses.fields(typing.cast(Any, kind)):
        key = f"{namespace}:{prefix}{item.name}"
        try:
            value = _read(config, f"{prefix}{item.name}", hints[item.name])
        except (TypeError, ValueError, pulumi.ConfigTypeError) as error:
            problems.append(f"{key} {error}")
            continue
        if value is not None:
            values[item.name] = value
        elif item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
            problems.append(f"{key} is missing: set it with `pulumi config set --path '{key}' VALUE`")
    if problems:
        raise SettingsError("configuration of this stack is incomplete:\n  " + "\n  ".join(problems))
    return kind(**values)


def _read(config: pulumi.Config, name: str, hint: Any) -> Any:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        hint = next(arm for arm in typing.get_args(hint) if arm is not type(None))
    if hint is bool:
        return config.get_bool(name)
    if hint is int:
        return config.get_int(name)
    if hint is float:
        return config.get_float(name)
    if hint is str:
        return config.get(name)
    value = config.get_object(name)
    expected = typing.get_origin(hint) or hint
    if value is not None and not isinstance(value, expected):
        raise TypeError(f"must be a {expected.__name__}, got {value!r}")
    return value
