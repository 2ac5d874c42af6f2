"""What the example of an archetype answers, as proposals: nothing of it counts unless it is shown and accepted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from modelkeel import answers
from modelkeel.answers.schema import questions

_GROUPS = ("data", "training", "serving")
_ALSO = ("decision_impact",)
_PLACE_OF_THE_EXAMPLE = ("data_residency",)


@cache
def proposals(archetype: str | None) -> Mapping[str, Any]:
    """Return answers that fit most projects of an archetype: about data, training, serving and what is decided.

    Who owns the example, where it runs, what it may cost and which frameworks bind it says nothing about another.
    """
    path = answers.presets().get(archetype or "")
    if path is None:
        return {}
    values = answers.gather(path)
    return {
        name: value
        for name, value in values.items()
        if name not in _PLACE_OF_THE_EXAMPLE and (name in _ALSO or questions()[name].group in _GROUPS)
    }
