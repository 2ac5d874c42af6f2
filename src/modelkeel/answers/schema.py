"""The questions as data: what copier.yml, the JSON Schema, the reference page and error texts are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic_core import PydanticUndefined

from modelkeel.answers.kind import IN_WORDS
from modelkeel.answers.model import Answers
from modelkeel.answers.question import GROUPS


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; `kind` is text, choice, integer, number, yes_no, list or map."""

    name: str
    group: str
    kind: str
    help: str
    changes: str
    choices: tuple[str, ...]
    required: bool
    default: Any
    minimum: float | None
    above_minimum: bool
    maximum: float | None
    pattern: str
    when: Mapping[str, tuple[str, ...]]
    quick: bool
    example: Any
    each: str = "environment"

    def allowed(self) -> str:
        """Return what may be answered, in words."""
        if self.kind == "yes_no":
            return "true or false"
        if self.kind in {"integer", "number"}:
            noun = "a whole number" if self.kind == "integer" else "a number"
            low = (
                "" if self.minimum is None else f"{self.minimum:g}" if self.minimum < 10**6 else f"{self.minimum:,.0f}"
            )
            high = "" if self.maximum is None else f"{self.maximum:,.0f}" if self.maximum >= 1 else f"{self.maximum:g}"
            low = f"more than {low}" if self.above_minimum else low
            return f"{noun}, {low} to {high}" if low and high else f"{noun}, {low} or more" if low else noun
        if self.kind == "choice":
            return ", ".join(self.choices)
        if self.kind == "list":
            return f"a list of: {', '.join(self.choices)}" if self.choices else "a list of texts"
        if self.kind == "map":
            return f"a value for each {self.each}"
        return IN_WORDS.get(self.pattern) or (f"text, for example {self.example}" if self.example else "text")

    def flag(self) -> str:
        """Return a `--data` flag that answers the question."""
        value = self.example
        if value is None:
            value = self.choices[0] if self.choices else self.default
        text = json.dumps(value) if isinstance(value, dict | list) else str(value)
        return f"--data {self.name}='{text}'" if " " in text or "{" in text else f"--data {self.name}={text}"


@cache
def questions() -> Mapping[str, Question]:
    """Return every question by name, in the order in which they are asked."""
    document = Answers.model_json_schema()
    groups = {name: base.__module__.rpartition(".")[2] for base in reversed(Answers.__mro__) for name in _own(base)}
    required = set(document["required"])
    return {name: _question(name, row, groups[name], name in required) for name, row in document["properties"].items()}


def _own(base: type) -> list[str]:
    module = base.__module__.rpartition(".")[2]
    return list(base.__annotations__) if module in GROUPS else []


def _question(name: str, row: Mapping[str, Any], group: str, required: bool) -> Question:
    choices = tuple(row.get("enum") or row.get("items", {}).get("enum") or ())
    kinds = {"integer": "integer", "number": "number", "boolean": "yes_no", "array": "list", "object": "map"}
    default = Answers.model_fields[name].default
    return Question(
        name=name,
        group=group,
        kind=kinds.get(row["type"], "choice" if choices else "text"),
        help=row["description"],
        changes=row["x-changes"],
        choices=choices,
        required=required,
        default=None if default is PydanticUndefined else list(default) if isinstance(default, tuple) else default,
        minimum=row.get("minimum", row.get("exclusiveMinimum")),
        above_minimum="exclusiveMinimum" in row,
        maximum=row.get("maximum"),
        pattern=row.get("pattern", ""),
        when={key: tuple(values) for key, values in row.get("x-when", {}).items()},
        quick=row["x-quick"],
        example=row.get("examples", [None])[0],
        each=row["x-each"],
    )
