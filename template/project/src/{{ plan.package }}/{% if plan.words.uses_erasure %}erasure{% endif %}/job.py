"""One run: every open request in one pass over everything, since reading the lake costs the same for one as for ten.

A run that was cut short is resumed where it was; what was done twice finds nothing the second time. While no request is
open, a run reads the register and ends.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from ..problem import ProblemError
from . import evidence, features, models, register, tables, zones
from .register import Batch, Register, Request
from .zones import Found, Zone

PLACE = "ERASURE_PLACE"
"""Environment variable with the JSON of a `Place`, which the governance program writes into the job's definition."""

MOST_ATTEMPTS = 3
LOOK_AGAIN_DAYS = 7
"""Days after which what a legal hold keeps, or what could not be read, is looked at again."""

NO_REQUEST_DAYS = 31
"""What is published as days left while nobody waits."""

Marked = tuple[list[str], list[str]]
"""Versions of models that carry the mark, and those that could not be given it."""


@dataclass(frozen=True)
class Place:
    """Where an environment keeps what people are taken out of, and where a run tells of it."""

    table: str
    stuck_queue_url: str
    zones: tuple[Zone, ...]
    database: str
    workgroup: str
    feature_groups: tuple[features.Group, ...]
    model_package_group: str
    evidence_bucket: str
    metric_namespace: str
    copies_days: int

    @classmethod
    def current(cls) -> Place:
        """The place that the environment variable tells.

        Raises:
            ProblemError: it is not set, or tells something else.
        """
        try:
            told = json.loads(os.environ[PLACE])
            told["zones"] = tuple(Zone(**{**row, "leave": tuple(row.get("leave", ()))}) for row in told["zones"])
            told["feature_groups"] = tuple(features.Group(**row) for row in told["feature_groups"])
            return cls(**told)
        except KeyError:
            raise ProblemError(f"{PLACE} is not set", fix="the job's definition on AWS sets it") from None
        except (TypeError, ValueError) as error:
            raise ProblemError(f"{PLACE} cannot be read", got=str(error)) from error


@dataclass(frozen=True)
class Clients:
    """Clients of boto3, and the table as a resource."""

    table: Any
    s3: Any
    sqs: Any
    athena: Any
    glue: Any
    features: Any
    sagemaker: Any
    cloudwatch: Any

    @classmethod
    def of(cls, place: Place) -> Clients:
        """Clients that retry what a busy service refuses."""
        import boto3
        from botocore.config import Config

        config = Config(retries={"mode": "adaptive", "max_attempts": 10})
        session = boto3.session.Session()
        services = ("s3", "sqs", "athena", "glue", "sagemaker-featurestore-runtime", "sagemaker", "cloudwatch")
        made = [session.client(service, config=config) for service in services]
        return cls(session.resource("dynamodb", config=config).Table(place.table), *made)


def run(place: Place, clients: Clients, *, today: date | None = None, say: Callable[[str], None] = print) -> int:
    """Carry out what is open and return how many requests a pass was made for. Nothing that is said names a person."""
    today = today or datetime.now(UTC).date()
    requests = Register(clients.table)
    waiting, wrong = requests.waiting()
    for request_id, why in wrong.items():
        _tell_stuck(clients, place, request_id, why)
        requests.set_state(request_id, register.REFUSED, refused_because=why)
        say(f"{request_id}: refused, {why}")
    _publish(clients, place, waiting, today)
    batch = requests.batch()
    if batch is None:
        ready = [row for row in waiting if row.again_on is None or row.again_on <= today]
        if not ready:
            say(f"{len(waiting)} requests wait, none of them for today")
            return 0
        batch = Batch([row.request_id for row in ready])
    batch.attempts = int(batch.attempts) + 1
    requests.save(batch)
    if batch.attempts == MOST_ATTEMPTS:
        for request_id in batch.request_ids:
            _tell_stuck(clients, place, request_id, f"run {MOST_ATTEMPTS} begins: those before it came no further")
    # Somebody may have closed a request since the pass began.
    mine = [row for row in waiting if row.request_id in batch.request_ids]
    if mine:
        found, marked = _pass(place, clients, requests, batch, mine, today)
        for request in mine:
            say(_settle(place, clients, requests, request, found, marked, today))
    requests.drop_batch()
    return len(mine)


