"""What exists already and is used instead of being made."""

from __future__ import annotations

from collections.abc import Mapping

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision


def decisions(answers: Answers) -> tuple[Decision, ...]:
    """Return what is brought in, by environment; nothing where everything is made here."""
    kinds: dict[str, Mapping[str, object]] = {
        "vpc": answers.existing_vpc_ids if answers.network == "existing" else {},
        "subnets": answers.existing_subnet_ids if answers.network == "existing" else {},
        "key": answers.existing_key_arns,
        "raw_data": answers.existing_data_buckets,
    }
    value = {
        name: {kind: _plain(given[name]) for kind, given in kinds.items() if name in given}
        for name in answers.environments
    }
    value = {name: row for name, row in value.items() if row}
    if not value:
        return ()
    return (
        Decision(
            key="brought_in",
            value=value,
            reason="These exist and belong to others: they are looked up, never changed, never destroyed.",
            from_=("network", "existing_vpc_ids", "existing_subnet_ids", "existing_key_arns", "existing_data_buckets"),
            source="Pulumi documentation, Resource references; AWS KMS Developer Guide, Key policies in other accounts",
            alternatives=("Leave them out: the project makes its own, and owns them.",),
        ),
    )


def network(answers: Answers, environment: str) -> dict[str, object]:
    """Return the foundation program's keys of a network that is given; empty ones where it is made."""
    given = answers.network == "existing"
    return {
        "existing_vpc_id": answers.existing_vpc_ids[environment] if given else "",
        "existing_subnet_ids": list(answers.existing_subnet_ids[environment]) if given else [],
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
