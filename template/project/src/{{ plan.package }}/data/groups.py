"""Groups of people that the settings protect, and that synthetic data must therefore have."""

from __future__ import annotations

from collections.abc import Mapping

from .. import settings

_UNNAMED = ("a", "b", "c")


def declared(modelled: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The groups that a generator models, then those that the settings name beside them.

    The latter get three groups without a meaning and without an effect: enough for the gate to run on them.
    """
    others = [name for name in settings.current().gates.protected if name not in modelled]
    return {**modelled, **dict.fromkeys(others, _UNNAMED)}
