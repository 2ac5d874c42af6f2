"""The configuration of the monitoring program."""

from __future__ import annotations

import math
from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan import accelerators, drift, edge, language_server_settings, on_call, platform_teams, quality, slack
from modelkeel.plan.drift import DriftJob
from modelkeel.plan.monitoring import Monitoring
from modelkeel.plan.serving_settings import CLIENT_ERROR_PERCENT, ERROR_PERCENT, latency_p99_ms
from modelkeel.plan.topics import Topics
from modelkeel.tables.region import regions

SATURATION_PERCENT = 80
ANOMALY_SHARE = 0.1
LEAST_ANOMALY_USD = 20
NON_PRODUCTION_STOP_PERCENT = 120
DAILY = "cron(30 7 * * ? *)"


def monitoring(answers: Answers, topics: Topics, environment: str, package: str, image_tag: str) -> dict[str, Any]:
    """Return the settings of the monitoring program; `package` is what the image runs."""
    sizes, modes = topics.monitoring, topics.modes
    budget = answers.monthly_budget_usd[environment]
    settings: dict[str, Any] = {
        "serving_modes": list(modes.names),
        **({"recorded_modes": modes.recorded} if modes.recorded else {}),
        "alert_email": answers.owner_email,
        "monthly_budget_usd": budget,
        "budget_thresholds_percent": list(sizes.budget_thresholds_percent),
        # Cost Anomaly Detection is offered in the commercial partition only.
        "anomaly_usd": max(LEAST_ANOMALY_USD, math.ceil(budget * ANOMALY_SHARE))
        if regions()[answers.region].partition == "aws"
        else 0,
        "log_retention_days": topics.regime.log_group_days,
        "dashboard": answers.maturity_goal != "prototype",
        "package": package,
        "image_tag": image_tag,
        # The jobs write files, the state machines the metrics: their containers need no network under any regime.
        "network_isolation": True,
        **slack.settings(answers),
        **on_call.settings(answers, topics.modes, environment),
        **_over_budget(answers, environment),
        **platform_teams.monitoring(answers, on_cluster="kubernetes" in topics.accounts.programs),
        **_drift(answers, topics, environment),
        **_quality(answers, topics, environment),
        **accelerators.settings(topics, environment),
        **language_server_settings.monitoring(topics, answers, environment),
        **edge.monitoring(answers, topics.regime, environment),
    }
    if modes.has_endpoint:
        settings |= {
            "latency_p99_ms": latency_p99_ms(answers, topics),
            "error_percent": ERROR_PERCENT,
            "client_error_percent": CLIENT_ERROR_PERCENT,
            "saturation_percent": SATURATION_PERCENT,
            "gpu_modes": modes.gpu_modes,
        }
    if modes.asynchronous is not None:
        fleet = modes.asynchronous
        settings |= {
            "backlog_requests": fleet.backlog_per_instance * fleet.max_capacity[environment],
            "backlog_minutes": max(5, math.ceil(answers.p99_ms / 60_000)),
        }
    return settings


def _over_budget(answers: Answers, environment: str) -> dict[str, Any]:
    """Production is never stopped by money, and an environment that stands alone is the production."""
    production = environment == answers.environments[-1] and environment != "dev"
    stops = (answers.over_budget == "stop_dev" and environment == "dev") or (
        answers.over_budget == "stop_all_but_prod" and not production
    )
    percent = 100 if environment == "dev" else NON_PRODUCTION_STOP_PERCENT
    return {"over_budget": "stop", "stop_at_percent": percent} if stops else {"over_budget": "alert"}


def _drift(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the job of the first mode that leaves records, then those of the others, once a day."""
    sizes = topics.monitoring
    captured = _captured(topics)
    settings = _job(answers.timezone, sizes, "drift", sizes.drift_window, sizes.drift_job)
    if has_drift_job(answers, topics, environment):
        settings["drift_schedule_expression"] = sizes.drift_schedule_expression
        for mode in captured[1:]:
            settings |= _job(answers.timezone, sizes, f"{mode}_drift", "day", _daily(answers, topics, mode))
            settings[f"{mode}_drift_schedule_expression"] = DAILY
    return settings


def _quality(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the jobs that judge each mode that leaves records, where its answers get labels."""
    main = topics.monitoring.quality_job
    if not main.label_lag_days or not has_drift_job(answers, topics, environment):
        return {}
    settings: dict[str, Any] = {}
    for place, mode in enumerate(_captured(topics)):
        scoring = topics.modes.scoring
        made = main
        if place and mode == "batch" and scoring is not None:
            fair = main.maximum_gap is not None
            made = quality.plan(answers, scoring, window="day", job=_daily(answers, topics, mode), fair=fair)
        settings |= quality.settings(answers, made, f"{mode}_quality" if place else "quality")
    return settings


def _daily(answers: Answers, topics: Topics, mode: str) -> DriftJob:
    scoring = topics.modes.scoring
    if mode == "batch" and scoring is not None:
        return drift.plan(answers, scoring, window="day")
    return topics.monitoring.drift_job


def _job(timezone: str, sizes: Monitoring, prefix: str, window: str, job: DriftJob) -> dict[str, Any]:
    return {
        f"{prefix}_schedule_timezone": timezone,
        f"{prefix}_window": window,
        f"{prefix}_instance_type": job.instance_type,
        f"{prefix}_volume_gib": job.volume_gib,
        f"{prefix}_max_runtime_seconds": 3000 if window == "hour" else 3600,
        f"{prefix}_share_threshold": sizes.drift_share_threshold,
        f"{prefix}_windows": sizes.drift_windows,
        f"{prefix}_windows_breaching": sizes.drift_windows_breaching,
    }


def has_drift_job(answers: Answers, topics: Topics, environment: str) -> bool:
    """Tell whether a drift job runs: something leaves records, and dev, as one of several, has no traffic to watch."""
    return topics.modes.captures and (environment != "dev" or len(answers.environments) == 1)


def _captured(topics: Topics) -> list[str]:
    return topics.modes.watched
