"""What a guardrail would have refused: a question to the audit trail, asked before the guardrail is attached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LOOK_BACK_DAYS = 90
SERVICE_DOMAIN = "amazonaws.com"


def audit_queries(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return SQL by `<policy>/<Sid>`, for Athena over the table `cloudtrail_logs` of the trail's files.

    Calls that already failed are left out. Of the conditions only Regions and exempt principals are in the
    trail for every service; the others are named in a comment, and each row shows the request to judge by.
    """
    return {
        f"{name}/{statement['Sid']}": _query(statement)
        for name, policy in documents.items()
        for statement in policy["Statement"]
    }


def _query(statement: Mapping[str, Any]) -> str:
    where = [
        f"from_iso8601_timestamp(eventtime) > current_timestamp - interval '{LOOK_BACK_DAYS}' day",
        "errorcode IS NULL",
        _calls(statement),
        *_known(statement.get("Condition", {})),
    ]
    told = [f"{operator} {key}" for operator, keys in statement.get("Condition", {}).items() for key in keys]
    comment = f"-- {statement['Sid']} denies where: {'; '.join(told) or 'always'}\n"
    columns = "useridentity.sessioncontext.sessionissuer.arn AS role, useridentity.arn AS caller"
    condition = "\n  AND ".join(where)
    return (
        f"{comment}SELECT {columns}, eventsource, eventname, awsregion, count(*) AS calls,\n"
        "       max(eventtime) AS last_call, arbitrary(requestparameters) AS example\n"
        f"FROM cloudtrail_logs\nWHERE {condition}\n"
        "GROUP BY 1, 2, 3, 4, 5\nORDER BY calls DESC"
    )


def _calls(statement: Mapping[str, Any]) -> str:
    negated = "NotAction" in statement
    terms = [_call(action) for action in _texts(statement.get("Action", statement.get("NotAction")))]
    joined = " OR ".join(terms)
    return f"NOT ({joined})" if negated else f"({joined})"


def _call(action: str) -> str:
    service, name = action.split(":", 1)
    source = f"eventsource = {_quoted(f'{_SOURCES.get(service, service)}.{SERVICE_DOMAIN}')}"
    if name == "*":
        return source
    if "*" in name:
        return f"({source} AND eventname LIKE {_quoted(name.replace('*', '%'))})"
    return f"({source} AND eventname = {_quoted(name)})"


def _known(conditions: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found = []
    for operator, keys in conditions.items():
        for key, values in keys.items():
            listed = ", ".join(_quoted(value) for value in _texts(values))
            if key == "aws:RequestedRegion" and operator == "StringNotEquals":
                found.append(f"awsregion NOT IN ({listed})")
            if key == "aws:PrincipalArn" and operator == "ArnNotEquals":
                found.append(f"coalesce(useridentity.sessioncontext.sessionissuer.arn, '') NOT IN ({listed})")
    return found


def _texts(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else list(value)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Where the trail's event source is called otherwise than the service is in IAM.
_SOURCES = {"cloudwatch": "monitoring", "aws-portal": "billingconsole"}
