"""When schedules run, and when dev rests."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision

MONTH_HOURS = 730
WORKDAY_HOURS = 10
WORKDAYS_A_MONTH = 5 * 52 / 12
START = "cron(0 8 ? * MON-FRI *)"
STOP = "cron(0 18 ? * MON-FRI *)"


def hours_a_month(answers: Answers) -> int:
    """Return hours a month in which dev runs: 730, or 5 * 52 / 12 workdays of 10 hours."""
    return MONTH_HOURS if answers.dev_hours == "always" else round(WORKDAYS_A_MONTH * WORKDAY_HOURS)


def decisions(answers: Answers) -> tuple[Decision, ...]:
    """Return the time zone of schedules, and the hours of dev where there is one."""
    zone = Decision(
        key="timezone",
        value=answers.timezone,
        reason="Nights, mornings and working hours of schedules are meant in this zone.",
        from_=("timezone",),
        source="EventBridge Scheduler User Guide, Time zones",
    )
    if "dev" not in answers.environments:
        return (zone,)
    hours = hours_a_month(answers)
    rests = answers.dev_hours == "workdays"
    return (
        zone,
        Decision(
            key="dev_hours",
            value={"when": answers.dev_hours, "hours_a_month": hours},
            reason="Endpoints of dev stop in the evening and start in the morning of a workday."
            if rests
            else "Dev runs all the time.",
            from_=("dev_hours", "environments", "timezone"),
            formula=f"5 * 52 / 12 days * {WORKDAY_HOURS} h = {hours} of {MONTH_HOURS} h" if rests else "",
            source="AWS Solutions, Instance Scheduler: stop what nobody uses",
            alternatives=() if rests else ("workdays: less than a third of the hours",),
        ),
    )
