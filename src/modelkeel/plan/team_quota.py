"""How teams share GPUs: what each may always have, and what it may borrow."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan.decision import Decision


def shares(answers: Answers, gpus: int) -> dict[str, int]:
    """Return the GPUs that are each team's own: as answered, the rest in equal parts.

    Raises:
        ModelkeelError: the teams are promised more GPUs than the cluster has.
    """
    given = {team: answers.team_gpus[team] for team in answers.teams if team in answers.team_gpus}
    rest = [team for team in answers.teams if team not in given]
    left = gpus - sum(given.values())
    if left < 0:
        raise usage_error(
            "the teams are promised more GPUs than there are",
            got=f"team_gpus: {sum(given.values())} in all",
            allowed=f"{gpus} GPU{'s' * (gpus > 1)} at the peak of training",
            fix="smaller team_gpus, or more concurrent_jobs",
        )
    return {team: given.get(team, left // len(rest) if rest else 0) for team in answers.teams}


def decisions(answers: Answers, gpus: int) -> tuple[Decision, ...]:
    """Return the quotas of the teams that share `gpus`; nothing where nobody shares any."""
    if not answers.teams or not gpus:
        return ()
    own = shares(answers, gpus)
    return (
        Decision(
            key="team_gpus",
            value={"own": own, "borrowing": answers.team_borrowing},
            reason="What is a team's own is always given to it"
            + (
                "; what it leaves idle may be borrowed, and comes back when it asks."
                if answers.team_borrowing
                else "; nobody else uses it, even while it lies idle."
            ),
            from_=("teams", "team_gpus", "team_borrowing", "concurrent_jobs"),
            formula=f"{gpus} GPUs at the peak = " + " + ".join(f"{team} {count}" for team, count in own.items()),
            source="Kueue documentation, Cohorts and borrowing; SageMaker Developer Guide, Compute quotas",
            alternatives=(
                "Everything to whoever comes first: idle GPUs never wait, and a team may starve the others.",
            ),
        ),
    )
