"""What somebody asks to do, and what is known of the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Values = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request to AWS.

    `principal` is the ARN of a role, the name of a service, or the ARN of an identity provider. `context` holds
    condition keys in lower case with their values. A key that is not there is absent from the request where
    `complete`; else nobody said, and what depends on it is undetermined.
    """

    principal: str
    action: str
    resource: str
    resource_account: str
    context: Mapping[str, Values] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    """Keys of `context` that hold a list, even where it has one value or none."""
    absent: frozenset[str] = frozenset()
    """Keys that no such request carries: known not to be there, even where it is not complete."""
    complete: bool = True

    def is_unsaid(self, key: str) -> bool:
        """Return whether nobody said if the request carries `key`, given in lower case."""
        return not self.complete and key not in self.context and key not in self.absent

    @property
    def is_outsider(self) -> bool:
        """Whether a service acts in its own name, or somebody comes with a token: no identity of an account."""
        return not self.principal.startswith("arn:") or ":oidc-provider/" in self.principal

    @property
    def principal_account(self) -> str:
        """The account of the principal; that of the resource for services and tokens."""
        return self.resource_account if self.is_outsider else self.principal.split(":")[4]


def context(values: Mapping[str, str | list[str]]) -> tuple[dict[str, Values], frozenset[str]]:
    """Return the values by key in lower case, and which keys hold lists."""
    made = {key.lower(): tuple(value) if isinstance(value, list) else (value,) for key, value in values.items()}
    return made, frozenset(key.lower() for key, value in values.items() if isinstance(value, list))
