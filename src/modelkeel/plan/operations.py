"""How the platform is run: people, alerts, recovery, tracking, the AI Act's obligations."""

from __future__ import annotations

from collections.abc import Sequence

from modelkeel.answers.ai_act import counted, risk_class
from modelkeel.answers.model import Answers
from modelkeel.plan import registry
from modelkeel.plan.backup import DAILY_MINUTES, SWITCHES
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.tables.ai_act import ai_act_classes
from modelkeel.tables.ai_act_use import AiActUse
from modelkeel.tables.region import regions

APPROVERS = {"platform": "MLOps manager", "risk": "risk owner", "two_person": "MLOps manager and risk owner"}
OVER_BUDGET = {
    "alert": "people are told and decide",
    "stop_dev": "dev is stopped at 100 %: endpoints, training runs",
    "stop_all_but_prod": "dev is stopped at 100 %, everything but production at 120 %: endpoints, training runs",
}
WARM_RTO_MINUTES = 60
CONFIDENCE = {"text": "read in the regulation", "secondary": "reported by secondary sources"}


def decisions(answers: Answers, regime: Regime) -> tuple[Decision, ...]:
    """Return what is decided about running the platform."""
    return (
        _ai_act(answers, regime),
        _approver(answers, regime),
        _budget(answers),
        _alerts(answers),
        _recovery(answers, regime),
        _tracking(answers),
        registry.decision(answers),
        _teams(answers),
        _organization(answers),
        _workspace(answers),
        _closed_services(answers),
    )


def _ai_act(answers: Answers, regime: Regime) -> Decision:
    row = ai_act_classes()[risk_class(answers)]
    uses = counted(answers)
    applies = answers.ai_act_role != "not_applicable"
    documents = [
        name
        for switch, name in (("annex_iv", "technical documentation (Annex IV)"), ("fria", "rights impact assessment"))
        if regime.has(switch) and not (name.startswith("technical") and answers.ai_act_role == "deployer")
    ]
    value = {
        "role": answers.ai_act_role,
        "class": row.id,
        "applies_from": row.applies_from.isoformat(),
        "articles": list(row.articles),
        "documents": documents,
    }
    return Decision(
        key="ai_act",
        value=value if applies else None,
        reason=(
            f"{row.title}{_because(uses, answers)}: {_continued(row.obligation)}, from"
            f" {row.applies_from.isoformat()} ({CONFIDENCE[row.confidence]})."
            if applies
            else "You say that the EU AI Act does not apply."
        ),
        from_=("ai_act_role", "ai_act_uses", "ai_act_class"),
        formula="; ".join(f"{use.name} -> {use.risk_class} ({use.article})" for use in uses),
        source=row.source,
    )


def _continued(sentence: str) -> str:
    """An abbreviation keeps its capitals within a sentence."""
    return sentence if sentence[1].isupper() else sentence[0].lower() + sentence[1:]


def _because(uses: Sequence[AiActUse], answers: Answers) -> str:
    if answers.ai_act_class != "auto":
        return ", as answered"
    deciding = [use.title for use in uses if use.risk_class == risk_class(answers)]
    return f" ({'; '.join(deciding)})" if deciding else ", as no use of the Act is named"


def _approver(answers: Answers, regime: Regime) -> Decision:
    asked = answers.approvers
    if asked == "auto":
        asked = "two_person" if regime.approvals > 1 else "platform"
    return Decision(
        key="approver",
        value={"who": APPROVERS[asked], "role": answers.approver_role},
        reason="Only this role may set a model to Approved, and never for a model of its own.",
        from_=("approvers", "approver_role", "frameworks"),
        source="Service Authorization Reference, Amazon SageMaker: sagemaker:ModelApprovalStatus",
    )


def _budget(answers: Answers) -> Decision:
    return Decision(
        key="over_budget",
        value=answers.over_budget,
        reason=f"Above the budget {OVER_BUDGET[answers.over_budget]}.",
        from_=("over_budget",),
        source="AWS Cost Management User Guide, Configuring AWS Budgets actions",
    )


def _alerts(answers: Answers) -> Decision:
    return Decision(
        key="alert_channels",
        value=list(answers.alert_to),
        reason=f"Alarms go to {answers.owner_email}"
        + (
            f", and to channel {answers.slack_channel_id} of workspace {answers.slack_workspace_id}"
            if "slack" in answers.alert_to
            else ""
        )
        + ("; PagerDuty is joined by the address of its integration." if "pagerduty" in answers.alert_to else "."),
        from_=("alert_to", "owner_email", "slack_workspace_id", "slack_channel_id"),
        source="Amazon SNS Developer Guide, Event destinations",
    )


