"""What a question is: the metadata beside each field of the answers model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

GROUPS = {
    "identity": "Identity",
    "data": "Data and features",
    "training": "Training",
    "cluster": "Training cluster",
    "serving": "Serving",
    "organisation": "Organisation and network",
    "existing": "What exists already",
    "compliance": "Compliance and risk",
    "operations": "Operations",
}


def question(
    default: Any = ...,
    *,
    help: str,  # noqa: A002 (the word that people, copier and JSON Schema use)
    changes: str,
    when: Mapping[str, tuple[str, ...]] | None = None,
    quick: bool = False,
    example: Any = None,
    each: str = "environment",
    **constraints: Any,
) -> Any:
    """Return the pydantic field of one question.

    `help` is the sentence that a newcomer reads; `changes` names what the answer decides. `when` maps another
    question to the values under which this one matters (all of them must hold). `quick` questions are asked
    in quick mode. `example` is shown where a required answer is missing. `each` is what a map has an entry for.
    """
    extra: dict[str, Any] = {"x-changes": changes, "x-quick": quick, "x-each": each}
    if when:
        extra["x-when"] = {key: list(values) for key, values in when.items()}
    if example is not None:
        extra["examples"] = [example]
    return Field(default, description=help, json_schema_extra=extra, **constraints)
