"""Answers about who may do what, as text, Markdown and HTML."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

from modelkeel.iam.asking import Question
from modelkeel.iam.decision import Deciding, Decision, Result
from modelkeel.iam.estate import Role
from modelkeel.iam.matrix import Matrix, Row
from modelkeel.report.wording import printable

WORDS = {
    Result.ALLOWED: "yes",
    Result.EXPLICIT_DENY: "never",
    Result.IMPLICIT_DENY: "no",
    Result.UNDETERMINED: "if",
}
LEGEND = (
    "**yes**: a policy allows it and none denies it. **if**: it depends on the request; the condition keys that decide "
    "are named. **no**: nothing allows it. **never**: a statement denies it, whatever somebody grants later."
)


def text(question: Question, decision: Decision) -> str:
    """Return the answer to one question, with the statements behind it and what would settle an open one."""
    request = question.request
    who, what = printable(question.role.name), printable(request.action)
    lines = [f"{decision.result}: {who} {what} on {printable(request.resource)}", f"  why:  {decision.reason}"]
    lines += [f"  by:   {_statement(each)}" for each in decision.because]
    if decision.unsaid:
        lines.append(f"  open: {', '.join(map(printable, decision.unsaid))}")
        lines.append(
            f"  fix:  say it with --context {decision.unsaid[-1]}=VALUE, or --complete if it is not in the request"
        )
    return "\n".join(lines) + "\n"


def _statement(each: Deciding) -> str:
    certain = "" if each.certain else ", if its conditions hold"
    return f"{each.layer} {printable(each.policy)}, statement {printable(each.sid)}{certain}"


def document(question: Question, decision: Decision) -> str:
    """Return the answer as JSON."""
    request = question.request
    return (
        json.dumps(
            {
                "schema_version": 1,
                "role": question.role.arn,
                "action": request.action,
                "resource": request.resource,
                "context": {key: list(values) for key, values in sorted(request.context.items())},
                "result": str(decision.result),
                "reason": decision.reason,
                "statements": [
                    {"layer": each.layer, "policy": each.policy, "sid": each.sid, "certain": each.certain}
                    for each in decision.because
                ],
                "unsaid": list(decision.unsaid),
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def markdown(matrix: Matrix) -> str:
    """Return the matrix as a Markdown table; cells hold no pipes and no line breaks."""
    heads = ["action", "on", *(_title(role) for role in matrix.roles)]
    lines = [LEGEND, "", _markdown_row(heads), _markdown_row(["---"] * len(heads))]
    lines += [_markdown_row(_cells(row, lambda word: f"`{word}`")) for row in matrix.rows]
    return "\n".join(lines) + "\n"


def page(matrix: Matrix, project: str) -> str:
    """Return the matrix as one page of HTML; every text is escaped, nothing is asked for from outside."""
    title = html.escape(f"Who can do what: {project}, {matrix.environment}")
    heads = "".join(f"<th>{html.escape(text)}</th>" for text in ("action", "on", *map(_title, matrix.roles)))
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(row, str)) + "</tr>" for row in matrix.rows
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{_STYLE}</style>\n</head>\n<body>\n'
        f"<h1>{title}</h1>\n<p>{html.escape(LEGEND.replace('*', ''))}</p>\n<table>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table>\n</body>\n</html>\n"
    )


def table(matrix: Matrix) -> str:
    """Return the matrix as plain text, for a terminal."""
    from modelkeel import console  # noqa: PLC0415 (rich takes long to import)

    heads = ["action", *(_title(role) for role in matrix.roles)]
    rows = [[row.action.name, *(WORDS[each.result] for each in row.answers)] for row in matrix.rows]
    return console.table(heads, rows)


def _title(role: Role) -> str:
    return role.name.replace("-", " ")


def _cells(row: Row, code: Callable[[str], str]) -> list[str]:
    resource = row.pattern.split(":", 5)[-1] if row.pattern.startswith("arn:") else row.pattern
    return [code(row.action.name), code(resource), *(_answer(each) for each in row.answers)]


def _answer(decision: Decision) -> str:
    word = WORDS[decision.result]
    if decision.result != Result.UNDETERMINED:
        return word
    shown = [key.partition(":")[2] or key for key in decision.unsaid[:3]]
    more = "" if len(decision.unsaid) <= len(shown) else ", ..."
    return f"{word} {', '.join(shown)}{more}"


def _markdown_row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


_STYLE = (
    ":root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem}"
    "table{border-collapse:collapse}th,td{border:1px solid #8888;padding:.25rem .5rem;text-align:left;"
    "vertical-align:top}thead th{position:sticky;top:0;background:Canvas}"
)
