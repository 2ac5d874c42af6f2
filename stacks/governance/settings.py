"""Configuration of the governance program; namespace `governance`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class GovernanceSettings:
    """Evidence, human review, approval and the kill switch."""

    evidence_object_lock_mode: str
    """`governance` (a named permission lifts it) or `compliance` (nobody can, not even root)."""
    evidence_object_lock_days: int
    """Days that each piece of evidence cannot be deleted or overwritten."""
    approver_role_arns: list[str]
    """IAM roles that may approve a model; patterns with `*` are allowed, an empty list means nobody."""
    model_purpose: str
    """What the model is for, in one sentence; the first content of its card."""
    human_review: bool
    """A queue of cases and proposals that a person decides."""
    review_timeout_seconds: int = 259_200
    """Seconds that a case waits for a person before it expires, at most 1,209,600 (14 days)."""
    retraining_proposal: bool
    """A drift alarm opens a case in the review queue; a person starts the retraining, never the alarm."""
    kill_switch: bool
    """A parameter that the serving application reads: `model`, `rules` or `refuse`."""
    backup: bool
    """Copy the evidence and the cases into the vault of the data program."""
    log_retention_days: int
    """Days that logs are kept; a value that CloudWatch Logs accepts."""
    erasure: bool = False
    """Erase people who asked for it: a register of requests, and a job that carries them out every night."""
    erasure_copies_days: int = 0
    """Days after which the last copy in the vault that may hold an erased person has gone; 0: there are no copies."""
    package: str = ""
    """The Python package in the image; the erasure job runs it."""
    image_tag: str = ""
    """Tag of the image in the repository of the training program."""
    schedule_timezone: str = "UTC"
    """IANA time zone of the nightly erasure."""
