"""What an auditor sees of an erasure: when it was asked and done, how much went, what stays and why; never of whom."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from .register import Request
from .zones import Found


def record(
    request: Request, found: Found, models: tuple[list[str], list[str]], *, today: date, state: str
) -> dict[str, Any]:
    """Return the record of one request. Its id is random, so that it tells nothing of the person."""
    mine = request.names
    done: dict[str, int] = {}
    for (name, what), count in found.done.items():
        if name in mine:
            done[what] = done.get(what, 0) + count
    stays: dict[tuple[str, str], int] = {}
    for (name, what, until), count in found.stays.items():
        if name in mine:
            stays[what, until] = stays.get((what, until), 0) + count
    return {
        "request_id": request.request_id,
        "basis": "Regulation (EU) 2016/679, Art. 17",
        "received_on": request.received_on.isoformat(),
        "due_on": request.due_on.isoformat(),
        "run_on": today.isoformat(),
        "in_time": today <= request.due_on,
        "state": state,
        "done": dict(sorted(done.items())),
        "stays": [
            {"what": what, "until": until or "somebody lifts it", "versions": count}
            for (what, until), count in sorted(stays.items())
        ],
        "not_read": dict(sorted(found.unread.items())),
        "models_trained_before": models[0],
        "models_not_marked": models[1],
    }


def keep(s3: Any, bucket: str, document: dict[str, Any]) -> str:
    """Put a record into the evidence bucket, whose lock keeps it, and return its key."""
    key = f"erasures/{document['request_id']}/{document['run_on']}.json"
    body = (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    return key
