"""Cases that a person looks at: a queue, decisions that may override the model's, and a record of both."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import storage
from ..problem import NotAllowedError, ProblemError
from ..serving import wording
from . import audit

_FILE = "cases.json"


@dataclass(frozen=True)
class Case:
    """A decision of a model version that waits for a person; `final` is what the person decided."""

    id: str
    suggested: str
    score: float
    reasons: tuple[str, ...]
    model_version: str
    opened_at: str
    final: str | None = None
    by: str | None = None
    why: str | None = None

    @property
    def overridden(self) -> bool:
        """Whether the person decided otherwise than the model would have."""
        return self.final is not None and self.final != self.suggested


@dataclass(frozen=True)
class Queue:
    """The cases below `home`; on AWS an SQS queue, a Step Functions task token and a DynamoDB table."""

    home: Path

    def open(self, answers: list[dict[str, Any]], id_name: str) -> int:
        """Put every answer that asks for a person into the queue; return how many are new."""
        with storage.locked(self._folder):
            cases = self._read()
            now = datetime.now(UTC).isoformat(timespec="seconds")
            fresh = [
                answer for answer in answers if answer["decision"] == wording.REVIEW and answer[id_name] not in cases
            ]
            for answer in fresh:
                reasons = tuple(reason["code"] for reason in answer["reasons"])
                cases[answer[id_name]] = Case(
                    answer[id_name], wording.ACT, answer["score"] or 0.0, reasons, answer["model_version"], now
                )
            self._write(cases)
        return len(fresh)

    def waiting(self) -> list[Case]:
        """Cases that nobody decided, the highest score first."""
        return sorted((case for case in self._read().values() if case.final is None), key=lambda case: -case.score)

    def decided(self) -> list[Case]:
        """Cases that a person decided."""
        return [case for case in self._read().values() if case.final is not None]

    def decide(self, case_id: str, final: str, *, by: str, why: str) -> Case:
        """Record what a person decides; their word is final, and an override is noted as one.

        Raises:
            ProblemError: there is no such case, or no such decision.
            NotAllowedError: the case is decided, or no name or reason is given.
        """
        if final not in (wording.PASS, wording.ACT):
            raise ProblemError("a case ends in one of two ways", got=final, allowed=f"{wording.PASS}, {wording.ACT}")
        if not by.strip() or not why.strip():
            raise NotAllowedError("a decision needs a name and a reason", got=f"{by!r}, {why!r}")
        with storage.locked(self._folder):
            cases = self._read()
            case = cases.get(case_id)
            if case is None:
                raise ProblemError(f"there is no case {case_id}")
            if case.final is not None:
                raise NotAllowedError(f"case {case_id} is decided already", got=f"{case.final} by {case.by}")
            cases[case_id] = Case(**asdict(case) | {"final": final, "by": by, "why": why})
            self._write(cases)
        done = cases[case_id]
        action = "overrode the model" if done.overridden else "confirmed the model"
        audit.note(self.home, by, action, f"case {case_id}", final=final, why=why, model_version=done.model_version)
        return done

    @property
    def _folder(self) -> Path:
        return self.home / "reviews"

    def _read(self) -> dict[str, Case]:
        path = self._folder / _FILE
        stored = storage.read_json(path) if path.is_file() else []
        return {entry["id"]: Case(**entry | {"reasons": tuple(entry["reasons"])}) for entry in stored}

    def _write(self, cases: dict[str, Case]) -> None:
        storage.write_json(self._folder / _FILE, [asdict(case) for case in cases.values()])