def _pass(
    place: Place, clients: Clients, requests: Register, batch: Batch, mine: list[Request], today: date
) -> tuple[Found, Marked]:
    people = frozenset(name for row in mine for name in row.names)
    found, stages = _found(batch.found), ["", *(zone.name for zone in place.zones)]

    def reached(stage: str, marker: zones.Marker) -> None:
        batch.stage, batch.marker, batch.found = stage, list(marker), _told(found)
        # A large lake takes several runs; only those that get no further are counted.
        batch.attempts = 0
        requests.save(batch)

    if not batch.stage:
        found.done.update(features.erase(clients.features, place.feature_groups, people))
        there = tables.erase(
            clients.athena, clients.glue, database=place.database, workgroup=place.workgroup, people=people
        )
        found.done.update(there)
        # Snapshots of the last days still hold them.
        found.later |= {name for name, _ in there}
        reached(stages[1], ("", ""))
    for zone in place.zones[stages.index(batch.stage) - 1 :]:
        # A new zone begins at its beginning; a resumed one behind the last page that was done.
        after = (batch.marker[0], batch.marker[1]) if batch.stage == zone.name else ("", "")
        zones.erase(clients.s3, zone, people, found, after, partial(reached, zone.name))
    met = {name for name, _ in found.done} | {name for name, _, _ in found.stays} | found.later
    return found, models.mark(clients.sagemaker, place.model_package_group, today) if met else ([], [])


def _settle(
    place: Place, clients: Clients, requests: Register, request: Request, found: Found, marked: Marked, today: date
) -> str:
    """Write the evidence of a request, then its new state; return what happened, in words."""
    holds = [until for (name, _, until) in found.stays if name in request.names]
    days = [date.fromisoformat(until) + timedelta(days=1) for until in holds if until]
    days += [today + timedelta(days=LOOK_AGAIN_DAYS)] if found.unread or "" in holds else []
    days += [today + timedelta(days=tables.SNAPSHOT_DAYS + 1)] if found.later & request.names else []
    state = register.AGAIN if days else register.ERASED
    document = evidence.record(request, found, marked, today=today, state=state)
    evidence.keep(clients.s3, place.evidence_bucket, document)
    if days:
        requests.set_state(request.request_id, state, again_on=min(days).isoformat())
        return f"{request.request_id}: {sum(document['done'].values())} things went, again on {min(days)}"
    requests.finish(request.request_id, today, copies_days=place.copies_days)
    return f"{request.request_id}: {sum(document['done'].values())} things went, nothing is left"


def _publish(clients: Clients, place: Place, waiting: list[Request], today: date) -> None:
    left = min([(row.due_on - today).days for row in waiting], default=NO_REQUEST_DAYS)
    values = {"ErasureDaysLeft": left, "ErasuresOpen": len(waiting)}
    data = [{"MetricName": name, "Value": float(value)} for name, value in values.items()]
    clients.cloudwatch.put_metric_data(Namespace=place.metric_namespace, MetricData=data)


def _tell_stuck(clients: Clients, place: Place, request_id: str, why: str) -> None:
    message = json.dumps({"request_id": request_id, "why": why})
    clients.sqs.send_message(QueueUrl=place.stuck_queue_url, MessageBody=message)


def _told(found: Found) -> dict[str, Any]:
    """What a pass met so far, in the forms that DynamoDB keeps."""
    return {
        "done": [[*key, count] for key, count in found.done.items()],
        "stays": [[*key, count] for key, count in found.stays.items()],
        "unread": [[why, count] for why, count in found.unread.items()],
        "later": sorted(found.later),
    }


def _found(told: dict[str, Any]) -> Found:
    return Found(
        done=Counter({(row[0], row[1]): int(row[2]) for row in told.get("done", ())}),
        stays=Counter({(row[0], row[1], row[2]): int(row[3]) for row in told.get("stays", ())}),
        unread=Counter({row[0]: int(row[1]) for row in told.get("unread", ())}),
        later=set(told.get("later", ())),
    )
