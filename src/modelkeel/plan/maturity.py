"""How mature the team's work is: what is in place of what the goal asks, and what is missing."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.tables.maturity_practice import maturity_practices


def gaps(answers: Answers) -> tuple[str, ...]:
    """Return the practices that the goal asks for and the team does not have yet, in the order of the table."""
    return tuple(
        name
        for name, row in maturity_practices().items()
        if row.asked_by(answers.maturity_goal) and name not in answers.maturity_practices
    )


def rows(answers: Answers) -> list[dict[str, str]]:
    """Return a row for each gap: what is missing, its number in the ML Test Score, where to begin."""
    table = maturity_practices()
    return [{"title": table[name].title, "test": table[name].test, "here": table[name].here} for name in gaps(answers)]


def decisions(answers: Answers) -> tuple[Decision, ...]:
    """Return the score, one point for each practice in place, and the gaps to the goal."""
    table, missing = maturity_practices(), gaps(answers)
    asked = [name for name, row in table.items() if row.asked_by(answers.maturity_goal)]
    score = len(set(answers.maturity_practices))
    return (
        Decision(
            key="maturity",
            value={"score": score, "of": len(table), "gaps": list(missing)},
            reason=f"The goal {answers.maturity_goal} asks for {len(asked)} of {len(table)} practices"
            + (f"; {len(missing)} of them are not in place yet." if missing else ", and all of them are in place."),
            from_=("maturity_goal", "maturity_practices"),
            formula=f"{score} in place of {len(table)};"
            f" {len(asked)} asked - {len(asked) - len(missing)} of those in place = {len(missing)} missing",
            source="Breck et al., The ML Test Score: A Rubric for ML Production Readiness, IEEE Big Data 2017;"
            " which practice a goal asks for is our choice",
        ),
    )
