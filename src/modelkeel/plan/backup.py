"""Copies of what cannot be made again: in which environment, of what, for how long, how they are locked."""

from __future__ import annotations

from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision

SWITCHES = ("backup", "backup_lock")
# Raw data can be loaded again, features be computed again, captures are personal and short-lived.
PURPOSES = ("curated", "models")
KEY_CLASS = "backup"
DAILY_DAYS = 35
MONTHLY_DAYS = 365
ERASURE_MONTHLY_DAYS = 90
DAILY_MINUTES = 1440
CONTINUOUS_MINUTES = 15
"""How far back the last moment of a continuous copy of a bucket may lie.

AWS Backup Developer Guide, "Amazon S3 backups" and "Continuous backups and point-in-time recovery", read 2026-11-25: a
moment of the last 35 days, changes of the last quarter of an hour perhaps not among them.
"""


@dataclass(frozen=True, kw_only=True)
class Backup:
    """Decided copies; `environment` is empty where nothing is copied, days are those that a copy is kept."""

    environment: str
    daily_days: int
    monthly_days: int
    lock: bool
    continuous: bool
    decisions: tuple[Decision, ...]

    def of(self, environment: str) -> bool:
        """Tell whether `environment` has a vault."""
        return bool(self.environment) and environment == self.environment

    def key_classes(self, environment: str) -> list[str]:
        """Return the classes of keys that the vault adds to those of the environment."""
        return [KEY_CLASS] if self.of(environment) else []

    def purposes(self, environment: str) -> list[str]:
        """Return the purposes whose buckets are copied."""
        return list(PURPOSES) if self.of(environment) else []


def plan(answers: Answers, regime: Regime) -> Backup:
    """Return the copies: of production, where a framework asks for them or less than a day may be lost."""
    asking = [row.title for row in regime.rows if row.switches & set(SWITCHES)]
    production = answers.environments[-1]
    continuous = answers.rpo_minutes < DAILY_MINUTES
    if not asking and not continuous:
        return Backup(environment="", daily_days=0, monthly_days=0, lock=False, continuous=False, decisions=(_none(),))
    erasure = regime.has("erasure")
    monthly = ERASURE_MONTHLY_DAYS if erasure else MONTHLY_DAYS
    lock = regime.has("backup_lock") or answers.object_lock != "off"
    wanted = f"{' and '.join(asking)} ask{'s' * (len(asking) == 1)} for copies."
    if not asking:
        wanted = f"At most {answers.rpo_minutes:,} minutes may be lost, so there are copies."
    reason = (
        f"{wanted} {production} has a vault with its own key, filled every night with"
        " curated data, models, evidence and cases; the others are made again from code."
    )
    if erasure:
        reason += f" An erased person is gone from the last copy after {monthly} days; until then copies are not used."
    if continuous:
        reason += (
            f" At most {answers.rpo_minutes:,} minutes may be lost: the copies of buckets are continuous, back to any"
            f" moment of the last {DAILY_DAYS} days but the latest {CONTINUOUS_MINUTES} minutes. Tables have such a"
            " recovery of their own, beside their nightly copy."
        )
    if lock:
        reason += " Nobody deletes a copy before its time; a named permission lifts the lock."
    return Backup(
        environment=production,
        daily_days=DAILY_DAYS,
        monthly_days=monthly,
        lock=lock,
        continuous=continuous,
        decisions=(
            Decision(
                key="backup",
                value={
                    "environment": production,
                    "purposes": list(PURPOSES),
                    "daily_days": DAILY_DAYS,
                    "monthly_days": monthly,
                    "lock": "governance" if lock else "off",
                    "continuous": continuous,
                },
                reason=reason,
                from_=("frameworks", "object_lock", "environments", "rpo_minutes"),
                formula=f"{DAILY_DAYS} daily copies cover a month and the next working days; monthly ones {monthly} d",
                source=(
                    "AWS Backup Developer Guide, Vault Lock; AICPA A1.2; NIST 800-53 CP-9; Regulation (EU) 2016/679,"
                    " Art. 17 and 32(1)(c)"
                ),
                alternatives=("A compliance lock: cannot be lifted by anybody once its grace days are over.",),
            ),
        ),
    )


def _none() -> Decision:
    return Decision(
        key="backup",
        value=None,
        reason="No framework asks for copies, and a day may be lost; versions and tables' own recovery undo mistakes.",
        from_=("frameworks",),
        source="Amazon S3 User Guide, Using versioning; Amazon DynamoDB Developer Guide, Point-in-time recovery",
    )
