"""Erasure of people who ask for it: the job, when it must be done, what outlives it."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.plan.topics import Topics

SWITCH = "erasure"
DUE = "a month after a request"


def settings(answers: Answers, topics: Topics, environment: str, package: str, image_tag: str) -> dict[str, Any]:
    """Return the governance program's keys of the job; none where nobody may ask for erasure."""
    if not topics.regime.has(SWITCH):
        return {}
    backup = topics.backup
    return {
        "erasure": True,
        "erasure_copies_days": max(backup.daily_days, backup.monthly_days) if backup.of(environment) else 0,
        "package": package,
        "image_tag": image_tag,
        "schedule_timezone": answers.timezone,
    }


def deploy_parts(regime: Regime) -> list[str]:
    """Return the part beyond the common ones that CI deploys for the job."""
    return [SWITCH] if regime.has(SWITCH) else []


def decisions(regime: Regime) -> tuple[Decision, ...]:
    """Return what is decided on the job; it is none where no framework grants erasure."""
    if not regime.has(SWITCH):
        return (
            Decision(
                key="erasure_job",
                value=None,
                reason="No framework that holds lets people ask for their erasure.",
                from_=("frameworks",),
                source="Regulation (EU) 2016/679, Art. 2, 3 and 17",
            ),
        )
    return (
        Decision(
            key="erasure_job",
            value={"runs": "every night", "due": DUE, "warns_days_before": 10},
            reason=(
                "A nightly job takes whoever asked out of lake, tables, features and captures, old versions included,"
                " and marks the models that learned before. Locked or held files stay: the evidence says which kind and"
                " until when. All requests of a night are one pass over the lake; a night without any reads nothing."
            ),
            from_=("frameworks",),
            formula="due: received + 1 month; tables 6 days later again, when their snapshots have ended",
            source="Regulation (EU) 2016/679, Art. 12(3) and 17; Regulation (EEC) 1182/71, Art. 3",
            alternatives=("Run it by hand: `python -m <package>.erasure run` with the job's own settings.",),
        ),
    )
