"""The register of requests: a DynamoDB table in which a person is named until the request is done, and no longer.

States: `open`; `again`, when something goes at a later day; `erased`, when nothing is left but copies in the vault;
`closed`, when a person decided that what stays may stay; `refused`, when a request cannot be understood.
"""

from __future__ import annotations

import calendar
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from boto3.dynamodb.conditions import Attr

from ..problem import DataRefusedError, ProblemError

BATCH = "batch"
"""The item that says how far a run has come; no request is called so."""

OPEN, AGAIN, ERASED, CLOSED, REFUSED = "open", "again", "erased", "closed", "refused"
NAME = re.compile(r"[\w.:@+/=-]{1,256}")


@dataclass(frozen=True)
class Request:
    """Somebody who asked on `received_on` to be erased by `due_on`; `names` are how the data calls them."""

    request_id: str
    names: frozenset[str]
    received_on: date
    due_on: date
    again_on: date | None = None


@dataclass
class Batch:
    """Requests that one pass works for, and how far it came: resumed by the next run where one was cut short."""

    request_ids: list[str]
    stage: str = ""
    marker: list[str] = field(default_factory=lambda: ["", ""])
    found: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0


def due(received_on: date) -> date:
    """The day by which a request must be answered: a month after it came (Art. 12(3)).

    A month ends on the day of the same number, or on its last day where it has none (Regulation 1182/71, Art. 3).
    """
    year, month = received_on.year + received_on.month // 12, received_on.month % 12 + 1
    return date(year, month, min(received_on.day, calendar.monthrange(year, month)[1]))


class Register:
    """Requests in `table`, a resource of boto3."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def ask(self, names: list[str], received_on: date, *, by: str, today: date) -> Request:
        """Register a request and return it.

        Raises:
            DataRefusedError: a name is none, nobody asks, or the request comes from the future.
        """
        wrong = sorted(name for name in names if not NAME.fullmatch(name))
        if not names or wrong:
            got = ", ".join(map(repr, wrong)) or "no name"
            raise DataRefusedError("an erasure needs the names that the data uses", got=got, allowed=NAME.pattern)
        if not by.strip():
            raise DataRefusedError("an erasure needs who entered it", got=repr(by), fix="--by NAME")
        if received_on > today:
            raise DataRefusedError("a request cannot come from the future", got=f"{received_on}, today is {today}")
        request = Request(f"erasure-{uuid.uuid4()}", frozenset(names), received_on, due(received_on))
        item = {
            "request_id": request.request_id,
            "names": set(names),
            "received_on": received_on.isoformat(),
            "due_on": request.due_on.isoformat(),
            "entered_by": by.strip(),
            "state": OPEN,
        }
        self._table.put_item(Item=item, ConditionExpression=Attr("request_id").not_exists())
        return request

    def items(self) -> list[dict[str, Any]]:
        """Every request as it is stored, the most urgent first."""
        found: list[dict[str, Any]] = []
        more: dict[str, Any] = {}
        while True:
            page = self._table.scan(ConsistentRead=True, **more)
            found += [item for item in page["Items"] if item["request_id"] != BATCH]
            if "LastEvaluatedKey" not in page:
                return sorted(found, key=lambda item: (str(item.get("due_on", "")), item["request_id"]))
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def waiting(self) -> tuple[list[Request], dict[str, str]]:
        """Requests that are not done, the most urgent first; and those that cannot be understood, with what is wrong.

        `names` may be a set or a single string: another system may write requests as well.
        """
        understood, wrong = [], {}
        for item in self.items():
            if item.get("state", OPEN) not in {OPEN, AGAIN}:
                continue
            try:
                understood.append(_request(item))
            except DataRefusedError as refused:
                wrong[item["request_id"]] = refused.what
        return understood, wrong

    def set_state(self, request_id: str, state: str, **facts: str) -> None:
        """Change the state of a request and note facts with it.

        Raises:
            ProblemError: there is no such request.
        """
        self._update(request_id, {"state": state, **facts})

    def finish(self, request_id: str, on: date, *, copies_days: int) -> None:
        """Note that a person is erased. The names go at once, or when the last copy in the vault has gone."""
        facts: dict[str, Any] = {"state": ERASED, "erased_on": on.isoformat()}
        if copies_days:
            end = datetime.combine(on + timedelta(days=copies_days), datetime.min.time(), UTC)
            facts["expires_at"] = int(end.timestamp())
        self._update(request_id, facts, without=() if copies_days else ("names",))

    def close(self, request_id: str, *, by: str, reason: str) -> None:
        """Close a request of which something stays, by a person's decision.

        Raises:
            ProblemError: there is no such request, or no name or reason was given.
        """
        if not by.strip() or not reason.strip():
            raise ProblemError("a request is closed by somebody for a reason", got=f"{by!r}, {reason!r}")
        facts = {"state": CLOSED, "closed_by": by.strip(), "closed_because": reason.strip()}
        self._update(request_id, facts, without=("names",))

    def reopen(self, erased_since: date) -> int:
        """Open again what was erased since a day: a copy of that day, restored, has brought those people back."""
        again = [
            item["request_id"]
            for item in self.items()
            if item.get("state") == ERASED and "names" in item and item["erased_on"] >= erased_since.isoformat()
        ]
        for request_id in again:
            self.set_state(request_id, OPEN)
        return len(again)

    def batch(self) -> Batch | None:
        """The pass that was cut short, if one was."""
        item = self._table.get_item(Key={"request_id": BATCH}, ConsistentRead=True).get("Item")
        return None if item is None else Batch(**{key: item[key] for key in item if key != "request_id"})

    def save(self, batch: Batch) -> None:
        """Keep how far a pass has come."""
        self._table.put_item(Item={"request_id": BATCH, **vars(batch)})

    def drop_batch(self) -> None:
        """Forget the pass: it is done."""
        self._table.delete_item(Key={"request_id": BATCH})

    def _update(self, request_id: str, facts: dict[str, Any], without: tuple[str, ...] = ()) -> None:
        names = {f"#{place}": name for place, name in enumerate([*facts, *without])}
        sets = ", ".join(f"#{place} = :{place}" for place in range(len(facts)))
        gone = ", ".join(f"#{place}" for place in range(len(facts), len(names)))
        try:
            self._table.update_item(
                Key={"request_id": request_id},
                UpdateExpression=f"SET {sets}" + (f" REMOVE {gone}" if gone else ""),
                ExpressionAttributeNames=names,
                ExpressionAttributeValues={f":{place}": value for place, value in enumerate(facts.values())},
                ConditionExpression=Attr("request_id").exists(),
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException:
            raise ProblemError("there is no such request", got=request_id, fix="list the requests") from None


def _request(item: dict[str, Any]) -> Request:
    names = item.get("names", ())
    names = frozenset([names] if isinstance(names, str) else names)
    if not names or not all(isinstance(name, str) and NAME.fullmatch(name) for name in names):
        raise DataRefusedError("it names nobody, or by what is no name")
    received = _day(item, "received_on")
    due_on = _day(item, "due_on") if "due_on" in item else due(received)
    again = _day(item, "again_on") if item.get("state") == AGAIN else None
    return Request(item["request_id"], names, received, due_on, again)


def _day(item: dict[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(str(item.get(key)))
    except ValueError:
        raise DataRefusedError(f"{key} is no date such as 2026-11-25") from None
