"""Whose objects a team's pods reach, decided on this machine by the very documents that the cluster program attaches.

The store stands in for S3: a folder for each bucket. Before it reads, writes or lists, it asks the team's role.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stacks import names
from stacks.documents import team_roles
from stacks.documents.grant import Grants
from stacks.settings import Platform

from .. import storage
from ..problem import NotAllowedError

PURPOSES = ("raw", "curated", "features", "models", "capture", "logs")
_PLATFORM = Platform(
    project="platform",
    environment="dev",
    account_id="123456789012",
    region="eu-west-1",
    partition="aws",
    owner_email="",
    cost_center="",
    data_classification="internal",
    ai_risk="none",
    compliance=[],
    use_fips=False,
)
_GRANTS = Grants(platform=_PLATFORM, buckets=PURPOSES, key_classes=("data", "features", "models", "capture", "logs"))


def role_of(team: str, *, serving: bool = False) -> Mapping[str, Any]:
    """The policy document of a team's pods, those that train or those that serve."""
    return (team_roles.serving_pod if serving else team_roles.training_pod)(_GRANTS, team)


def prefix(purpose: str, team: str) -> str:
    """Below what the objects of `purpose` lie that are the team's alone."""
    return team_roles.prefix(purpose, team)


def bucket(purpose: str) -> str:
    """The ARN of the bucket of a purpose."""
    return names.bucket_arn(_PLATFORM, purpose)


def allows(document: Mapping[str, Any], action: str, resource: str, prefix: str | None = None) -> bool:
    """Whether a document allows `action` on `resource`; `prefix` is what a list asks for.

    Such documents only allow: there is nothing in them that could deny.
    """
    for statement in document["Statement"]:
        wanted = statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix")
        fits = wanted is None or (prefix is not None and _any(wanted, prefix))
        if _any(statement["Action"], action) and _any(statement["Resource"], resource) and fits:
            return True
    return False


@dataclass(frozen=True)
class Store:
    """The objects below `folder`, as the pods of `team` see them."""

    folder: Path
    team: str
    serving: bool = False

    def put(self, key: str, content: bytes) -> None:
        """Write the object `<purpose>/...`.

        Raises:
            NotAllowedError: the team's role may not.
        """
        self._require("s3:PutObject", key)
        storage.write_bytes(self.folder / key, content)

    def get(self, key: str) -> bytes:
        """Read the object `<purpose>/...`.

        Raises:
            NotAllowedError: the team's role may not; whether there is such an object is not told.
        """
        self._require("s3:GetObject", key)
        return (self.folder / key).read_bytes()

    def names(self, prefix: str) -> list[str]:
        """The keys below `prefix`, which ends in a slash.

        Raises:
            NotAllowedError: the team's role may not list them.
        """
        arn = bucket(prefix.split("/", 1)[0])
        if not allows(role_of(self.team, serving=self.serving), "s3:ListBucket", arn, prefix):
            raise NotAllowedError(f"team {self.team} may not list this", got=prefix, allowed=self._own(prefix))
        return sorted(
            str(path.relative_to(self.folder)) for path in (self.folder / prefix).rglob("*") if path.is_file()
        )

    def _require(self, action: str, key: str) -> None:
        arn = f"{bucket(key.split('/', 1)[0])}/{key}"
        # A key is a name, never a path: `..` would mean nothing to S3 and another team's folder here.
        plain = ".." not in key.split("/")
        if not (plain and allows(role_of(self.team, serving=self.serving), action, arn)):
            raise NotAllowedError(f"team {self.team} may not {action}", got=key, allowed=self._own(key))

    def _own(self, key: str) -> str:
        return f"{prefix(key.split('/', 1)[0], self.team)}..."


def _any(patterns: str | Sequence[str], value: str) -> bool:
    listed = [patterns] if isinstance(patterns, str) else patterns
    return any(fnmatch.fnmatchcase(value, pattern) for pattern in listed)
