"""The organization's guardrails: what they have to know of the environments under them."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan.accounts import deploy_subjects, log_archive_id, tooling_account_id
from modelkeel.plan.settings import identity, role_arn
from modelkeel.plan.topics import Topics


def log_archive(answers: Answers, topics: Topics) -> dict[str, Any]:
    """Return the settings of the log archive program."""
    regime = topics.regime
    locked = regime.lock_mode != "off"
    return {
        "organization_id": answers.org_id,
        "management_account_id": answers.management_account_id,
        "hot_days": regime.hot_days,
        "retention_days": regime.retention_days,
        "object_lock_mode": regime.lock_mode,
        "object_lock_days": regime.retention_days if locked else 0,
    }


def settings(answers: Answers, topics: Topics) -> dict[str, Any]:
    """Return the settings of the organization program, one for all environments; it attaches to what is named."""
    own = {name: identity(answers, topics, name) for name in answers.environments}
    types = [row[key] for row in own.values() for key in ("training_instance_types", "endpoint_instance_types")]
    subjects = [
        subject
        for name in answers.environments
        for part in deploy_subjects(answers, topics.accounts.repository, name)
        for subject in part
    ]
    admins = {role_arn(answers, answers.account_ids[name], answers.admin_role) for name in answers.environments}
    return {
        "organization_id": answers.org_id,
        "environments": dict(answers.account_ids),
        "further_account_ids": sorted({tooling_account_id(answers), log_archive_id(answers)} - {""}),
        "allowed_regions": list(topics.regime.regions),
        "instance_types": sorted({name for each in types for name in each}),
        "require_network_isolation": topics.regime.has("network_isolation"),
        "ci_issuer_url": topics.accounts.ci_issuer_url,
        "ci_subjects": sorted(set(subjects)),
        "bootstrap_admin_role_arns": sorted(admins - {""}),
        "log_account_id": log_archive_id(answers),
        # A team names its own targets below the last comment: the key is there once.
        **({"target_ids": list(answers.policy_target_ids)} if answers.policy_target_ids else {}),
        "allow_closed_services": answers.aws_existing_customer,
    }