def _recovery(answers: Answers, regime: Regime) -> Decision:
    rpo, rto = answers.rpo_minutes, answers.rto_minutes
    copied = any(regime.has(switch) for switch in SWITCHES)
    backup = "continuous" if rpo < DAILY_MINUTES else "daily" if copied else "versions"
    standby = "warm" if rto < WARM_RTO_MINUTES or answers.availability == "99.95" else "rebuild"
    asked = f"{rto:,} minutes" if rto < WARM_RTO_MINUTES else f"{answers.availability} percent"
    return Decision(
        key="disaster_recovery",
        value={"backup": backup, "standby": standby},
        reason=(
            "Nothing is copied to a vault: versions of objects and the recovery of tables undo mistakes; "
            if backup == "versions"
            else f"At most {rpo:,} minutes of data may be lost, so backups are {backup}; "
        )
        + (
            f"{asked} want a second Region that keeps a small copy running; no program makes one, so promise no more"
            " than a new deployment from the repository holds."
            if standby == "warm"
            else f"{rto:,} minutes are enough to deploy the stacks again from the repository."
        ),
        from_=("rpo_minutes", "rto_minutes", "availability", "frameworks"),
        formula=f"continuous below {DAILY_MINUTES:,} minutes, else daily where a framework asks for copies;"
        f" warm standby below {WARM_RTO_MINUTES} minutes",
        source="AWS Whitepaper, Disaster Recovery of Workloads on AWS",
    )


def tracker(answers: Answers) -> str:
    """Return where experiments are tracked: as answered, where the Region has it."""
    if answers.tracking == "mlflow_app" and "mlflow_app" in regions()[answers.region].lacks:
        return "none"
    return answers.tracking


def _tracking(answers: Answers) -> Decision:
    return Decision(
        key="tracking",
        value={"experiments": tracker(answers)},
        reason=f"{answers.region} does not offer the MLflow app, so runs are logged in a file."
        if tracker(answers) != answers.tracking
        else {
            "mlflow_app": "The serverless MLflow app needs no server of its own and costs storage only.",
            "mlflow_self": "The team runs its own MLflow; the stacks make none.",
            "wandb": "Runs are tracked at Weights & Biases; the stacks make no server.",
            "none": "No server: runs are logged in a SQLite file; the evidence of a model keeps its facts.",
        }[answers.tracking],
        from_=("tracking", "regions"),
        source="SageMaker Developer Guide, Managed MLflow",
    )


def _teams(answers: Answers) -> Decision:
    share = 100 // len(answers.teams) if answers.teams else 100
    return Decision(
        key="teams",
        value=list(answers.teams),
        reason=f"Each team is given {share} % of the training capacity." if answers.teams else "One team has it all.",
        from_=("teams",),
        formula=f"100 / {len(answers.teams)}" if answers.teams else "",
        source="SageMaker Developer Guide, Compute quotas",
    )


def _organization(answers: Answers) -> Decision:
    return Decision(
        key="organization",
        value=answers.org_id or None,
        reason="The accounts belong to an organization; its own policies stand above what is made here."
        if answers.org_id
        else "The accounts stand alone, so nothing is asked of an organization.",
        from_=("org_id",),
        source="AWS Organizations User Guide, Service control policies",
    )


def _workspace(answers: Answers) -> Decision:
    value: dict[str, str] = {"ide": answers.ide}
    if answers.ide != "none":
        value |= {"sign_in": answers.ide_auth, "idle_minutes": str(answers.idle_minutes)}
    return Decision(
        key="workspace",
        value=value,
        reason="People work on their own machines and through CI."
        if answers.ide == "none"
        else f"People work in {answers.ide.replace('_', ' ')}, shut down after {answers.idle_minutes} idle minutes.",
        from_=("ide", "ide_auth", "idle_minutes"),
        source="SageMaker Developer Guide, Idle shutdown",
    )


def _closed_services(answers: Answers) -> Decision:
    return Decision(
        key="closed_services",
        value="named" if answers.aws_existing_customer else "never",
        reason="Your accounts may use services that AWS closed to others; documents name them, stacks still do not."
        if answers.aws_existing_customer
        else "Nothing rests on services that AWS closed to new customers: Model Monitor, Clarify, A2I, Ground Truth.",
        from_=("aws_existing_customer",),
        source="SageMaker Developer Guide, availability changes of 2026-07-30",
    )
