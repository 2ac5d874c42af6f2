"""The Slack channel that reads alarms."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.tables.region import regions


def is_offered(answers: Answers) -> bool:
    """Tell whether AWS joins Slack there: in the commercial partition."""
    return regions()[answers.region].partition == "aws"


def joined(answers: Answers) -> bool:
    """Tell whether the monitoring program joins a channel."""
    return "slack" in answers.alert_to and is_offered(answers)


def settings(answers: Answers) -> dict[str, Any]:
    """Return the monitoring program's keys; consent is a person's to give, and the team's key to set."""
    if not joined(answers):
        return {}
    return {"slack_workspace_id": answers.slack_workspace_id, "slack_channel_id": answers.slack_channel_id}
