"""People taken out of the Iceberg tables of the Glue database, the offline copies of feature groups among them.

DELETE writes beside the data which rows are gone, OPTIMIZE writes the data without them, VACUUM ends the snapshots that
still have them; it keeps those of the last five days (Amazon Athena User Guide, "Delete, update, and VACUUM" and
"Optimize Iceberg tables", 2026-11-25). So a person is wholly gone from tables at the run after that.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from ..problem import ProblemError
from . import rows

SNAPSHOT_DAYS = 5
_MOST_VACUUMS = 20
_MORE = "ICEBERG_VACUUM_MORE_RUNS_NEEDED"
_ENDED = {"SUCCEEDED", "FAILED", "CANCELLED"}


def erase(
    athena: Any,
    glue: Any,
    *,
    database: str,
    workgroup: str,
    people: frozenset[str],
    sleep: Callable[[float], None] = time.sleep,
) -> Counter[tuple[str, str]]:
    """Delete the rows of `people` from every table that names people; return how many each had, by table.

    Raises:
        ProblemError: a query failed; what it was for is told, not whom.
    """
    found: Counter[tuple[str, str]] = Counter()

    def ask(what: str, query: str) -> str:
        return _run(athena, what, query, database, workgroup, sleep)

    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in sorted(people))
    for table, columns in sorted(_tables(glue, database)):
        place = f'"{database}"."{table}"'
        theirs = 0
        for column in columns:
            where = f'cast("{column}" AS varchar) IN ({listed})'
            counted = ask(
                f"count in {table}",
                f'SELECT cast("{column}" AS varchar), count(*) FROM {place} WHERE {where} GROUP BY 1',
            )
            for name, count in _answers(athena, counted):
                found[name, f"table {table}: rows"] += int(count)
                theirs += int(count)
            if theirs:
                ask(f"deletion in {table}", f"DELETE FROM {place} WHERE {where}")
        if theirs:
            # Without this a data file with a single row deleted would not be written anew.
            threshold = "SET TBLPROPERTIES ('optimize_rewrite_delete_file_threshold'='1')"
            ask(f"settings of {table}", f"ALTER TABLE `{database}`.`{table}` {threshold}")
            ask(f"rewriting of {table}", f"OPTIMIZE {place} REWRITE DATA USING BIN_PACK")
        _vacuum(ask, table, place)
    return found


def _tables(glue: Any, database: str) -> Iterator[tuple[str, list[str]]]:
    for page in glue.get_paginator("get_tables").paginate(DatabaseName=database):
        for table in page["TableList"]:
            named = [row["Name"] for row in table["StorageDescriptor"]["Columns"] if row["Name"] in rows.COLUMNS]
            if named and table.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG":
                yield table["Name"], named


def _vacuum(ask: Callable[[str, str], str], table: str, place: str) -> None:
    for _ in range(_MOST_VACUUMS):
        try:
            ask(f"removal of old snapshots of {table}", f"VACUUM {place}")
        except ProblemError as problem:
            if _MORE in problem.got:
                continue
            raise
        return
    raise ProblemError(f"old snapshots of {table} do not end", got=f"{_MOST_VACUUMS} runs of VACUUM")


def _run(athena: Any, what: str, query: str, database: str, workgroup: str, sleep: Callable[[float], None]) -> str:
    started = athena.start_query_execution(
        QueryString=query, QueryExecutionContext={"Database": database}, WorkGroup=workgroup
    )
    identifier, wait = str(started["QueryExecutionId"]), 1.0
    while True:
        status = athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]["Status"]
        if status["State"] in _ENDED:
            break
        sleep(wait)
        wait = min(wait * 1.5, 15.0)
    if status["State"] != "SUCCEEDED":
        raise ProblemError(f"Athena: {what} failed", got=str(status.get("StateChangeReason", status["State"])))
    return identifier


def _answers(athena: Any, identifier: str) -> Iterator[tuple[str, str]]:
    pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=identifier)
    cells = (
        [cell.get("VarCharValue", "") for cell in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]
    )
    next(cells, None)
    for row in cells:
        yield row[0], row[1]
