"""What was answered and what follows from it, before anything is written."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from modelkeel.answers import Answers, flat
from modelkeel.answers.question import GROUPS
from modelkeel.answers.schema import questions
from modelkeel.cli.ask import reading
from modelkeel.cli.ask.interview import Interview
from modelkeel.plan import Plan

WIDTH = 100
# The decisions that cost money, bind people or cannot be changed easily afterwards.
MAIN = (
    "endpoint_type", "serving_instance_type", "serving_min_instances", "serving_max_instances", "train_platform",
    "training_instance_type", "training_instance_count", "purchase", "retraining_schedule", "stream", "feature_store",
    "networks", "egress", "log_retention_days", "object_lock_mode", "approvals", "human_review", "backup",
    "disaster_recovery", "budgets_usd_per_month", "least_usd_per_month",
)  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """An interview that is over, and what its answers lead to."""

    interview: Interview
    answers: Answers
    plan: Plan


def text(ending: Ending) -> str:
    """Return the answers given, the derived decisions that matter most, and how to see or change the rest."""
    lines = ["", "Your answers"]
    for group, title in GROUPS.items():
        rows = [name for name in ending.interview.values if questions()[name].group == group]
        if rows:
            lines.append(f"  {title}")
            lines += [_row(name, flat(ending.answers)[name], indent=4) for name in sorted(rows, key=_place)]
    plan = ending.plan
    lines += ["", "What follows", _row("programs", plan.programs, indent=2)]
    accounts: dict[str, list[str]] = {}
    for stack in plan.stacks:
        accounts.setdefault(f"{stack.account_id} {stack.region}", []).append(f"{stack.program}/{stack.stack}")
    lines += [_row("account", f"{place}: {len(stacks)} stacks", indent=2) for place, stacks in accounts.items()]
    decisions = {decision.key: decision for decision in plan.decisions}
    for key in MAIN:
        if key in decisions:
            lines.append(_row(key, decisions[key].value, indent=2))
            lines.append(textwrap.fill(decisions[key].reason, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6))
    silent = len(questions()) - len(ending.interview.values)
    more = len(plan.decisions) - len([key for key in MAIN if key in decisions])
    lines += [
        "",
        f"{silent} more questions keep their default and {more} more decisions follow: DECISIONS.md will explain all.",
        "y writes it, n leaves, < goes back, the name of a question changes it, ? and the name of a decision explains.",
    ]
    return "\n".join(lines)


def explained(ending: Ending, key: str) -> str:
    """Return why a decision is as it is; the names of all decisions where `key` is none of them."""
    decisions = {decision.key: decision for decision in ending.plan.decisions}
    if key not in decisions:
        return textwrap.fill(f"Decisions: {', '.join(decisions)}", WIDTH, subsequent_indent="  ")
    decision = decisions[key]
    rows = {
        "value": reading.shown(decision.value),
        "why": decision.reason,
        "from": ", ".join(decision.from_),
        "formula": decision.formula,
        "source": decision.source,
        "otherwise": "; ".join(reading.shown(other) for other in decision.alternatives),
    }
    return "\n".join([key, *(_row(name, value, indent=2, width=12) for name, value in rows.items() if value)])


def _place(name: str) -> int:
    return list(questions()).index(name)


def _row(name: str, value: Any, *, indent: int, width: int = 30) -> str:
    return textwrap.fill(
        f"{name.ljust(width - indent)} {reading.shown(value)}",
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (width + 1),
        break_on_hyphens=False,
    )
