"""The plan as JSON, as text and as a data file for copier."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from modelkeel.errors import usage_error
from modelkeel.plan.decision import Decision
from modelkeel.plan.model import SCHEMA_VERSION, Plan, PlannedStack


def to_document(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON values; `from_document` is its inverse."""
    return {
        "schema_version": plan.schema_version,
        "answers_digest": plan.answers_digest,
        "programs": list(plan.programs),
        "environments": list(plan.environments),
        "decisions": [decision.document() for decision in plan.decisions],
        "stacks": [{**dataclasses.asdict(stack), "config": dict(stack.config)} for stack in plan.stacks],
        "words": dict(plan.words),
    }


def from_document(document: Mapping[str, Any]) -> Plan:
    """Return the plan that `document` holds.

    Raises:
        ModelkeelError: the document has another schema version, or is no plan (exit code 2).
    """
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        raise usage_error("the plan has a schema version that this version does not read", got=repr(version),
                          allowed=repr(SCHEMA_VERSION), fix="make it again with modelkeel plan")  # fmt: skip
    try:
        return Plan(
            schema_version=version,
            answers_digest=document["answers_digest"],
            programs=tuple(document["programs"]),
            environments=tuple(document["environments"]),
            decisions=tuple(Decision.of(row) for row in document["decisions"]),
            stacks=tuple(PlannedStack(**row) for row in document["stacks"]),
            words=dict(document["words"]),
        )
    except (KeyError, TypeError) as error:
        raise usage_error("the document is no plan", got=str(error), fix="make it again with modelkeel plan") from error


def dumps(plan: Plan) -> str:
    """Return the plan as JSON text that ends in a newline; equal plans give equal bytes."""
    return json.dumps(to_document(plan), indent=2, ensure_ascii=False) + "\n"


def to_text(plan: Plan) -> str:
    """Return the decisions for people: value, reason, formula, source, what else was possible."""
    lines = [f"programs: {', '.join(plan.programs)}", f"environments: {', '.join(plan.environments)}"]
    for decision in plan.decisions:
        lines += ["", f"{decision.key}: {shown(decision.value)}", f"  {decision.reason}"]
        lines += [f"  from:    {', '.join(decision.from_)}"]
        lines += [f"  formula: {decision.formula}"] if decision.formula else []
        lines += [f"  source:  {decision.source}"]
        lines += [f"  instead: {text}" for text in decision.alternatives]
    return "\n".join(lines) + "\n"


def data_file(data: Mapping[str, Any]) -> str:
    """Return template data as YAML for `copier copy --data-file`: indent 2, no folded lines, sorted keys."""
    import yaml  # noqa: PLC0415 (only this output is YAML)

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(dict(data), Dumper=dumper, indent=2, width=10**9, allow_unicode=True, sort_keys=True))


def shown(value: Any) -> str:
    """Return a decision's value in words: lists and maps without brackets, yes and no, none."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
