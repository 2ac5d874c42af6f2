"""Well-formed outputs for resources that nobody creates: ids, ARNs, names and all else a program may apply on.

The table outputs.toml knows the common types. For the rest, and for properties that the table leaves out,
the SDK's own types tell which outputs a created resource always has, and their names tell the form.
Everything is derived from the URN, so that two runs of one program give the same values.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
import re
import tomllib
import typing
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from . import sdk, wire

TABLE = Path(__file__).with_name("outputs.toml")
CREATED_AT = "2026-01-01T00:00:00Z"
MAX_DEPTH = 4
LETTERS = str.maketrans("0123456789abcdef", "GHJKLMNPQRABCDEF")
SCALARS: dict[Any, Any] = {int: 0, float: 0, bool: False}

# Where the SDK's module is not the service's name in ARNs.
ARN_SERVICES = {
    "appautoscaling": "application-autoscaling", "cfg": "config", "costexplorer": "ce", "efs": "elasticfilesystem",
    "lb": "elasticloadbalancing", "alb": "elasticloadbalancing", "msk": "kafka", "mwaa": "airflow", "vpc": "ec2",
    "sfn": "states", "emrserverless": "emr-serverless", "accessanalyzer": "access-analyzer", "ebs": "ec2",
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """Where a resource is made: its provider's account and region, and the tags that the provider adds."""

    account: str
    region: str
    partition: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def dns(self) -> str:
        """The domain of AWS endpoints in the partition."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"


def partition_of(region: str) -> str:
    """Return the partition of a region; source: AWS General Reference, "ARN format"."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


@functools.cache
def table() -> dict[str, dict[str, Any]]:
    """Return the shipped table: type token -> name, id and outputs."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


class _Inputs(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"offline-{_kebab(key)}"


class Fabricator:
    """Makes the id and the outputs of one resource; `kind` is its type token, `cls` its class where known."""

    def __init__(self, kind: str, cls: type | None, urn: str, logical: str, scope: Scope) -> None:
        self._kind = kind
        self._row = table().get(kind, {})
        self._hints = _hints(cls) if cls is not None and kind.startswith("aws:") else {}
        seed = hashlib.sha256(urn.encode())
        self._hex = seed.hexdigest()
        self._scope = scope
        number = int(self._hex, 16)
        self._values: dict[str, Any] = {
            "partition": scope.partition, "region": scope.region, "account": scope.account, "dns": scope.dns,
            "logical": logical, "hex": self._hex, "digits": str(number), "octet": number % 250 + 4,
            "letters": self._hex.translate(LETTERS), "uuid": str(uuid.UUID(self._hex[:32])),
        }  # fmt: skip

    def id_and_outputs(self, inputs: Mapping[str, Any], import_id: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Return the id, the outputs that the table and the names tell, and all others that a program may read."""
        values = self._values
        region = inputs.get("region")
        if isinstance(region, str) and region:
            values["region"] = region
        values["input"] = _Inputs({key: text for key, text in inputs.items() if isinstance(text, str)})
        path = inputs.get("path")
        values["path"] = path if isinstance(path, str) and path else "/"
        values["host"] = str(values["input"]["url"]).removeprefix("https://")
        known: dict[str, Any] = {}
        name_key = self._name_key()
        values["name"] = self._name(name_key, inputs, import_id)
        if name_key and name_key not in inputs:
            known[name_key] = values["name"]
        values["id"] = (
            import_id
            or in_cluster(self._kind, inputs)
            or self._format(self._row.get("id") or self._general_id(name_key))
        )
        for key, template in self._row.items():
            given = inputs.get(key)
            if isinstance(given, dict) and isinstance(template, dict) and not wire.is_secret(given):
                # AWS fills in what a program leaves open in a block that it does give.
                known[key] = {**self._format(template), **given}
            elif key not in ("id", "name") and (key not in inputs or key == "region"):
                known[key] = self._format(template)
                if key == "arn":
                    values["arn"] = known[key]
        if "tagsAll" in self._hints:
            tags = inputs.get("tags")
            known["tagsAll"] = {**self._scope.tags, **(tags if isinstance(tags, dict) else {})}
        if "arn" in self._hints and "arn" not in known and "arn" not in inputs:
            known["arn"] = self._general_arn("arn")
        others = {
            key: self._guess(key, hint)
            for key, hint in self._hints.items()
            if key not in known and key not in inputs and key not in ("id", "urn")
        }
        return values["id"], known, others

    def _name_key(self) -> str | None:
        declared = self._row.get("name")
        if self._row:
            return declared if isinstance(declared, str) and declared in ("name", *self._hints) else None
        return "name" if "name" in self._hints else None

    def _name(self, key: str | None, inputs: Mapping[str, Any], import_id: str) -> str:
        given = inputs.get(key) if key else None
        if isinstance(given, str):
            return given
        if import_id:
            # Of what exists already, the id holds the name: whole, or at the end of an ARN.
            return import_id if self._row.get("id") == "{name}" else re.split(r"[/:]", import_id)[-1]
        prefix = inputs.get(f"{key}Prefix") if key else None
        if isinstance(prefix, str):
            return f"{prefix}{self._hex[:26]}"
        name: str = f"{self._values['logical']}-{self._hex[:7]}"
        if self._kind == "aws:s3/bucket:Bucket":
            name = name.lower()
        return f"{name}.fifo" if inputs.get("fifoQueue") is True or inputs.get("fifoTopic") is True else name

    def _general_id(self, name_key: str | None) -> str:
        return "{name}" if name_key else _kebab(_type_name(self._kind)) + "-{hex:.17}"

    def _general_arn(self, key: str) -> str:
        module = self._kind.split(":")[1].split("/")[0] if self._kind.count(":") == 2 else "service"
        service = ARN_SERVICES.get(module, module)
        what = _kebab(_type_name(self._kind) if key == "arn" else key.removesuffix("Arn"))
        return str(self._format(f"arn:{{partition}}:{service}:{{region}}:{{account}}:{what}/{{name}}"))

    def _format(self, template: Any) -> Any:
        if isinstance(template, str):
            return template.format_map(self._values)
        if isinstance(template, list):
            return [self._format(item) for item in template]
        if isinstance(template, dict):
            return {key: self._format(item) for key, item in template.items()}
        return template

    def _guess(self, key: str, hint: Hint, depth: int = 0) -> Any:
        if hint.kind is str:
            return self._guess_text(key)
        if hint.kind in SCALARS:
            return SCALARS[hint.kind]
        if depth >= MAX_DEPTH:
            return {} if hint.items is None else []
        if hint.items is not None:
            # What may be set and was not is empty at AWS; what only AWS sets has something in it.
            return [] if hint.settable else [self._guess(_singular(key), hint.items, depth + 1)]
        nested = _nested(hint.kind) if sdk.is_output_type(hint.kind) else {}
        wanted = {name: item for name, item in nested.items() if item.required or not hint.settable}
        return {name: self._guess(name, item, depth + 1) for name, item in wanted.items()}

    def _guess_text(self, key: str) -> str:
        for pattern, template in TEXTS:
            if pattern.search(key):
                if template is None:
                    return self._general_arn(key)
                text: str = self._format(template)
                return text
        return f"{_kebab(key)}-{self._hex[:8]}"


