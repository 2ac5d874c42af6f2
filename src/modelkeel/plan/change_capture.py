"""Changes of a database: what reads them, how large it is, and what its owner still has to name."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.plan.network import zone_count

STORAGE_GIB = 100
TRIAL_CLASS = "dms.t3.medium"
PRODUCTION_CLASS = "dms.r5.large"
TWO_PLACES = 3
"""Zones of an environment from which on the capture has a second machine in another one."""


def is_asked(answers: Answers) -> bool:
    """Tell whether changes of a database are to be captured."""
    return "cdc" in answers.ingestion


def settings(answers: Answers, environment: str) -> dict[str, Any]:
    """Return the data program's keys of the capture; the database itself is named below them, by who knows it."""
    if not is_asked(answers):
        return {}
    production = environment == answers.environments[-1]
    return {
        "change_engine": answers.cdc_engine,
        "change_instance_class": PRODUCTION_CLASS if production else TRIAL_CLASS,
        "change_multi_az": production and zone_count(answers) >= TWO_PLACES,
        "change_storage_gib": STORAGE_GIB,
    }


def decision(answers: Answers) -> Decision:
    """Return what captures the changes, and what its owner still has to name."""
    production = settings(answers, answers.environments[-1])
    second = "a second one stands by in another zone" if production["change_multi_az"] else "one machine"
    return Decision(
        key="change_capture",
        value=answers.cdc_engine,
        reason=f"A replication instance of AWS DMS reads the log of {answers.cdc_engine} and writes each change to the"
        f" raw bucket ({PRODUCTION_CLASS} in production, {second}). DMS Serverless is changed and deleted only while it"
        " stands still; zero-ETL integrations end in Redshift or a lakehouse. Nothing is captured until"
        " data:change_secret_arn and data:change_source_cidr name the database;"
        " docs/change-capture.md says what its owner sets.",
        from_=("ingestion", "cdc_engine", "availability", "environments"),
        source="AWS DMS User Guide, Creating tasks for ongoing replication; Using Amazon S3 as a target; DMS Serverless"
        " limitations",
        alternatives=("batch_s3: a nightly export, no machine that runs all day",),
    )
