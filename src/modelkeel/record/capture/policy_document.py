"""`aws.iam.get_policy_document` computed offline: the JSON that the provider would return.

Source: data source `aws_iam_policy_document` of the AWS provider (merging by Sid, sorted lists, `&{...}`),
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document, 2026-11-23.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

VERSION = "2012-10-17"


def result(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the invoke's result for its arguments (Pulumi names).

    Raises:
        ValueError: a document to merge is no JSON, or two source statements carry one Sid.
    """
    document = build(args)
    return {
        **args,
        "id": str(len(json.dumps(document))),
        "json": json.dumps(document, indent=2),
        "minifiedJson": json.dumps(document, separators=(",", ":")),
    }


def build(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy document as a mapping; errors as `result`."""
    document: dict[str, Any] = {"Version": args.get("version") or VERSION}
    if args.get("policyId"):
        document["Id"] = args["policyId"]
    statements: list[dict[str, Any]] = []
    sources = [*_texts(args, "sourceJson"), *_texts(args, "sourcePolicyDocuments")]
    for source in sources:
        statements += _statements_of(source)
    _refuse_repeated(statements)
    for raw in args.get("statements") or []:
        _merge(statements, _statement(raw))
    for override in [*_texts(args, "overridePolicyDocuments"), *_texts(args, "overrideJson")]:
        for statement in _statements_of(override):
            _merge(statements, statement)
    document["Statement"] = statements
    return document


def _texts(args: Mapping[str, Any], key: str) -> list[str]:
    value = args.get(key) or []
    return [text for text in ([value] if isinstance(value, str) else value) if text]


def _statements_of(text: str) -> list[dict[str, Any]]:
    found = json.loads(text).get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def _refuse_repeated(statements: Sequence[Mapping[str, Any]]) -> None:
    sids = [statement["Sid"] for statement in statements if statement.get("Sid")]
    repeated = sorted({sid for sid in sids if sids.count(sid) > 1})
    if repeated:
        raise ValueError(f"source policy documents repeat the Sid {repeated[0]!r}")


def _merge(statements: list[dict[str, Any]], new: dict[str, Any]) -> None:
    for index, old in enumerate(statements):
        if new.get("Sid") and old.get("Sid") == new["Sid"]:
            statements[index] = new
            return
    statements.append(new)


def _statement(raw: Mapping[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = {}
    if raw.get("sid"):
        statement["Sid"] = raw["sid"]
    statement["Effect"] = raw.get("effect") or "Allow"
    for key, name in (("actions", "Action"), ("notActions", "NotAction")):
        if raw.get(key):
            statement[name] = _one_or_many(raw[key])
    for key, name in (("resources", "Resource"), ("notResources", "NotResource")):
        if raw.get(key):
            statement[name] = _variables(_one_or_many(raw[key]))
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if raw.get(key):
            statement[name] = _principals(raw[key])
    if raw.get("conditions"):
        statement["Condition"] = _conditions(raw["conditions"])
    return statement


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else sorted(values, reverse=True)


def _variables(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("&{", "${")
    return [_variables(item) for item in value]


def _principals(raw: Sequence[Mapping[str, Any]]) -> Any:
    everyone = [{"type": "*", "identifiers": ["*"]}]
    if [dict(item) for item in raw] == everyone:
        return "*"
    found: dict[str, list[str]] = {}
    for item in raw:
        found.setdefault(item["type"], []).extend(item["identifiers"])
    return {kind: _variables(_one_or_many(identifiers)) for kind, identifiers in found.items()}


def _conditions(raw: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for item in raw:
        values = _variables(list(item["values"]))
        # Unlike lists of actions, the provider keeps the order of a condition's values.
        found.setdefault(item["test"], {})[item["variable"]] = values[0] if len(values) == 1 else values
    return found
