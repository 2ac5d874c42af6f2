"""The template of a Config conformance pack: managed rules that judge what exists, day after day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# PutConformancePack, TemplateBody: AWS Config API Reference, read 2026-11-25.
TEMPLATE_CHARACTERS = 51_200


def template(rules: Sequence[dict[str, Any]], prefix: str) -> dict[str, Any]:
    """Return the template with one resource a rule; `rules` are `{identifier, parameters}`.

    Names of rules are unique in an account, so they begin with `prefix`.
    """
    return {
        "Resources": {
            _word(str(rule["identifier"])): {
                "Type": "AWS::Config::ConfigRule",
                "Properties": {
                    "ConfigRuleName": f"{prefix}-{str(rule['identifier']).lower().replace('_', '-')}",
                    "Source": {"Owner": "AWS", "SourceIdentifier": rule["identifier"]},
                    **({"InputParameters": dict(rule["parameters"])} if rule.get("parameters") else {}),
                },
            }
            for rule in rules
        }
    }


def _word(identifier: str) -> str:
    return "".join(part.capitalize() for part in identifier.split("_"))
