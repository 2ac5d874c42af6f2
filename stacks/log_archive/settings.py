"""Settings of the log archive program; config namespace `log_archive`.

Exports: `trail_bucket_name`, `trail_key_arn`. The organization program computes their names.
"""

from __future__ import annotations

from dataclasses import dataclass

from stacks.settings import SettingsError

LOCK_MODES = ("off", "governance", "compliance")


@dataclass(frozen=True, kw_only=True)
class LogArchiveSettings:
    """Whose trail is kept, and for how long."""

    organization_id: str
    """Id of the AWS Organization whose accounts are recorded."""

    management_account_id: str
    """The account that owns the organization's trail; the bucket takes files of that one trail only."""

    hot_days: int
    """Days in which files stay in S3 Standard before they move to Glacier Instant Retrieval."""

    retention_days: int
    """Days after which files are deleted; at least `object_lock_days`."""

    object_lock_mode: str
    """Lock of files: `off`, `governance` (a named permission lifts it) or `compliance` (nobody can)."""

    object_lock_days: int
    """Days for which a file is locked; 0 when the mode is `off`."""

    key_deletion_window_days: int = 30
    """Days between the wish to delete the key and its deletion: 7 to 30."""

    def __post_init__(self) -> None:
        """Refuse an unknown lock mode, and a lock that outlives the files.

        Raises:
            SettingsError: names the key, what it holds and what is allowed.
        """
        if self.object_lock_mode not in LOCK_MODES:
            raise SettingsError(
                f"log_archive:object_lock_mode is {self.object_lock_mode!r}, allowed: {', '.join(LOCK_MODES)}"
            )
        if self.object_lock_days > self.retention_days:
            raise SettingsError(
                f"log_archive:object_lock_days is {self.object_lock_days}, but files go after "
                f"{self.retention_days} days: lock them for no longer"
            )
