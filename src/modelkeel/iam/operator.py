"""The comparisons of IAM conditions: one value of the request against one of the policy."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Callable, Mapping

from modelkeel.iam.pattern import Lookup, arn_covers, expression

Compare = Callable[[str, str, Lookup], bool]
# Each of these is true where its opposite is false: for several values of the policy, where none matches.
NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}


def _equals(wanted: str, given: str, lookup: Lookup) -> bool:
    return expression(wanted, lookup, wildcards=False).fullmatch(given) is not None


def _equals_in_any_case(wanted: str, given: str, lookup: Lookup) -> bool:
    def lowered(name: str) -> str | None:
        value = lookup(name)
        return None if value is None else value.lower()

    return expression(wanted.lower(), lowered, wildcards=False).fullmatch(given.lower()) is not None


def _like(wanted: str, given: str, lookup: Lookup) -> bool:
    return expression(wanted, lookup).fullmatch(given) is not None


def _bool(wanted: str, given: str, lookup: Lookup) -> bool:
    return wanted.lower() == given.lower() and wanted.lower() in {"true", "false"}


def _ordered(read: Callable[[str], float], holds: Callable[[float, float], bool]) -> Compare:
    def compare(wanted: str, given: str, lookup: Lookup) -> bool:
        try:
            return holds(read(given), read(wanted))
        except ValueError:
            return False

    return compare


def instant(text: str) -> float:
    """Return an instant as seconds: ISO 8601 (UTC where it says nothing), or seconds already.

    Raises:
        ValueError: it is neither.
    """
    if text.isdigit():
        return float(text)
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp()


def _address(wanted: str, given: str, lookup: Lookup) -> bool:
    try:
        network = ipaddress.ip_network(wanted, strict=False)
        address = ipaddress.ip_address(given)
    except ValueError:
        return False
    return address.version == network.version and address in network


def _orders(prefix: str, read: Callable[[str], float]) -> dict[str, Compare]:
    return {
        f"{prefix}equals": _ordered(read, lambda given, wanted: given == wanted),
        f"{prefix}lessthan": _ordered(read, lambda given, wanted: given < wanted),
        f"{prefix}lessthanequals": _ordered(read, lambda given, wanted: given <= wanted),
        f"{prefix}greaterthan": _ordered(read, lambda given, wanted: given > wanted),
        f"{prefix}greaterthanequals": _ordered(read, lambda given, wanted: given >= wanted),
    }


# IAM User Guide, "IAM JSON policy elements: Condition operators", read 2026-11-25. ArnEquals and ArnLike are the same.
COMPARISONS: Mapping[str, Compare] = {
    "stringequals": _equals,
    "stringequalsignorecase": _equals_in_any_case,
    "stringlike": _like,
    "bool": _bool,
    "ipaddress": _address,
    "arnequals": arn_covers,
    "arnlike": arn_covers,
    **_orders("numeric", float),
    **_orders("date", instant),
}
