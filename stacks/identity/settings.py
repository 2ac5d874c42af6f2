"""Settings of the identity program; config namespace `identity`.

Exports: `boundary_arn`, `ci_preview_role_arn`, `ci_deploy_role_arn` and `<role>_role_arn` for each of
`service_roles` (`training_role_arn`, `processing_role_arn`, ...).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from stacks.documents.person_trust import IDENTITY_CENTER, SIGN_INS
from stacks.settings import SettingsError

CLOSED = "1970-01-01T00:00:00Z"
LONGEST_WINDOW_HOURS = 12


@dataclass(frozen=True, kw_only=True)
class IdentitySettings:
    """Who may act in the environment, and within which limits."""

    ci_issuer_url: str
    """Issuer of the CI system's tokens, with scheme; the account program creates its provider. Empty: no CI."""

    ci_audience: str
    """Audience claim of the CI system's tokens."""

    ci_preview_subjects: list[str]
    """Exact `sub` claims that may preview: `repo:ORG/REPO:pull_request`."""

    ci_deploy_subjects: list[str]
    """Exact `sub` claims that may deploy: `repo:ORG/REPO:environment:prod`."""

    bootstrap_admin_role_arn: str
    """Human role that may assume the deploying roles for the first deployment, or always without CI; else empty."""

    service_roles: list[str]
    """Service roles to create, of: training, processing, pipeline, endpoint, monitor, scheduler."""

    training_instance_types: list[str]
    """SageMaker instance types that training and processing jobs may use."""

    endpoint_instance_types: list[str]
    """SageMaker instance types that endpoints and transform jobs may use; empty: none may be created."""

    allowed_regions: list[str]
    """Regions in which the environment's roles may act, its own included."""

    require_network_isolation: bool
    """Jobs and models must run without network access of their own."""

    require_intercontainer_encryption: bool
    """Jobs on several instances must encrypt the traffic between them."""

    max_job_runtime_seconds: int
    """Longest run time that a training, tuning or processing job may ask for."""

    buckets: list[str]
    """Purposes with a bucket of their own, as in `data:buckets`."""

    key_classes: list[str]
    """Data classes with a key of their own, as in `foundation:key_classes`."""

    existing_key_arn: str = ""
    """The same value as `foundation:existing_key_arn`: CI puts aliases on that key."""

    existing_raw_bucket: str = ""
    """The same value as `data:existing_raw_bucket`: processing reads it."""

    feature_store_online: bool
    """Endpoint and pipeline roles may read, processing may write, the online feature store."""

    cluster_instance_types: list[str] = field(default_factory=list)
    """EC2 instance types that machines of the Kubernetes cluster may have; empty: there is no cluster."""
    serving_modes: list[str] = field(default_factory=list)
    """The same value as `serving:modes`; an asynchronous endpoint needs more, a serverless one has no network."""

    deploy_parts: list[str] = field(default_factory=list)
    """Parts beyond the common ones that CI deploys: any of `PARTS` in stacks/documents/ci_deploy_estate.py."""

    serves_api: bool = False
    """An API stands before the endpoint, which CI deploys with its firewall."""

    serves_balancer: bool = False
    """An internal load balancer stands before what serves, which CI deploys."""

    machine_kinds: list[str] = field(default_factory=list)
    """What training has beside its jobs, and CI deploys: batch, file_system, hyperpod."""

    requests_training: bool = False
    """The pipeline asks a cluster for training by queue, instead of starting jobs itself."""

    people: list[str] = field(default_factory=list)
    """People with a role of their own, of those in `stacks/identity/people.toml`."""

    people_sign_in: str = IDENTITY_CENTER
    """How people come in: `identity_center`, by a permission set each, or `mfa`, from the account itself."""

    teams: list[str] = field(default_factory=list)
    """Teams that share the environment: jobs carry the tag `team`, and people stop those of their own only."""

    teams_folder: str = ""
    """Folder of the team files, relative to Pulumi.yaml, whose teams are added to `teams`. Empty: none."""

    break_glass_from: str = ""
    """Instant from which the break-glass role opens, `2026-11-25T18:00:00Z`. Empty: it stays closed."""

    break_glass_until: str = ""
    """Instant at which it closes, 12 hours later at most."""

    def __post_init__(self) -> None:
        """Refuse what the roles cannot be made of.

        Raises:
            SettingsError: an unknown way to sign in, or a break-glass window that is open too long or not at all.
        """
        if self.people_sign_in not in SIGN_INS:
            raise SettingsError(
                f"identity:people_sign_in is unknown\n  got: {self.people_sign_in!r}\n  allowed: {', '.join(SIGN_INS)}"
            )
        if ":role/mlops/" in self.bootstrap_admin_role_arn:
            raise SettingsError(
                "identity:bootstrap_admin_role_arn is a role that this program makes: their trust would be a circle\n"
                f"  got: {self.bootstrap_admin_role_arn!r}\n  allowed: a role of the account's administrators\n"
                "  fix: name the role with which people administer the account"
            )
        opens, closes = (_instant(text) for text in (self.break_glass_from, self.break_glass_until))
        if (opens is None) != (closes is None):
            raise _window_error(self, "both ends of the window, or neither")
        if opens is not None and closes is not None:
            longest = datetime.timedelta(hours=LONGEST_WINDOW_HOURS)
            if not datetime.timedelta() < closes - opens <= longest:
                raise _window_error(self, f"an end after the beginning, at most {LONGEST_WINDOW_HOURS} hours later")

    @property
    def break_glass_window(self) -> tuple[str, str]:
        """When the break-glass role opens and closes; equal instants, long past, where it stays closed."""
        return (self.break_glass_from, self.break_glass_until) if self.break_glass_from else (CLOSED, CLOSED)


def _instant(text: str) -> datetime.datetime | None:
    if not text:
        return None
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise SettingsError(
            f"a break-glass window has an end that is no instant\n  got: {text!r}\n"
            "  allowed: date and time in UTC, for example 2026-11-25T18:00:00Z"
        ) from error


def _window_error(settings: IdentitySettings, allowed: str) -> SettingsError:
    return SettingsError(
        "the break-glass window cannot be\n"
        f"  got: from {settings.break_glass_from!r} until {settings.break_glass_until!r}\n  allowed: {allowed}\n"
        "  fix: set identity:break_glass_from and identity:break_glass_until, and deploy again to close it"
    )
