"""Answers to events: features, score, decision and reasons, and a record of each decision."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from .. import features
from ..data import dataset
from ..data.privacy import token
from ..monitoring.recorder import Recorder
from . import reasons, rules
from .scorer import Scorer
from .switch import REFUSE, RULES, Switch

_log = logging.getLogger(__name__)
_REMEMBERED = 20_000
_TOLD = frozenset(10**power for power in range(9))
"""A broken model fails thousands of times a minute: each is counted, the first of each magnitude is told."""


class RefusedError(Exception):
    """The switch says that nobody decides."""


class Service:
    """Answers events with the live model, or with the rules when the switch says so or the model fails.

    `histories` is the online store. The same event sent twice gets the answer it got before, and counts once.
    """

    def __init__(
        self,
        scorer: Scorer,
        switch: Switch,
        decisions: Recorder,
        capture: Recorder,
        *,
        token_key: bytes,
        histories: dict[str, features.History] | None = None,
        shadow: Scorer | None = None,
    ) -> None:
        self.scorer = scorer
        self.shadow = shadow
        self.switch = switch
        self.histories: dict[str, features.History] = {} if histories is None else histories
        self._decisions = decisions
        self._capture = capture
        self._key = token_key
        self._answered: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._failures = 0

    @property
    def healthy(self) -> bool:
        """Whether decisions can be recorded; one that cannot is not made here."""
        return self._decisions.healthy and self._capture.healthy

    @property
    def waiting(self) -> int:
        """How many records of decisions and captures are not on disk yet."""
        return self._decisions.waiting + self._capture.waiting

    def flush(self) -> None:
        """Write the records that wait."""
        self._decisions.flush()
        self._capture.flush()

    def close(self) -> None:
        """Write the records that wait and stop recording."""
        self._decisions.close()
        self._capture.close()

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Decide on one event that keeps the contract.

        Raises:
            RefusedError: the switch is on `refuse`.
        """
        known = self._answered.get(event[dataset.ID])
        if known is not None:
            return known
        state = self.switch.state
        if state == REFUSE:
            raise RefusedError
        history = self.histories.setdefault(event[dataset.ENTITY], features.History())
        row = features.features_of(event, history)
        answer = self._by_rules(event) if state == RULES else self._by_model(event, row)
        history.add(event)
        self._record(event, row, answer)
        self._answered[event[dataset.ID]] = answer
        if len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
        return answer

    def _by_model(self, event: Mapping[str, Any], row: list[float]) -> dict[str, Any]:
        try:
            scores, codes = self.scorer.explain(np.array([row]))
        except Exception:
            # A model that fails must not stop payments or jobs: the rules answer, and the alarm on this counts them.
            self._failures += 1
            if self._failures in _TOLD:
                _log.exception("the model failed %d time(s); the rules answer", self._failures)
            return self._by_rules(event)
        return {
            dataset.ID: event[dataset.ID],
            "score": round(float(scores[0]), 6),
            "decision": self.scorer.decide(scores)[0],
            "reasons": [{"code": code, "text": reasons.text(code)} for code in codes[0]],
            "decided_by": "model",
            "model_version": self.scorer.version,
        }

    def _by_rules(self, event: Mapping[str, Any]) -> dict[str, Any]:
        decision, code = rules.decide(event)
        return {
            dataset.ID: event[dataset.ID],
            "score": None,
            "decision": decision,
            "reasons": [{"code": code, "text": "a fixed rule decided"}],
            "decided_by": "rules",
            "model_version": self.scorer.version,
        }

    def _record(self, event: Mapping[str, Any], row: list[float], answer: dict[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        common = {dataset.ID: event[dataset.ID], "at": now, "model_version": answer["model_version"]}
        self._decisions.add(
            common
            | {key: answer[key] for key in ("score", "decision", "decided_by")}
            | {"reasons": [reason["code"] for reason in answer["reasons"]], "input_sha256": reference(event)}
        )
        shadow = None if self.shadow is None else float(self.shadow.model.scores(np.array([row]))[0])
        self._capture.add(
            common
            | {
                dataset.TIME: event[dataset.TIME],
                dataset.VALUE: event[dataset.VALUE],
                "entity": token(event[dataset.ENTITY], self._key),
                "score": answer["score"],
                "shadow_score": shadow,
                "features": [None if value != value else round(value, 6) for value in row],
            }
        )


def reference(event: Mapping[str, Any]) -> str:
    """What a decision log says of its input: a hash that proves which event it was, and shows nothing of it."""
    return hashlib.sha256(json.dumps(event, sort_keys=True, default=str).encode()).hexdigest()
