"""docs/reference/answers.md, made from the questions."""

from __future__ import annotations

import json

from modelkeel.answers.question import GROUPS
from modelkeel.answers.schema import Question, questions


def reference_md() -> str:
    """Return the reference page: every question with its type, default, condition and effect."""
    lines = [
        "# Answers",
        "",
        "<!-- Made by `make generate` from src/modelkeel/answers; change the questions there. -->",
        "",
        "Every question that Modelkeel asks. An answers file is YAML with these keys; what it leaves out takes the",
        "default. Precedence: defaults, then the preset, then the file, then `--data`.",
        f"The {sum(question.quick for question in questions().values())} questions marked *quick* are those that a"
        " first try needs to think about.",
    ]
    group = ""
    for question in questions().values():
        if question.group != group:
            group = question.group
            lines += ["", f"## {GROUPS[group]}"]
        lines += ["", *_entry(question)]
    return "\n".join(lines) + "\n"


def _entry(question: Question) -> list[str]:
    marks = [mark for mark, holds in (("*quick*", question.quick), ("*required*", question.required)) if holds]
    lines = [f"### `{question.name}`" + ("" if not marks else " " + " ".join(marks)), "", question.help, ""]
    lines += [f"- allowed: {_allowed(question)}"]
    if not question.required:
        lines += [f"- default: `{json.dumps(question.default)}`"]
    if question.example is not None:
        lines += [f"- example: `{json.dumps(question.example)}`"]
    if question.when:
        conditions = [f"`{key}` is {' or '.join(values)}" for key, values in question.when.items()]
        lines += [f"- matters when {' and '.join(conditions)}"]
    lines += [f"- changes: {question.changes}"]
    return lines


def _allowed(question: Question) -> str:
    if question.choices:
        return ("a list of " if question.kind == "list" else "") + ", ".join(f"`{name}`" for name in question.choices)
    return f"text, `{question.pattern}`" if question.kind == "text" and question.pattern else question.allowed()
