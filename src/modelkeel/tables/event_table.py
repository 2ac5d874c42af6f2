"""Columns of the tables that streams fill."""

from __future__ import annotations

from collections.abc import Mapping

from modelkeel.tables import reader

FILE = "event_tables.toml"


def event_columns(seed: str) -> Mapping[str, str]:
    """Return type by column of the events that the code of `seed` reads; none where its events have no table."""
    columns = reader.document(FILE).get(seed, {})
    return columns if isinstance(columns, Mapping) else {}


def regions_without_tables() -> frozenset[str]:
    """Return the Regions of the commercial partition where Firehose writes no Iceberg tables."""
    return frozenset(reader.document(FILE)["not_in"])
