"""Which of the controls AWS Config goes on judging after a deployment."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.plan.topics import Topics
from modelkeel.tables.config_rule import ConfigRule, serving
from modelkeel.tables.region import regions


def rules(answers: Answers, topics: Topics) -> dict[str, Any]:
    """Return the account program's key; none where no framework binds, or another looks after Config."""
    found = _rules(answers) if topics.accounts.manages_singletons else ()
    if not found:
        return {}
    return {
        "conformance_rules": [
            {"identifier": row.rule, **({"parameters": dict(row.parameters)} if row.parameters else {})}
            for row in found
        ]
    }


def decisions(answers: Answers) -> tuple[Decision, ...]:
    """Return the conformance pack where a framework binds."""
    if not answers.frameworks:
        return ()
    found = _rules(answers) if answers.management == "none" else ()
    return (
        Decision(
            key="conformance_pack",
            value=[row.rule for row in found] or None,
            reason=f"AWS Config judges what exists by {len(found)} managed rules, one or more a control, in one pack an"
            " account."
            if found
            else f"{_why(answers)}: the controls are judged on what is planned, and by whoever owns Config.",
            from_=("frameworks", "management", "regions"),
            source="AWS Config Developer Guide, Conformance Packs",
        ),
    )


def _rules(answers: Answers) -> tuple[ConfigRule, ...]:
    return serving(answers.frameworks, answers.region, regions()[answers.region].partition)


def _why(answers: Answers) -> str:
    if answers.management != "none":
        return f"{answers.management} owns Config"
    return f"No rule is known to be offered in {answers.region}"
