"""Every action of the services that generated policies name: what it acts on, and its own condition keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "iam_actions.json"
# Services whose condition keys are in the table; of others nobody says which a request carries.
WITH_KEYS = frozenset({"iam", "kms", "s3", "sagemaker", "sts"})
_VARIABLE = re.compile(r"\$\{[^}]*\}")
LEVELS = {"L": "list", "R": "read", "T": "tagging", "W": "write", "P": "permissions management"}


@dataclass(frozen=True, kw_only=True, slots=True)
class IamAction:
    """`resources` are ARN patterns of what the action acts on; without `needs_resource` it takes `*` too, or only.

    `keys` are the condition keys of its own service that a request may carry; None where the table has none.
    """

    name: str
    level: str
    resources: tuple[str, ...]
    needs_resource: bool = True
    keys: frozenset[str] | None = None

    def takes(self, arn: str) -> bool:
        """Return whether `arn` is of a kind that the action acts on, patterns of ours included."""
        if arn == "*":
            return not self.needs_resource
        return any(_shape(pattern).fullmatch(arn) is not None for pattern in self.resources)


@cache
def actions() -> Mapping[str, IamAction]:
    """Return the actions by `service:Action` in lower case: IAM does not tell cases apart."""
    found: dict[str, IamAction] = {}
    for service, row in reader.document(FILE)["services"].items():
        patterns = row["resources"]
        for name, (level, kinds, *keys) in row["actions"].items():
            full = f"{service}:{name}"
            found[full.lower()] = IamAction(
                name=full,
                level=LEVELS.get(level, "write"),
                resources=tuple(patterns[kind.rstrip("*")] for kind in kinds if kind.rstrip("*") in patterns),
                needs_resource=any(kind.endswith("*") for kind in kinds),
                keys=_keys(keys) if service in WITH_KEYS else None,
            )
    return MappingProxyType(found)


def _keys(listed: list[list[str]]) -> frozenset[str]:
    return frozenset(_VARIABLE.split(key)[0].lower() for key in (listed[0] if listed else []))


@cache
def services() -> frozenset[str]:
    """Return the services of the table."""
    return frozenset(reader.document(FILE)["services"])


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    """Return the expression of an ARN pattern of the reference; a variable stands for anything but nothing."""
    return re.compile(".+".join(re.escape(part) for part in _VARIABLE.split(pattern)))
