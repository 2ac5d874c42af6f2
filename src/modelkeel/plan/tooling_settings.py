"""Settings of the tooling program: what all environments share, and who of them may do what with it."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan.accounts import deploy_subjects
from modelkeel.plan.settings import KEY_DELETION_DAYS, UNTAGGED_IMAGE_DAYS, governance
from modelkeel.plan.topics import Topics
from modelkeel.tables.archetype import archetypes


def tooling(answers: Answers, topics: Topics) -> dict[str, Any]:
    """Return the settings of the tooling program.

    One registry serves all environments, so those who approve for the last of them approve for all.
    """
    regime, storage = topics.regime, topics.storage
    subjects = {name: deploy_subjects(answers, topics.accounts.repository, name) for name in answers.environments}
    locked = regime.lock_mode != "off"
    return {
        "environments": {name: answers.account_ids[name] for name in answers.environments},
        "pushing_environments": [answers.environments[0]],
        "ci_issuer_url": topics.accounts.ci_issuer_url,
        "ci_audience": topics.accounts.ci_audience,
        "ci_preview_subjects": {name: preview for name, (preview, _) in subjects.items()},
        "ci_deploy_subjects": {name: deploy for name, (_, deploy) in subjects.items()},
        "model_package_group": archetypes()[answers.archetype].model_package_group,
        "approver_role_arns": governance(answers, topics, answers.environments[-1])["approver_role_arns"],
        "untagged_image_days": UNTAGGED_IMAGE_DAYS,
        "noncurrent_days": storage.noncurrent_days,
        "access_log_retention_days": regime.retention_days,
        "object_lock_mode": regime.lock_mode,
        "object_lock_days": regime.hot_days if locked else 0,
        "key_deletion_window_days": KEY_DELETION_DAYS,
    }
