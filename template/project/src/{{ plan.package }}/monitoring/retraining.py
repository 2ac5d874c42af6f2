"""Retraining is proposed by the monitor and decided by a person; nothing starts by itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from .. import storage
from ..governance import audit
from ..problem import NotAllowedError, ProblemError

OPEN, APPROVED, DECLINED = "open", "approved", "declined"


@dataclass(frozen=True)
class Proposal:
    """Why the monitor asks for a retraining, and what a person said."""

    number: int
    why: str
    windows: tuple[str, ...]
    at: str
    state: str = OPEN
    by: str | None = None
    reason: str | None = None


def propose(home: Path, why: str, windows: tuple[str, ...]) -> Proposal:
    """Open a proposal; while one is open, the same drift opens no second."""
    folder = home / "proposals"
    with storage.locked(folder):
        known = _all(folder)
        still_open = next((proposal for proposal in known if proposal.state == OPEN), None)
        if still_open is not None:
            return still_open
        now = datetime.now(UTC).isoformat(timespec="seconds")
        made = Proposal(len(known) + 1, why, windows, now)
        storage.write_json(folder / f"{made.number}.json", asdict(made))
    audit.note(home, "monitor", "proposed a retraining", f"proposal {made.number}", why=why, windows=list(windows))
    return made


def decide(home: Path, number: int, *, by: str, approve: bool, reason: str) -> Proposal:
    """Approve or decline a proposal.

    Raises:
        ProblemError: there is no such proposal.
        NotAllowedError: it was decided before, or by nobody, or without a reason.
    """
    folder = home / "proposals"
    with storage.locked(folder):
        proposal = next((known for known in _all(folder) if known.number == number), None)
        if proposal is None:
            raise ProblemError(f"there is no proposal {number}")
        if proposal.state != OPEN:
            raise NotAllowedError(f"proposal {number} is {proposal.state} already", got=f"by {proposal.by}")
        if not by.strip() or not reason.strip():
            raise NotAllowedError("a decision needs a name and a reason", got=f"{by!r}, {reason!r}")
        state = APPROVED if approve else DECLINED
        decided = Proposal(**asdict(proposal) | {"state": state, "by": by, "reason": reason})
        storage.write_json(folder / f"{number}.json", asdict(decided))
    audit.note(home, by, f"{state} the retraining", f"proposal {number}", reason=reason)
    return decided


def _all(folder: Path) -> list[Proposal]:
    found = [storage.read_json(path) for path in folder.glob("*.json")]
    proposals = [Proposal(**entry | {"windows": tuple(entry["windows"])}) for entry in found]
    return sorted(proposals, key=lambda proposal: proposal.number)
