"""Configuration of the governance program; namespace `governance`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class GovernanceSettings:
    """Evidence, human review, approval and the kill switch."""

    evidence_object_lock_mode: str
    """`GOVERNANCE` (a privileged role may shorten it) or `COMPLIANCE` (nobody may, not even root)."""
    evidence_object_lock_days: int
    """Days that each piece of evidence cannot be deleted or overwritten."""
    approver_role_arns: list[str]
    """IAM roles that may approve a model; patterns with `*` are allowed, an empty list means nobody."""
    human_review: bool
    """A queue of cases and proposals that a person decides."""
    review_timeout_seconds: int = 259200
    """Seconds that a case waits for a person before it is escalated, at most 31,536,000."""
    retraining_proposal: bool
    """A drift alarm opens a case in the review queue; a person starts the retraining, never the alarm."""
    kill_switch: bool
    """A flag that the serving application reads: model, rules only, or refuse."""
    log_retention_days: int
    """Days that logs are kept; a value that CloudWatch Logs accepts."""