# Read in order; the first that matches gives the form of a text that AWS fills in.
TEXTS: tuple[tuple[re.Pattern[str], str | None], ...] = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (r"(^a|A)rn$", None),
        (r"^(owner|account|registry|catalog)Id$|^owner$", "{account}"),
        (r"^region$|^homeRegion$", "{region}"),
        (r"[uU](rl|ri)$", "https://{logical}.{region}.{dns}"),
        (r"(dns|domain|host)Name$|(D|d)omainName$|^endpoint$|^address$", "{logical}-{hex:.8}.{region}.{dns}"),
        (r"(Date|Time|At|Modified)$", CREATED_AT),
        (r"^(status|state)$", "ACTIVE"),
        (r"[vV]ersion$", "1"),
        (r"(ip|Ip|ipAddress|IpAddress)$", "10.0.0.{octet}"),
        (r"[cC]idrBlock$", "10.0.0.0/16"),
        (r"[aA]vailabilityZone$", "{region}a"),
        (r"(json|Json|policy|Policy|document|Document)$", "{{}}"),
        (r"^name$", "{name}"),
        (r"etag$|[hH]ash$|[sS]ha256$|md5$", "{hex:.32}"),
    )
)


@dataclass(frozen=True)
class Hint:
    """The type of one output: `items` of a list, `required` where AWS always fills it, `settable` by programs."""

    kind: Any
    items: Hint | None
    required: bool
    settable: bool


@functools.cache
def _hints(cls: type) -> dict[str, Hint]:
    """Return the outputs that a created resource of the class always has."""
    settable = sdk.input_names(cls)
    found = {key: _hint(raw, key in settable) for key, raw in sdk.output_hints(cls).items()}
    return {key: hint for key, hint in found.items() if hint.required or not hint.settable}


@functools.cache
def _nested(cls: type) -> dict[str, Hint]:
    return {key: _hint(raw, False) for key, raw in sdk.output_hints(cls).items()}


def _hint(raw: Any, settable: bool) -> Hint:
    inner = typing.get_args(raw)[0] if typing.get_origin(raw) is pulumi.Output else raw
    required = type(None) not in typing.get_args(inner)
    kind = sdk.unwrap(raw)
    origin = typing.get_origin(kind)
    if inspect.isclass(origin) and issubclass(origin, Sequence):
        return Hint(list, _hint(typing.get_args(kind)[0], settable), required, settable)
    if inspect.isclass(origin) and issubclass(origin, Mapping):
        return Hint(dict, None, required, settable)
    return Hint(kind if inspect.isclass(kind) else _first_class(kind), None, required, settable)


def _first_class(kind: Any) -> Any:
    for option in typing.get_args(kind):
        if option in (str, int, float, bool):
            return option
    return dict


def in_cluster(kind: str, inputs: Mapping[str, Any]) -> str:
    """Return the id of a Kubernetes resource that names itself, `namespace/name`; empty for all others."""
    metadata = inputs.get("metadata")
    if not kind.startswith("kubernetes:") or not isinstance(metadata, dict) or "name" not in metadata:
        return ""
    return "/".join(str(metadata[key]) for key in ("namespace", "name") if key in metadata)


def provider_inputs(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a provider's arguments as they were written: nested ones arrive as JSON text."""
    return {key: _parsed(key, value) for key, value in values.items()}


def _parsed(key: str, value: Any) -> Any:
    if wire.is_secret(value):
        return wire.secret(_parsed(key, wire.reveal(value)))
    if not isinstance(value, str) or key in ("region", "profile", "accessKey", "secretKey", "token"):
        return value
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return value if isinstance(parsed, str) else parsed


def _type_name(kind: str) -> str:
    return kind.rsplit(":", 1)[-1]


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _singular(name: str) -> str:
    return name[:-1] if name.endswith("s") else name
