"""What is watched, how often, and what happens then."""

from __future__ import annotations

from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.plan import drift, quality
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.plan.serving import Serving

# The job holds each input against chance already: one input that drifts is drift.
SHARE_THRESHOLD = 0.0
WINDOWS = 3
BREACHING = 2
THRESHOLDS = {"alert": [50, 80, 100], "stop_dev": [50, 80, 100], "stop_all_but_prod": [50, 80, 100, 120]}


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """Decided watching and intervention."""

    drift_window: str
    drift_schedule_expression: str
    drift_job: drift.DriftJob
    quality_job: quality.QualityJob
    drift_share_threshold: float
    drift_windows: int
    drift_windows_breaching: int
    budget_thresholds_percent: tuple[int, ...]
    retraining_proposal: bool
    kill_switch: bool
    decisions: tuple[Decision, ...]


def plan(answers: Answers, regime: Regime, serving: Serving) -> Monitoring:
    """Return what is watched.

    Raises:
        ModelkeelError: the Region offers no instance that the drift job fits on.
    """
    hourly = serving.mode == "realtime" and answers.peak_rps >= 100
    window, schedule = ("hour", "cron(15 * * * ? *)") if hourly else ("day", "cron(30 7 * * ? *)")
    job = drift.plan(answers, serving, window=window)
    fair = bool(answers.protected_attributes) and regime.fairness_metric != "none"
    judging = quality.plan(answers, serving, window=window, job=job, fair=fair)
    automated = answers.decision_impact != "advisory"
    kill = automated or regime.has("kill_switch")
    proposal = regime.human_review != "none" or answers.retrain_cadence == "on_drift"
    thresholds = tuple(THRESHOLDS[answers.over_budget])
    return Monitoring(
        drift_window=window,
        drift_schedule_expression=schedule,
        drift_job=job,
        quality_job=judging,
        drift_share_threshold=SHARE_THRESHOLD,
        drift_windows=WINDOWS,
        drift_windows_breaching=BREACHING,
        budget_thresholds_percent=thresholds,
        retraining_proposal=proposal,
        kill_switch=kill,
        decisions=(
            _window(answers, window),
            job.decision,
            _alarm(window),
            quality.decision(answers, judging),
            Decision(
                key="budgets_usd_per_month",
                value=dict(answers.monthly_budget_usd),
                reason=f"Warnings at {', '.join(f'{share} %' for share in thresholds)}, the last also on the forecast.",
                from_=("monthly_budget_usd", "over_budget"),
                source="AWS Cost Management User Guide, Managing your costs with AWS Budgets",
            ),
            Decision(
                key="kill_switch",
                value=kill,
                reason="A person can turn the model off without a deployment: rules decide, or nothing does."
                if kill
                else "People decide; there is nothing to switch off.",
                from_=("decision_impact", "ai_act_uses", "ai_act_class"),
                source="Regulation (EU) 2024/1689, Art. 14(4)(e)",
            ),
            Decision(
                key="retraining_proposal",
                value=proposal,
                reason="Drift or low quality opens a case; a person starts the retraining, never the alarm."
                if proposal
                else "Retraining follows the calendar; drift only rings.",
                from_=("retrain_cadence", "human_review"),
                source="ISO/IEC 42001:2023, A.6.2.6",
            ),
        ),
    )


def _window(answers: Answers, window: str) -> Decision:
    hourly = window == "hour"
    return Decision(
        key="drift_window",
        value=window,
        reason="There is enough traffic in an hour to compare."
        if hourly
        else "A day's records are compared with those of the training set.",
        from_=("serving_mode", "peak_rps"),
        formula=f"{answers.peak_rps} requests/s >= 100" if hourly else "",
        source="SageMaker Developer Guide: Model Monitor closed to new customers on 2026-07-30",
        alternatives=("Model Monitor and Clarify: closed to new customers",),
    )


def _alarm(window: str) -> Decision:
    return Decision(
        key="drift_alarm",
        value={"share_above": SHARE_THRESHOLD, "windows": WINDOWS, "windows_breaching": BREACHING},
        reason=f"The job's limits are those of chance, so any input beyond its own counts; {BREACHING} of {WINDOWS}"
        f" {window}s must agree, because one is noise.",
        from_=("serving_mode", "peak_rps"),
        formula=f"drifted share > {SHARE_THRESHOLD:g} in {BREACHING} of {WINDOWS} {window}s",
        source="The generated monitoring/drift.py: limits at a false-alarm level divided by the number of inputs",
        alternatives=("A share of 0.3: misses a drift of one or two inputs, however large it is",),
    )
