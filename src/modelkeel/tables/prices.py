"""List prices of AWS: dated rows by SKU and region, and factors for regions whose own row is missing."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from modelkeel.tables import reader
from modelkeel.tables.machine_price import REGION, SERVICE, SOURCE, machine_prices

FILE = "prices.json"
HOME_REGION = "us-east-1"
ANY = "*"

Basis = Literal["price_list", "list", "estimate"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What one unit costs in USD: `usd` is the best value, `low` and `high` bound it.

    `basis` is `price_list` (read in a published price list), `list` (published value, not re-read) or
    `estimate`; `verified` says that our own refresh read it from the Price List API.
    """

    sku: str
    region: str
    service: str
    unit: str
    usd: Decimal
    low: Decimal
    high: Decimal
    basis: Basis
    source: str
    checked: datetime.date
    verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """How a service's prices in a region relate to those of us-east-1, with bounds; `*` stands for any other."""

    region: str
    service: str
    factor: Decimal
    low: Decimal
    high: Decimal
    source: str
    checked: datetime.date


@dataclass(frozen=True)
class Prices:
    """The price table; `find` answers for a SKU and a region."""

    rows: Mapping[tuple[str, str], Price]
    factors: Mapping[tuple[str, str], Factor]

    def find(self, sku: str, region: str) -> Price | None:
        """Return the price of a unit in `region`: its own row, else us-east-1 times the region's factor.

        None means that the table cannot say; a caller names that, and never counts it as zero.
        """
        own = self.rows.get((sku, region))
        if own is not None:
            return own
        home = self.rows.get((sku, HOME_REGION))
        if home is None:
            return None
        for key in ((region, home.service), (ANY, home.service), (region, ANY)):
            if key in self.factors:
                return _scaled(home, region, self.factors[key])
        return None

    @property
    def priced_on(self) -> datetime.date:
        """The date on which the table was last put together: the latest of its rows and factors."""
        dates = [row.checked for row in self.rows.values()] + [row.checked for row in self.factors.values()]
        return max(dates)


@cache
def prices() -> Prices:
    """Return the bundled price table, and beside it what EC2 machines cost by the table of instance types."""
    listed = from_document(reader.document(FILE))
    machines = {
        (sku, REGION): Price(
            sku=sku,
            region=REGION,
            service=SERVICE,
            unit="hour",
            usd=usd,
            low=usd,
            high=usd,
            basis="list",
            source=SOURCE,
            checked=checked,
            verified=False,
        )
        for sku, usd, checked in machine_prices()
    }
    return Prices(rows=MappingProxyType({**machines, **listed.rows}), factors=listed.factors)


def from_document(document: Mapping[str, Any]) -> Prices:
    """Return the table of a parsed document; a row without `low` and `high` is certain to the cent."""
    rows = [_price(row) for row in document["prices"]]
    factors = [_factor(row) for row in document["factors"]]
    return Prices(
        rows=MappingProxyType({(row.sku, row.region): row for row in rows}),
        factors=MappingProxyType({(row.region, row.service): row for row in factors}),
    )


def dumps(document: Mapping[str, Any]) -> str:
    """Return the canonical text of a price document: one row a line, rows and keys sorted, so that it diffs well."""
    header = {key: document[key] for key in sorted(document) if key not in {"prices", "factors"}}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in header.items()]
    factors = _lines(document["factors"], ("region", "service"))
    rows = _lines(document["prices"], ("sku", "region"))
    return "\n".join(["{", *lines, '"factors": [', factors, "],", '"prices": [', rows, "]", "}", ""])


def _lines(rows: Iterable[Mapping[str, Any]], keys: tuple[str, ...]) -> str:
    ordered = sorted(rows, key=lambda row: tuple(str(row[key]) for key in keys))
    return ",\n".join(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in ordered)


def _scaled(home: Price, region: str, factor: Factor) -> Price:
    return Price(
        sku=home.sku,
        region=region,
        service=home.service,
        unit=home.unit,
        usd=home.usd * factor.factor,
        low=home.low * factor.low,
        high=home.high * factor.high,
        basis="estimate",
        source=f"{home.source}; in {region} times {factor.factor}: {factor.source}",
        checked=min(home.checked, factor.checked),
        verified=False,
    )


def _price(row: Mapping[str, Any]) -> Price:
    usd = Decimal(row["usd"])
    return Price(
        sku=row["sku"],
        region=row["region"],
        service=row["service"],
        unit=row["unit"],
        usd=usd,
        low=Decimal(row.get("low", usd)),
        high=Decimal(row.get("high", usd)),
        basis=row["basis"],
        source=row["source"],
        checked=datetime.date.fromisoformat(row["checked"]),
        verified=row["verified"],
    )


def _factor(row: Mapping[str, Any]) -> Factor:
    return Factor(
        region=row["region"],
        service=row["service"],
        factor=Decimal(row["factor"]),
        low=Decimal(row["low"]),
        high=Decimal(row["high"]),
        source=row["source"],
        checked=datetime.date.fromisoformat(row["checked"]),
    )
