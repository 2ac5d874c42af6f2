"""What an environment asks of the quotas of its account."""

from __future__ import annotations

from dataclasses import dataclass

CLOSE_SHARE = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """How much one resource takes of the quota `use` (a row of the quota table), and how that was counted.

    `count` is none where it is decided at run time; `instance_type` is empty for quotas that have none.
    """

    use: str
    instance_type: str
    count: int | None
    urn: str
    formula: str


@dataclass(frozen=True, kw_only=True, slots=True)
class QuotaNeed:
    """A quota of one account and Region, and how much of it the graph takes at its busiest moment.

    `needed` is none where it is decided at run time, `default` none where AWS sets it account by account, `code`
    empty where it has to be looked up by `name`. What else runs in the account is not counted.
    """

    use: str
    service: str
    name: str
    code: str
    unit: str
    account: str
    region: str
    needed: int | None
    default: int | None
    formula: str
    urns: tuple[str, ...]
    source: str
    lead_days: int

    @property
    def status(self) -> str:
        """`raise` above the default, `close` above half of it, `within`; `unknown` where a number is not known."""
        if self.needed is None or (self.default is None and self.needed > 0):
            return "unknown"
        if self.default is None or self.needed <= self.default * CLOSE_SHARE:
            return "within"
        return "raise" if self.needed > self.default else "close"

    @property
    def asked_for(self) -> bool:
        """Whether a raise should be requested before the first deployment, as far as can be told without the account.

        A single instance of a type whose default is not known counts too: new accounts start with none of many.
        """
        return self.needed is not None and self.status in {"raise", "unknown"}
