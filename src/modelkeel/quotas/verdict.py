"""Whether an account grants what a graph needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modelkeel.aws import AppliedQuota
from modelkeel.quotas.need import QuotaNeed


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """A need beside what the account is granted; `granted` is none where nobody asked or AWS knows no such quota."""

    need: QuotaNeed
    granted: AppliedQuota | None

    @property
    def code(self) -> str:
        """The quota code, from the account where the table has none."""
        return self.granted.code if self.granted is not None else self.need.code

    @property
    def is_short(self) -> bool:
        """Whether the account grants less than is needed, as far as both are known."""
        return self.need.needed is not None and self.granted is not None and self.granted.value < self.need.needed

    @property
    def result(self) -> str:
        """`short`, `enough`, or `unknown` where the need or the grant is not known."""
        if self.need.needed is None or self.granted is None:
            return "unknown"
        return "short" if self.is_short else "enough"


def judge(needs: Sequence[QuotaNeed], granted: Iterable[AppliedQuota]) -> tuple[Verdict, ...]:
    """Return each need with the quota of the account: found by code, else by name; in the order of the needs."""
    rows = list(granted)
    by_code: Mapping[tuple[str, str], AppliedQuota] = {(row.service, row.code): row for row in rows}
    by_name: Mapping[tuple[str, str], AppliedQuota] = {(row.service, row.name): row for row in rows}
    return tuple(
        Verdict(
            need=need,
            granted=by_code.get((need.service, need.code)) if need.code else by_name.get((need.service, need.name)),
        )
        for need in needs
    )
