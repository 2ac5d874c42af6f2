"""One thing that the plan decides, with everything a reviewer asks about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A derived value and why it is what it is.

    `from_` names the answers that it depends on; `formula` has the numbers put in; `alternatives` say what was
    not chosen and why.
    """

    key: str
    value: Any
    reason: str
    from_: tuple[str, ...]
    formula: str = ""
    source: str
    alternatives: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the decision as JSON values; `from_` is called `from` there."""
        return {
            "key": self.key,
            "value": self.value,
            "reason": self.reason,
            "from": list(self.from_),
            "formula": self.formula,
            "source": self.source,
            "alternatives": list(self.alternatives),
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Decision:
        """Return the decision that `document` holds."""
        values = dict(document)
        return cls(from_=tuple(values.pop("from")), alternatives=tuple(values.pop("alternatives")), **values)
