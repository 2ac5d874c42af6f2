"""docs/reference/iam: who can do what in production, for each example. `make iam` writes it, a test compares it."""

from __future__ import annotations

from collections.abc import Iterator

import repositories

from modelkeel import plan
from modelkeel.answers import Answers
from modelkeel.graph import Graph
from modelkeel.iam.estate import Estate, estate
from modelkeel.iam.matrix import matrix
from modelkeel.report import iam as report

FOLDER = repositories.ROOT / "docs" / "reference" / "iam"


def page(name: str) -> str:
    """Return the page of an example: its people's matrix, and the organization's guardrails where it has some."""
    made = repositories.example(name)
    found = estate(*_graphs(made))
    people = matrix(found, made.environments[-1])
    return "\n".join(
        [
            f"# Who can do what: {name}",
            "",
            f"Written by `make iam` from the recorded policies of `examples/{name}`, environment "
            f"`{people.environment}`. Nothing is assumed of a request but who makes it, in which Region and over TLS.",
            "",
            report.markdown(people).rstrip("\n"),
            *_organization(found),
            "",
        ]
    )


def _graphs(made: Answers) -> Iterator[Graph]:
    yield repositories.recorded(made, made.environments[-1])
    if "organization" in plan.build(made).programs:
        yield repositories.recorded(made, "shared")


def _organization(found: Estate) -> list[str]:
    if not found.organization:
        return []
    rows = [
        f"| `{each.policy.name}` | `{row.sid}` | {_actions(row.actions, row.not_actions)} | "
        + ("; ".join(f"`{item.operator}` `{item.key}`" for item in row.conditions) or "always")
        + " |"
        for each in found.organization
        for row in each.policy.statements
    ]
    head = ["| policy | statement | denies | where |", "| --- | --- | --- | --- |"]
    return ["", "## Guardrails of the organization", "", "Created attached to nothing.", "", *head, *rows]


def _actions(actions: tuple[str, ...], others: tuple[str, ...]) -> str:
    named = others or actions
    shown = ", ".join(f"`{name}`" for name in named[:4]) + (f" and {len(named) - 4} more" if len(named) > 4 else "")
    return f"all but {shown}" if others else shown


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in repositories.EXAMPLES:
        (FOLDER / f"{name}.md").write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    main()
