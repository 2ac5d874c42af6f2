"""The kill switch: a person turns the model off at once, without a deployment.

The state is one word in a file, as the AppConfig agent leaves it on an instance: `model` (the model decides), `rules`
(the simple rules decide), `refuse` (nobody decides: callers get an error and do what their contract says). A file that
cannot be read, or says something else, means `rules`: a broken switch must not leave the model on by accident.
"""

from __future__ import annotations

import time
from pathlib import Path

from .. import storage
from ..governance import audit
from ..problem import ProblemError

MODEL, RULES, REFUSE = "model", "rules", "refuse"
STATES = (MODEL, RULES, REFUSE)
_LOOK_AGAIN_SECONDS = 0.5


class Switch:
    """Reads the state at most twice a second, so that a request never waits for a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = self._read()
        self._read_at = time.monotonic()

    @property
    def state(self) -> str:
        """Who decides right now."""
        if time.monotonic() - self._read_at > _LOOK_AGAIN_SECONDS:
            self._state, self._read_at = self._read(), time.monotonic()
        return self._state

    def _read(self) -> str:
        try:
            word = self._path.read_text().strip()
        except FileNotFoundError:
            return MODEL
        except OSError:
            return RULES
        return word if word in STATES else RULES


def turn(home: Path, state: str, *, by: str, why: str) -> Path:
    """Set the switch and note who did it; return its file.

    Raises:
        ProblemError: there is no such state.
    """
    if state not in STATES:
        raise ProblemError("the switch has no such state", got=state, allowed=", ".join(STATES))
    path = home / "switch"
    storage.write_text(path, state + "\n")
    audit.note(home, by, "turned the switch", state, why=why)
    return path
