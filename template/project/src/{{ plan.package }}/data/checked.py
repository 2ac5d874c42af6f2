"""Rows that keep a contract, apart from rows that do not."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from ..problem import DataRefusedError

_ABOUT_THE_WHOLE = ("column_in_schema", "column_in_dataframe", "dtype")


@dataclass(frozen=True)
class Checked:
    """`valid` may be used; `quarantined` has one more column, `reason`, and is kept for the owner of the source."""

    valid: pd.DataFrame
    quarantined: pd.DataFrame


def separate(frame: pd.DataFrame, schema: pa.DataFrameSchema, *, most_refused: float) -> Checked:
    """Check `frame` against `schema`, row by row.

    Raises:
        DataRefusedError: no rows; columns or types differ; or more than the share `most_refused` of rows break a rule.
    """
    if frame.empty:
        raise DataRefusedError(
            "the batch is empty",
            got="0 rows",
            allowed="at least 1 row",
            fix="see whether the source delivered; an empty partition is never taken for a quiet day",
        )
    frame = frame.reset_index(drop=True)
    try:
        return Checked(schema.validate(frame, lazy=True), frame.head(0).assign(reason=pd.Series(dtype=str)))
    except pa.errors.SchemaErrors as broken:
        cases = broken.failure_cases
    _refuse_other_shape(frame, schema, cases)
    reasons = _reasons(cases)
    if len(reasons) > most_refused * len(frame):
        counts = reasons.value_counts().head(3)
        raise DataRefusedError(
            f"{len(reasons)} of {len(frame)} rows break the contract",
            got="; ".join(f"{count} x {reason}" for reason, count in counts.items()),
            allowed=f"at most {most_refused:.0%} of the rows",
            fix="ask the owner of the source what changed; nothing of this batch was used",
        )
    bad = frame.index.isin(reasons.index)
    return Checked(frame[~bad].reset_index(drop=True), frame.loc[reasons.index].assign(reason=reasons))


def _refuse_other_shape(frame: pd.DataFrame, schema: pa.DataFrameSchema, cases: pd.DataFrame) -> None:
    whole = cases[cases["check"].astype(str).str.startswith(_ABOUT_THE_WHOLE) | cases["index"].isna()]
    if whole.empty:
        return
    missing = sorted(set(schema.columns) - set(frame.columns))
    unknown = sorted(set(frame.columns) - set(schema.columns))
    wrong = sorted(
        {f"{column} is {frame[column].dtype}" for column in whole["column"] if column in frame.columns} - set(unknown)
    )
    raise DataRefusedError(
        "the schema of the batch is not the contract's",
        got="; ".join(
            [*(f"no column {name}" for name in missing), *(f"unknown column {name}" for name in unknown), *wrong]
        ),
        allowed=", ".join(f"{name}: {column.dtype}" for name, column in schema.columns.items()),
        fix="agree the change with the owner of the source, then change the contract and its tests together",
    )


def _reasons(cases: pd.DataFrame) -> pd.Series:
    """One reason for each row that breaks a rule: the first rule it breaks."""
    named = cases.assign(reason=cases["column"].fillna("row").astype(str) + ": " + cases["check"].astype(str))
    first = named.drop_duplicates("index")
    return first.set_index(first["index"].astype(int))["reason"].sort_index()
