"""Command line: `python -m <package>.erasure ask|list|close|reopen|run`. Exit 2 where a person errs."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, date, datetime
from typing import Any

import boto3

from .. import settings as settings_module
from ..data import dataset, privacy
from ..problem import ProblemError
from . import job
from .register import Register


def main(arguments: list[str] | None = None) -> int:
    """Run one step and return the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except ProblemError as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=sys.modules[__package__].__doc__)
    steps = parser.add_subparsers(required=True, metavar="STEP")
    run = steps.add_parser("run", help="carry out what is open; on AWS the schedule does")
    run.set_defaults(run=_run)
    ask = steps.add_parser("ask", help="register a request, due a month after it came")
    ask.add_argument("name", nargs="+", help="how the data calls the person; several where it has several names")
    ask.add_argument("--received", type=date.fromisoformat, required=True, help="day it came, such as 2026-11-25")
    ask.set_defaults(run=_ask)
    listed = steps.add_parser("list", help="print the requests, the most urgent first; nobody is named")
    listed.set_defaults(run=_list)
    close = steps.add_parser("close", help="close a request of which something stays")
    close.add_argument("request_id")
    close.add_argument("--reason", required=True)
    close.set_defaults(run=_close)
    reopen = steps.add_parser("reopen", help="after a restore: open again what was erased since the day of the copy")
    reopen.add_argument("--since", type=date.fromisoformat, required=True)
    reopen.set_defaults(run=_reopen)
    for step in (ask, close):
        step.add_argument("--by", required=True, help="who enters or decides it")
    for step in (ask, listed, close, reopen):
        step.add_argument("--table", required=True, help="name of the register: erasure_table_name of governance")
    return parser


def _register(chosen: argparse.Namespace) -> Register:
    table: Any = boto3.resource("dynamodb").Table(chosen.table)
    return Register(table)


def _run(chosen: argparse.Namespace) -> None:
    place = job.Place.current()
    job.run(place, job.Clients.of(place))


def _ask(chosen: argparse.Namespace) -> None:
    request = _register(chosen).ask(
        _known_as(chosen.name), chosen.received, by=chosen.by, today=datetime.now(UTC).date()
    )
    print(f"{request.request_id}: due on {request.due_on}")


def _known_as(names: list[str]) -> list[str]:
    """The names, and the tokens that stand for them where the data holds tokens."""
    if settings_module.current().privacy.get(dataset.ENTITY) != "token":
        return names
    if not os.environ.get("TOKEN_KEY"):
        raise ProblemError(
            f"the data holds tokens instead of {dataset.ENTITY}",
            got="no TOKEN_KEY",
            fix="set TOKEN_KEY to the key that the data was treated with, from Secrets Manager",
        )
    return [*names, *(privacy.token(name, privacy.key()) for name in names)]


def _list(chosen: argparse.Namespace) -> None:
    for item in _register(chosen).items():
        print(f"{item['request_id']}  {item.get('state', 'open'):<8} due {item.get('due_on', '?')}")


def _close(chosen: argparse.Namespace) -> None:
    _register(chosen).close(chosen.request_id, by=chosen.by, reason=chosen.reason)
    print(f"{chosen.request_id} is closed")


def _reopen(chosen: argparse.Namespace) -> None:
    print(f"{_register(chosen).reopen(chosen.since)} requests are open again")


if __name__ == "__main__":
    sys.exit(main())
