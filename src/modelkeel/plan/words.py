"""The conditions of the template: one word each, so that no template combines any."""

from __future__ import annotations

from modelkeel.answers.ai_act import risk_class
from modelkeel.answers.model import Answers
from modelkeel.plan import brought, change_capture, edge, exposure, kafka, machines, slack
from modelkeel.plan.operations import tracker
from modelkeel.plan.topics import Topics
from modelkeel.tables.ci_system import ci_systems
from modelkeel.tables.seed import seed_of, seed_words

_KUBERNETES = {"eks_karpenter", "hyperpod_eks"}


def words(answers: Answers, topics: Topics) -> dict[str, bool]:
    """Return every condition by name, sorted; the names are the same whatever the answers are."""
    regime, accounts, storage = topics.regime, topics.accounts, topics.storage
    fairness = bool(answers.protected_attributes) and regime.fairness_metric != "none"
    found = {
        **{f"uses_{name}": answers.ci == name for name in ci_systems() if name != "none"},
        "uses_ci": answers.ci != "none",
        **{word: word in seed_of(answers.archetype).words for word in seed_words()},
        "is_monorepo": answers.repo_layout == "monorepo",
        "is_prototype": answers.maturity_goal == "prototype",
        "is_regulated": regime.regulated,
        "is_high_risk": regime.high_risk,
        "has_one_environment": len(answers.environments) == 1,
        "has_several_environments": len(answers.environments) > 1,
        "has_dev": "dev" in answers.environments,
        "has_staging": "staging" in answers.environments,
        "has_prod": "prod" in answers.environments,
        "has_one_account": len(set(answers.account_ids.values())) == 1,
        "has_frameworks": bool(answers.frameworks),
        **{f"holds_{name}": name in answers.frameworks for name in _frameworks()},
        **{f"needs_{name}": regime.has(name) for name in ("dpia", "fria", "annex_iv")},
        "needs_impact_assessment": regime.has("impact_assessment"),
        "needs_ai_act_notice": _is_transparent(answers),
        "uses_ai_act": answers.ai_act_role != "not_applicable",
        "uses_given_storage": brought.used(answers),
        **{f"uses_{name}": regime.has(name) for name in ("evidence", "erasure", "model_card")},
        "uses_human_review": regime.human_review != "none",
        "uses_fairness": fairness,
        "uses_reason_codes": regime.explainability == "per_prediction",
        "uses_two_approvals": regime.approvals >= 2,
        **{
            f"uses_{program}": program in accounts.programs
            for program in ("tooling", "organization", "governance", "kubernetes", "serving")
        },
        **_reaches_devices(answers, topics),
        **_receives(answers, topics),
        **_serves(answers, topics),
        "uses_stream": storage.stream,
        "uses_feature_store": storage.feature_store != "none",
        "uses_online_features": storage.online_features,
        "uses_late_labels": topics.monitoring.quality_job.label_lag_days > 0 and topics.modes.captures,
        "uses_slack": slack.joined(answers),
        "uses_on_call": "pagerduty" in answers.alert_to,
        "uses_kill_switch": topics.monitoring.kill_switch,
        "uses_schedule": topics.training.schedule_expression is not None,
        "uses_spot": topics.training.use_spot,
        "uses_cluster": topics.training.platform != "sagemaker_jobs",
        "uses_aws_batch": topics.training.platform == "aws_batch",
        "uses_ray": answers.existing_engine == "ray" and topics.training.platform in _KUBERNETES,
        **machines.values(topics.machines),
        "uses_mlflow": tracker(answers) in {"mlflow_app", "mlflow_self"},
        "uses_nat": any(way != "none" for way in topics.network.egress.values()),
        **{f"uses_{name}": answers.python_tool == name for name in ("uv", "poetry", "pip")},
        "uses_ruff": answers.lint == "ruff",
        "uses_s3_backend": answers.pulumi_backend == "s3_kms",
        "uses_pulumi_cloud": answers.pulumi_backend == "pulumi_cloud",
        "uses_agent_guidance": answers.agent_guidance,
        **{f"is_{name}": answers.license == name for name in ("apache_2", "mit", "proprietary")},
    }
    return dict(sorted(found.items()))


def _reaches_devices(answers: Answers, topics: Topics) -> dict[str, bool]:
    rings = edge.has_rings(answers, topics.regime)
    return {
        "uses_device_rings": rings,
        "packs_by_hand": seed_of(answers.archetype).archetype == edge.SEED and not rings,
    }


def _receives(answers: Answers, topics: Topics) -> dict[str, bool]:
    hours = topics.storage.stream_retention_hours
    return {
        "uses_change_capture": change_capture.is_asked(answers),
        "uses_kafka": any(kafka.is_made(answers, name, hours) for name in answers.environments),
    }


def _serves(answers: Answers, topics: Topics) -> dict[str, bool]:
    return {
        "uses_realtime": topics.modes.has_endpoint,
        "uses_balancer": any(exposure.is_balanced(answers, topics, name) for name in answers.environments),
        "uses_language_server": topics.modes.servers is not None,
        "uses_batch": "batch" in topics.modes.names,
        "uses_recording": bool(topics.modes.recorded),
        "uses_multi_model": topics.modes.many is not None,
        "uses_shadow": answers.rollout == "shadow_then_canary" and topics.modes.realtime is not None,
    }


def _is_transparent(answers: Answers) -> bool:
    """Art. 50 holds beside any other class, for what talks to people or makes content."""
    return risk_class(answers) == "limited_art50" or bool(
        {"talks_to_people", "generates_content"} & {*answers.ai_act_uses}
    )


def _frameworks() -> tuple[str, ...]:
    from modelkeel.tables.framework import AI_ACT_HIGH_RISK, BASELINE, frameworks  # noqa: PLC0415

    return tuple(name for name in frameworks() if name not in {BASELINE, AI_ACT_HIGH_RISK})
