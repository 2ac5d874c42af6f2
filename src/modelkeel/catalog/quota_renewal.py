"""The quota table, renewed from what Service Quotas gives every account."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from modelkeel import aws
from modelkeel.aws import AppliedQuota
from modelkeel.catalog.renewal import Kept, Renewal
from modelkeel.tables import quota
from modelkeel.tables.prices import HOME_REGION

_ZERO_USES = ("training", "endpoint")


def renew(text: str, make: aws.Clients, today: datetime.date) -> Renewal:
    """Return the quota table in `text` with names and defaults as Service Quotas tells them in us-east-1.

    A default that the table leaves out stays out: AWS sets it account by account. The date moves when no row was kept.

    Raises:
        ModelkeelError: AWS refuses or does not answer (exit code 3).
    """
    document = tomllib.loads(text)
    rows = {use: row for use, row in document.items() if isinstance(row, dict)}
    services = sorted({row["service"] for row in rows.values()})
    listed = {service: aws.default_quotas(make, HOME_REGION, service) for service in services}
    after, kept = text, []
    for use, row in rows.items():
        changes, why = _changes(row, listed[row["service"]])
        if why:
            kept.append(Kept(use, why))
        for key, value in changes.items():
            after = _set(after, use, key, json.dumps(value, ensure_ascii=False))
    families = _families_at_zero(document["zero_families"], rows, listed.get("sagemaker", ()))
    after = _set(after, "", "zero_families", json.dumps(families))
    if not kept:
        after = _set(after, "", "checked", today.isoformat())
    tomllib.loads(after)
    return Renewal(file=quota.FILE, before=text, after=after, renewed=len(rows) - len(kept), kept=tuple(kept))


def _changes(row: Mapping[str, Any], listed: Iterable[AppliedQuota]) -> tuple[dict[str, Any], str]:
    """Return what AWS says otherwise, and why the row cannot be compared."""
    if "{type}" in row["name"]:
        pattern = _pattern(row["name"])
        known = any(pattern.fullmatch(other.name) for other in listed)
        return {}, "" if known else f"no quota of {row['service']} has such a name"
    found = next((other for other in listed if other.code == row.get("code")), None)
    if found is None:
        return {}, f"{row['service']} has no quota {row.get('code', 'without a code')}"
    changes: dict[str, Any] = {} if found.name == row["name"] else {"name": found.name}
    if "default" in row and row["default"] != found.value:
        changes["default"] = int(found.value)
    return changes, ""


def _families_at_zero(
    before: Sequence[str], rows: Mapping[str, Mapping[str, Any]], listed: Iterable[AppliedQuota]
) -> list[str]:
    """Return the families of which every type starts at zero, for training and for endpoints.

    A family of `before` that Service Quotas does not list stays.
    """
    granted: dict[str, set[float]] = {}
    patterns = [_pattern(rows[use]["name"]) for use in _ZERO_USES if use in rows]
    for other in listed:
        for pattern in patterns:
            match = pattern.fullmatch(other.name)
            if match:
                granted.setdefault(match[1].removeprefix("ml.").partition(".")[0], set()).add(other.value)
    zero = {family for family, values in granted.items() if values == {0.0}}
    return sorted(zero | (set(before) - set(granted)))


def _pattern(name: str) -> re.Pattern[str]:
    before, _, after = name.partition("{type}")
    return re.compile(re.escape(before) + r"(ml\.\S+)" + re.escape(after))


def _set(text: str, section: str, key: str, value: str) -> str:
    """Return the table with one value replaced; comments and order stay."""
    begin = text.index(f"\n[{section}]\n") + 1 if section else 0
    end = text.find("\n[", begin + 1)
    part = text[begin : end if end > 0 else len(text)]
    changed = re.sub(rf"^{re.escape(key)} = .*$", lambda _: f"{key} = {value}", part, count=1, flags=re.MULTILINE)
    return text.replace(part, changed, 1) if not section else text[:begin] + changed + text[begin + len(part) :]
