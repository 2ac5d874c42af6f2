"""What exists already and is used instead of being made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
            reason="These exist and belong to others: they are looked up, never changed, never destroyed."
            " governance/what-others-own.md has what their owners set." + _keys(answers) + _data(answers),
            from_=("network", "existing_vpc_ids", "existing_subnet_ids", "existing_key_arns", "existing_data_buckets"),
            source="Pulumi documentation, Resource references; AWS KMS Developer Guide, Key policies in other accounts",
            alternatives=("Leave them out: the project makes its own, and owns them.",),
        ),
    )


def used(answers: Answers) -> bool:
    """Return whether an owner has something to set: a key's policy, or a bucket's."""
    return bool(answers.existing_key_arns or answers.existing_data_buckets)


def buckets(answers: Answers, planned: Sequence[str], environment: str) -> list[str]:
    """Return the purposes with a bucket of their own in an environment: none for raw data that lies elsewhere."""
    return [name for name in planned if name != "raw" or environment not in answers.existing_data_buckets]


def keys(answers: Answers, classes: int, others: int) -> dict[str, int]:
    """Return how many keys each environment pays for: those of `classes` only where none is given."""
    return {name: others + (0 if name in answers.existing_key_arns else classes) for name in answers.environments}


def key(answers: Answers, environment: str) -> dict[str, str]:
    """Return the program's key of a KMS key that is given; an empty one where keys are made."""
    return {"existing_key_arn": answers.existing_key_arns.get(environment, "")}


def raw_bucket(answers: Answers, environment: str) -> dict[str, str]:
    """Return the program's key of raw data that is given; an empty one where it has a bucket of the project."""
    return {"existing_raw_bucket": answers.existing_data_buckets.get(environment, "")}


def network(answers: Answers, environment: str) -> dict[str, object]:
    """Return the foundation program's keys of a network that is given; empty ones where it is made."""
    given = answers.network == "existing"
    return {
        "existing_vpc_id": answers.existing_vpc_ids[environment] if given else "",
        "existing_subnet_ids": list(answers.existing_subnet_ids[environment]) if given else [],
    }


def _keys(answers: Answers) -> str:
    if not answers.existing_key_arns:
        return ""
    return (
        f" One key encrypts all classes of data of {', '.join(answers.existing_key_arns)}; aliases of this project lead"
        " to it. The account's own records and a cluster keep keys of their own."
    )


def _data(answers: Answers) -> str:
    if not answers.existing_data_buckets:
        return ""
    return " Raw data is read where it is; what a stream brings lies below raw/ of the curated bucket."


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
