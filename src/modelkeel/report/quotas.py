"""The text of quota needs: a table, how each number was counted, and the commands that ask for more."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from modelkeel import console
from modelkeel.graph import Graph
from modelkeel.quotas import Verdict, command, wanted
from modelkeel.report.html_words import count_of
from modelkeel.report.wording import printable

WORDS = {
    "raise": "above the default",
    "close": "close to the default",
    "within": "within the default",
    "unknown": "default not known",
}


def render(graph: Graph, verdicts: Sequence[Verdict], *, checked: datetime.date, live: bool) -> str:
    """Return the needs account by account, most urgent results in words, then the requests."""
    asked = [verdict for verdict in verdicts if wanted(verdict, live=live)]
    title = (
        f"{printable(graph.project)}, environment {printable(graph.environment)}: "
        f"{count_of(len(verdicts), 'quota')} needed, {_summary(asked, live)}; table of {checked}"
    )
    parts = [title]
    for account, region in sorted({(verdict.need.account, verdict.need.region) for verdict in verdicts}):
        here = [verdict for verdict in verdicts if (verdict.need.account, verdict.need.region) == (account, region)]
        parts.append(f"account {account}, {region}\n\n{_table(here, live)}\n{_counted(here)}")
    if asked:
        parts.append(_requests(asked, live))
    parts.append("What else runs in the account is not counted: add it to what you ask for.")
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _summary(asked: Sequence[Verdict], live: bool) -> str:
    if live:
        return f"{len(asked)} short" if asked else "none short"
    return f"{len(asked)} to request" if asked else "none to request"


def _table(verdicts: Sequence[Verdict], live: bool) -> str:
    rows = []
    for verdict in verdicts:
        need = verdict.need
        row = [printable(need.name), verdict.code or "by name", _number(need.needed), _number(need.default)]
        if live:
            row.append(_number(None if verdict.granted is None else verdict.granted.value))
        row.append(verdict.result if live else WORDS[need.status])
        rows.append(row)
    columns = ["quota", "code", "needed", "default", *(["granted"] if live else []), "result"]
    return console.table(columns, rows, numeric=(2, 3, 4) if live else (2, 3))


def _counted(verdicts: Sequence[Verdict]) -> str:
    lines = [f"  {printable(verdict.need.name)}: {printable(verdict.need.formula)}" for verdict in verdicts]
    return "\n".join(["how it was counted:", *lines])


def _requests(asked: Sequence[Verdict], live: bool) -> str:
    days = max(verdict.need.lead_days for verdict in asked)
    why = "the account grants less" if live else "new accounts often have less; what is granted already is refused"
    return "\n".join(
        [
            f"request in each account, up to {count_of(days, 'day')} ahead by experience ({why}):",
            *(f"  {command(verdict.need, verdict.code)}" for verdict in asked),
        ]
    )


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:,.10g}"
