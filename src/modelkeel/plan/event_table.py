"""The Iceberg table that a stream fills beside the raw bucket: which events have one, and why others do not."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.data import STREAMS
from modelkeel.answers.model import Answers
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.tables.archetype import archetypes
from modelkeel.tables.event_table import event_columns, regions_without_tables
from modelkeel.tables.region import regions

SWITCH = "erasure"


def is_made(answers: Answers, regime: Regime) -> bool:
    """Tell whether events become a table."""
    return bool(_sources(answers)) and not _against(answers, regime)


def settings(answers: Answers, regime: Regime) -> dict[str, Any]:
    """Return the data program's key of the table; none without one."""
    if not is_made(answers, regime):
        return {}
    columns = event_columns(archetypes()[answers.archetype].seed)
    return {"event_columns": [{"name": name, "type": kind} for name, kind in columns.items()]}


def decisions(answers: Answers, regime: Regime) -> tuple[Decision, ...]:
    """Return whether events become a table; nothing is decided where none stream."""
    if not _sources(answers):
        return ()
    against = _against(answers, regime)
    return (
        Decision(
            key="event_table",
            value="none" if against else "iceberg",
            reason=against
            or "A second Firehose writes each event as a row of an Iceberg table too, so that queries read columns"
            " minutes later; Glue merges its small files. What does not fit its columns lies below curated/failed/.",
            from_=("ingestion", "archetype", "regions", "frameworks"),
            source="Amazon Data Firehose Developer Guide, Apache Iceberg Tables as a destination; AWS Glue User Guide,"
            " Optimizing Iceberg tables; Regulation (EU) 2016/679, Art. 17",
            alternatives=() if against else ("leave data:event_columns out: raw objects alone, at half the price",),
        ),
    )


def _sources(answers: Answers) -> list[str]:
    """Devices send messages, whose rows are made later; the others send the events themselves."""
    return [name for name in answers.ingestion if name in STREAMS and name != "iot_core"]


def _against(answers: Answers, regime: Regime) -> str:
    """Return why there is no table, empty where there is one."""
    if "iot_core" in answers.ingestion:
        return "Messages of devices share the stream, and are no rows of one table."
    if not event_columns(archetypes()[answers.archetype].seed):
        return "The code of this archetype names no columns of an event: name yours in data:event_columns to get one."
    if regions()[answers.region].partition != "aws" or answers.region in regions_without_tables():
        return f"Firehose writes no Iceberg tables in {answers.region}."
    if regime.has(SWITCH):
        return (
            f"{regime.who_asks(SWITCH)} asks for erasure, which rewrites objects of the raw bucket; a table would"
            " keep in its snapshots whom it was told to forget."
        )
    return ""
