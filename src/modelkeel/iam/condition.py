"""Whether the conditions of a statement hold: yes, no, or nobody said what it takes to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from modelkeel.iam.operator import COMPARISONS, NEGATED, Compare
from modelkeel.iam.pattern import Lookup, UnresolvedError
from modelkeel.iam.request import Request, Values

ANY, ALL, IF_EXISTS = "foranyvalue:", "forallvalues:", "ifexists"


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator, one key, the values of the policy."""

    operator: str
    key: str
    values: Values


@dataclass(slots=True)
class Unsaid:
    """Condition keys that nobody gave and that a decision depends on."""

    keys: set[str] = field(default_factory=set)


class NotSaidError(Exception):
    """A policy variable's value is not known; the name of the variable is the message."""


def is_operator(name: str) -> bool:
    """Return whether IAM has the condition operator `name`, with its prefix and suffix."""
    bare = name.lower().removeprefix(ANY).removeprefix(ALL).removesuffix(IF_EXISTS)
    return bare == "null" or NEGATED.get(bare, bare) in COMPARISONS


def hold(conditions: Iterable[Condition], request: Request, unsaid: Unsaid) -> bool | None:
    """Return whether all conditions hold; None where that depends on keys that `unsaid` then names."""
    missing = Unsaid()
    results = [_holds(condition, request, missing) for condition in conditions]
    if False in results:
        return False
    if None in results:
        unsaid.keys |= missing.keys
        return None
    return True


def lookup_in(request: Request) -> Lookup:
    """Return how policy variables get their values: a list has none.

    Raises:
        NotSaidError: on a lookup of what an incomplete request does not say.
    """

    def lookup(name: str) -> str | None:
        key = name.lower()
        if request.is_unsaid(key):
            raise NotSaidError(name)
        values = request.context.get(key)
        return None if values is None or key in request.lists else values[0]

    return lookup


def _holds(condition: Condition, request: Request, unsaid: Unsaid) -> bool | None:
    operator, key = condition.operator.lower(), condition.key.lower()
    if request.is_unsaid(key):
        unsaid.keys.add(condition.key)
        return None
    given = request.context.get(key)
    bare = operator.removeprefix(ANY).removeprefix(ALL)
    if bare == "null":
        return (given is None) == (condition.values[0].lower() == "true")
    if_exists, bare = bare.endswith(IF_EXISTS), bare.removesuffix(IF_EXISTS)
    if given is None:
        return _absent(operator, bare, if_exists=if_exists)
    try:
        matched = [_matches(bare, condition.values, value, lookup_in(request)) for value in given]
    except NotSaidError as error:
        unsaid.keys.add(str(error))
        return None
    if operator.startswith(ANY):
        return any(matched)
    if operator.startswith(ALL):
        return all(matched)
    # IAM says of a list without a set operator only that it is wrong: it then matches nothing.
    return key not in request.lists and matched[0]


def _absent(operator: str, bare: str, *, if_exists: bool) -> bool:
    if operator.startswith(ALL):
        return True
    if operator.startswith(ANY):
        return if_exists
    return if_exists or bare in NEGATED


def _matches(bare: str, wanted: Values, given: str, lookup: Lookup) -> bool:
    compare = COMPARISONS[NEGATED.get(bare, bare)]
    found = any(_one(compare, value, given, lookup) for value in wanted)
    return found != (bare in NEGATED)


def _one(compare: Compare, wanted: str, given: str, lookup: Lookup) -> bool:
    try:
        return compare(wanted, given, lookup)
    except UnresolvedError:
        return False
