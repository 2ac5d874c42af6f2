"""The registry on disk: versions that do not change, waiting for people to approve them, and the one that is live."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from .. import storage
from ..governance import audit
from ..problem import NotAllowedError, ProblemError
from ..training import model as models
from ..training.model import Model

VERSION = "version.json"
PENDING, APPROVED, REJECTED = "PendingManualApproval", "Approved", "Rejected"
"""Model package states, called as SageMaker calls them."""


@dataclass(frozen=True)
class Vote:
    """What one person said about a version, and why."""

    by: str
    approve: bool
    reason: str
    at: str


@dataclass(frozen=True)
class Version:
    """A registered model. `approvers_needed` people, none of them `author`, must approve it."""

    number: int
    author: str
    sha256: str
    approvers_needed: int
    votes: tuple[Vote, ...] = field(default_factory=tuple)

    @property
    def status(self) -> str:
        """One rejection rejects; enough approvals approve; until then it is pending."""
        if any(not vote.approve for vote in self.votes):
            return REJECTED
        return APPROVED if len(self.votes) >= self.approvers_needed else PENDING


@dataclass(frozen=True)
class Deployment:
    """A version that was made live, by whom and why; a rollback says what it withdrew."""

    version: int
    by: str
    why: str
    instead_of: int | None = None


@dataclass(frozen=True)
class Registry:
    """The versions below `home`/registry. Every change is locked, checked and noted in the audit log."""

    home: Path
    approvers_needed: int

    @property
    def _folder(self) -> Path:
        return self.home / "registry"

    def register(self, candidate: Path, *, author: str) -> Version:
        """Copy a candidate that passed its gates into a new version, pending approval.

        Raises:
            ProblemError: the candidate has no passed evaluation, or is not the model that was judged.
        """
        evaluation = storage.read_json(candidate / "evaluation.json")
        if not evaluation["passed"] or evaluation["model_sha256"] != models.digest(candidate):
            raise NotAllowedError(
                "this candidate did not pass the gates",
                got="failed gates" if not evaluation["passed"] else "an evaluation of another model",
                fix="run the gates step on this candidate, and register only what passes",
            )
        with storage.locked(self._folder):
            number = max((version.number for version in self._all()), default=0) + 1
            draft = self._folder / f".draft-{number}"
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(candidate, draft)
            models.load(draft)
            made = Version(number, author, models.digest(draft), self.approvers_needed)
            storage.write_json(draft / VERSION, asdict(made))
            draft.rename(self._folder / str(number))
        audit.note(self.home, author, "registered", f"version {number}", sha256=made.sha256)
        return made

    def vote(self, number: int, *, by: str, approve: bool, reason: str) -> Version:
        """Record what a person says about a pending version; two people at once are taken one after the other.

        Raises:
            NotAllowedError: the person is the author, has voted before, gives no reason, or the version is decided.
        """
        with storage.locked(self._folder):
            version = self.get(number)
            self._refuse_vote(version, by, reason)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            voted = Version(**{**vars(version), "votes": (*version.votes, Vote(by, approve, reason, now))})
            storage.write_json(self._folder / str(number) / VERSION, asdict(voted))
        audit.note(self.home, by, "approved" if approve else "rejected", f"version {number}", reason=reason)
        return voted

    def _refuse_vote(self, version: Version, by: str, reason: str) -> None:
        who = by.strip().casefold()
        if not who or not reason.strip():
            raise NotAllowedError("an approval needs a name and a reason", got=f"{by!r}, {reason!r}")
        if who == version.author.strip().casefold():
            raise NotAllowedError(
                f"{by} trained version {version.number} and cannot approve it",
                allowed="anybody else who holds the approver role",
                fix="ask a second person",
            )
        if who in {vote.by.strip().casefold() for vote in version.votes}:
            raise NotAllowedError(f"{by} has already voted on version {version.number}")
        if version.status != PENDING:
            names = ", ".join(vote.by for vote in version.votes)
            raise NotAllowedError(f"version {version.number} is {version.status} already", got=f"decided by {names}")

    def get(self, number: int) -> Version:
        """A version.

        Raises:
            ProblemError: there is no such version.
        """
        path = self._folder / str(number) / VERSION
        if not path.is_file():
            known = ", ".join(str(version.number) for version in self._all()) or "none"
            raise ProblemError(f"there is no model version {number}", got=str(number), allowed=known)
        stored = storage.read_json(path)
        return Version(**stored | {"votes": tuple(Vote(**vote) for vote in stored["votes"])})

    def model(self, number: int) -> Model:
        """The model of a version, if it is still the one that was registered."""
        version = self.get(number)
        loaded = models.load(self.folder(number))
        if models.digest(self.folder(number)) != version.sha256:
            raise ProblemError(f"version {number} is not what was registered", fix="treat this as an incident")
        return loaded

    def folder(self, number: int) -> Path:
        """Where the files of a version lie."""
        return self._folder / str(number)

    def deploy(self, number: int, *, by: str, why: str = "release", instead_of: int | None = None) -> None:
        """Make an approved version the live one; `instead_of` names a version that is withdrawn by this.

        Raises:
            NotAllowedError: it is not approved.
        """
        with storage.locked(self._folder):
            version = self.get(number)
            if version.status != APPROVED:
                raise NotAllowedError(
                    f"version {number} may not go live",
                    got=version.status,
                    allowed=APPROVED,
                    fix=f"{version.approvers_needed} people other than {version.author} must approve it",
                )
            past = self.deployments()
            made = [*past, Deployment(number, by, why, instead_of)]
            storage.write_json(self._folder / "live.json", [asdict(entry) for entry in made])
        audit.note(self.home, by, "deployed" if instead_of is None else "rolled back to", f"version {number}", why=why)

    def roll_back(self, *, by: str, why: str) -> int:
        """Make the version that was live before the live one again, and return its number.

        Raises:
            ProblemError: no other version was live before.
        """
        live, past = self.live(), self.deployments()
        bad = {live, *(entry.instead_of for entry in past)}
        earlier = [entry.version for entry in past if entry.version not in bad]
        if not earlier:
            raise ProblemError("there is nothing to roll back to", got=f"live: {live}", allowed="an earlier version")
        self.deploy(earlier[-1], by=by, why=why, instead_of=live)
        return earlier[-1]

    def deployments(self) -> list[Deployment]:
        """What was made live, oldest first."""
        path = self._folder / "live.json"
        return [Deployment(**entry) for entry in storage.read_json(path)] if path.is_file() else []

    def live(self) -> int | None:
        """The number of the live version, if any."""
        past = self.deployments()
        return past[-1].version if past else None

    def _all(self) -> list[Version]:
        return [self.get(int(path.name)) for path in sorted(self._folder.glob("[0-9]*")) if path.name.isdigit()]
