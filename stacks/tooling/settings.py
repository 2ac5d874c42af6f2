"""Settings of the tooling program; config namespace `tooling`.

Exports: `repository_url`, `model_package_group_arn`, `models_bucket_name`, `models_key_arn`, `entry_role_arns` by
environment and purpose. The environments compute these names: their states lie in other accounts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stacks.settings import SettingsError


@dataclass(frozen=True, kw_only=True)
class ToolingSettings:
    """What all environments share, and who of them may do what with it."""

    environments: dict[str, str]
    """Account of each environment, in the order of promotion; several may live in one account."""

    ci_issuer_url: str
    """Issuer of the CI system's tokens, with scheme; the account program creates its provider. Empty: no CI."""

    ci_audience: str
    """Audience claim of the CI system's tokens."""

    ci_preview_subjects: dict[str, list[str]]
    """Exact `sub` claims that may preview, by environment."""

    ci_deploy_subjects: dict[str, list[str]]
    """Exact `sub` claims that may deploy, by environment."""

    model_package_group: str
    """Name of the model registry group, without project and environment."""

    approver_role_arns: list[str]
    """Roles, or patterns of them, that approve a model for every environment."""

    untagged_image_days: int
    """Days until an image without a tag is deleted."""

    noncurrent_days: int
    """Days for which overwritten and deleted versions of models are kept."""

    access_log_retention_days: int
    """Days for which S3 access logs are kept."""

    object_lock_mode: str
    """Default lock of models: `off`, `governance` or `compliance`."""

    object_lock_days: int
    """Days of the default lock; 0 when the mode is `off`."""

    key_deletion_window_days: int = 30
    """Days between the wish to delete a key and its deletion: 7 to 30."""

    pushing_environments: list[str] = field(default_factory=list)
    """Environments whose CI pushes images; empty: the first one does."""

    def __post_init__(self) -> None:
        """Refuse a tooling account without environments, and names that belong to none.

        Raises:
            SettingsError: names the key, what it holds and what is allowed.
        """
        known = ", ".join(self.environments)
        if not self.environments:
            raise SettingsError("tooling:environments is empty\n  allowed: the account of each environment")
        for key in ("pushing_environments", "ci_preview_subjects", "ci_deploy_subjects"):
            extra = sorted(set(getattr(self, key)) - set(self.environments))
            if extra:
                raise SettingsError(f"tooling:{key} names no environment\n  got: {extra[0]!r}\n  allowed: {known}")

    @property
    def pushers(self) -> list[str]:
        """Environments whose CI pushes images."""
        return self.pushing_environments or list(self.environments)[:1]
