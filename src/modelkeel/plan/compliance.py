"""What the frameworks ask for together: the longest retention, the union of switches, the shared Regions."""

from __future__ import annotations

from dataclasses import dataclass

from modelkeel.answers.ai_act import is_high_risk
from modelkeel.answers.compliance_rules import admits
from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM
from modelkeel.plan.decision import Decision
from modelkeel.tables.framework import AI_ACT_HIGH_RISK, BASELINE, Framework, frameworks
from modelkeel.tables.limit import log_retention_days
from modelkeel.tables.region import regions

SENSITIVE = ("pii", "phi", "cardholder", "credentials_adjacent")
DEFAULT_CAPTURE_DAYS = 180


@dataclass(frozen=True, kw_only=True)
class Regime:
    """The frameworks resolved into switches and periods; every period is in days."""

    rows: tuple[Framework, ...]
    switches: frozenset[str]
    retention_days: int
    hot_days: int
    log_group_days: int
    capture_days: int
    approvals: int
    lock_mode: str
    regions: tuple[str, ...]
    high_risk: bool
    human_review: str
    explainability: str
    fairness_metric: str
    data_classification: str
    decisions: tuple[Decision, ...]

    def has(self, switch: str) -> bool:
        """Tell whether any framework turns `switch` on."""
        return switch in self.switches

    @property
    def regulated(self) -> bool:
        """Tell whether any framework beyond the baseline holds."""
        return len(self.rows) > 1

    def who_asks(self, switch: str) -> str:
        """Return the titles of the rows that turn `switch` on."""
        return ", ".join(row.title for row in self.rows if switch in row.switches)


def resolve(answers: Answers) -> Regime:
    """Return the regime of the answers; adding a framework never weakens a switch or shortens a retention."""
    table = frameworks()
    high_risk = is_high_risk(answers)
    ids = [
        BASELINE,
        *(name for name in table if name in answers.frameworks),
        *([AI_ACT_HIGH_RISK] if high_risk else []),
    ]
    rows = tuple(table[name] for name in ids)
    switches = frozenset().union(*(row.switches for row in rows)) | _forced(answers)
    retention, retention_decision = _retention(answers, rows)
    hot = max(row.hot_days for row in rows)
    lock, lock_decision = _lock(answers, rows, switches)
    capture, capture_decision = _capture(rows)
    allowed, regions_decision = _regions(answers, rows)
    review, explain, fairness, people = _people(answers, switches, high_risk)
    approvals = _approvals(answers, rows, high_risk)
    switches_decision = Decision(
        key="switches",
        value=sorted(switches),
        reason="A protection that one framework asks for holds for the whole platform: the union of all of them.",
        from_=("frameworks", "ai_act_uses", "ai_act_class", "data_sensitivity", "maturity_goal"),
        formula="; ".join(f"{row.id}: {', '.join(sorted(row.switches))}" for row in rows),
        source="; ".join(row.source for row in rows),
    )
    return Regime(
        rows=rows,
        switches=switches,
        retention_days=retention,
        hot_days=hot,
        log_group_days=log_retention_days(max(retention, 365)),
        capture_days=capture,
        approvals=approvals.value,
        lock_mode=lock,
        regions=allowed,
        high_risk=high_risk,
        human_review=review,
        explainability=explain,
        fairness_metric=fairness,
        data_classification=_classification(answers),
        decisions=(
            retention_decision,
            switches_decision,
            regions_decision,
            lock_decision,
            capture_decision,
            approvals,
            *people,
        ),
    )


def _forced(answers: Answers) -> frozenset[str]:
    """Return the switches that the data and the goal turn on, whatever the frameworks say."""
    forced: set[str] = set()
    if any(kind in SENSITIVE for kind in answers.data_sensitivity):
        forced |= {"sensitive_data_scan", "payload_protected", "data_events"}
    if answers.maturity_goal == "regulated":
        forced |= {"network_isolation", "evidence", "model_card", "data_events"}
    return frozenset(forced)


def _retention(answers: Answers, rows: tuple[Framework, ...]) -> tuple[int, Decision]:
    longest = max(rows, key=lambda row: row.retention_days)
    days = answers.log_retention_days or longest.retention_days
    terms = ", ".join(f"{row.id} {row.retention_days}" for row in rows)
    if days > longest.retention_days:
        reason = f"You asked for {days} days; the frameworks would be content with {longest.retention_days}."
    elif answers.log_retention_days:
        reason = f"You asked for {days} days, which no framework lengthens."
    else:
        reason = f"The longest period that any rule asks for: {_named(rows, longest.retention_days)}."
    return days, Decision(
        key="log_retention_days",
        value=days,
        reason=reason,
        from_=("frameworks", "ai_act_uses", "ai_act_class", "log_retention_days"),
        formula=f"max({terms}) = {longest.retention_days}",
        source="; ".join(row.source for row in rows if row.retention_days == longest.retention_days),
        alternatives=("Longer: set log_retention_days; storage is paid for it.",),
    )


def _named(rows: tuple[Framework, ...], days: int) -> str:
    """Return who asks for `days`: the frameworks, each with its clause; the baseline where it stands alone."""
    asking = [row for row in rows if row.retention_days == days]
    asking = [row for row in asking if row.id != BASELINE] or asking
    return "; ".join(f"{row.title} ({row.retention_clause})" for row in asking)


def _regions(answers: Answers, rows: tuple[Framework, ...]) -> tuple[tuple[str, ...], Decision]:
    wanted = tuple(dict.fromkeys((*answers.regions, *answers.data_residency)))
    known = regions()
    allowed = tuple(name for name in wanted if all(admits(row, known[name]) for row in rows))
    limiting = [row.title for row in rows if row.regions != "any"]
    return allowed, Decision(
        key="allowed_regions",
        value=list(allowed),
        reason=(
            "Roles may act only in the Regions that you named"
            + (f", all of which {' and '.join(limiting)} admit." if limiting else "; no framework narrows them.")
        ),
        from_=("regions", "data_residency", "frameworks"),
        formula="regions and data_residency, intersected with what each framework admits",
        source="; ".join(row.source for row in rows if row.regions != "any") or "Least privilege",
    )


def _lock(answers: Answers, rows: tuple[Framework, ...], switches: frozenset[str]) -> tuple[str, Decision]:
    asking = [row.title for row in rows if "object_lock" in row.switches]
    mode = answers.object_lock
    if mode == "auto":
        mode = "governance" if asking or "evidence" in switches else "off"
    erasure = "erasure" in switches and mode != "off"
    reason = {
        "off": "No rule asks for files that cannot be altered; versions and access logs protect them.",
        "governance": "Audit files cannot be deleted by mistake or by an intruder; a named permission lifts the lock."
        + ("" if asking or answers.object_lock != "auto" else " No framework asks for it: it is what evidence needs."),
        "compliance": "Nobody can delete audit files before their time, not even the root user, as you asked.",
    }[mode]
    if erasure:
        reason += (
            " The GDPR's erasure (Art. 17) stays possible: personal data never enters a locked bucket; locked files"
            " carry pseudonymous keys, and deleting the key's record makes them anonymous."
        )
    return mode, Decision(
        key="object_lock_mode",
        value=mode,
        reason=reason,
        from_=("object_lock", "frameworks"),
        formula=f"asked for by: {', '.join(asking)}"
        if asking
        else ""
        if answers.object_lock == "auto"
        else f"as answered: {mode}",
        source="Amazon S3 User Guide, Locking objects with Object Lock; Regulation (EU) 2016/679, Art. 17",
        alternatives=("compliance: cannot be undone; a mistake is paid for until the lock ends.",),
    )


def _capture(rows: tuple[Framework, ...]) -> tuple[int, Decision]:
    limits = {row.id: row.capture_max_days for row in rows if row.capture_max_days}
    days = min([DEFAULT_CAPTURE_DAYS, *limits.values()])
    terms = ", ".join([str(DEFAULT_CAPTURE_DAYS), *(f"{key} {value}" for key, value in limits.items())])
    return days, Decision(
        key="capture_retention_days",
        value=days,
        reason="Captured requests are kept as long as late labels need them and no longer.",
        from_=("frameworks",),
        formula=f"min({terms}) = {days}",
        source="Regulation (EU) 2016/679, Art. 5(1)(e); PCI DSS 4.0.1, 3.2.1",
    )


def _approvals(answers: Answers, rows: tuple[Framework, ...], high_risk: bool) -> Decision:
    strictest = max(rows, key=lambda row: row.approvers)
    asked = {"auto": 0, "platform": 1, "risk": 1, "two_person": 2}[answers.approvers]
    goal = 2 if answers.maturity_goal == "regulated" else 1
    count = max(asked, answers.min_reviewers, strictest.approvers, goal)
    by = f"{strictest.title} asks for {strictest.approvers}" if strictest.approvers > 1 else "one person is enough"
    return Decision(
        key="approvals",
        value=count,
        reason=f"Models reach production only after somebody other than their author approved them; {by}.",
        from_=("approvers", "min_reviewers", "frameworks", "maturity_goal"),
        formula=f"max(approvers {asked}, min_reviewers {answers.min_reviewers}, frameworks {strictest.approvers},"
        f" goal {goal}) = {count}",
        source="AWS SageMaker Developer Guide, Update the approval status of a model",
    )


EXPLAINED = {
    "per_prediction": "Whoever is affected can be told the reasons.",
    "global": "The team sees which features carry the model.",
    "none": "Nothing is attributed to inputs: a text has no features that a number could be given to.",
}


def _explanations(answers: Answers, *, weighty: bool) -> str:
    if answers.explainability != "auto":
        return answers.explainability
    return "per_prediction" if weighty else "none" if answers.model_family in LLM else "global"


def _reviewed(answers: Answers, review: str, why: str) -> str:
    """Return why a person sees decisions, or why nobody needs to."""
    seen = {
        "none": "Nobody sees single decisions",
        "sample": "A person sees a sample of the decisions",
        "low_confidence": "A person sees the decisions that the model is least sure of",
        "all": "A person sees every decision",
    }[review]
    if review == "none":
        undone = "what the system does can be undone" if answers.decision_impact != "advisory" else "people decide"
        return f"{seen}: {undone}, and no law asks for it."
    return f"{seen}, because {why}." if why else f"{seen}, as answered."


def _people(answers: Answers, switches: frozenset[str], high_risk: bool) -> tuple[str, str, str, tuple[Decision, ...]]:
    significant = answers.decision_impact == "automated_significant"
    review = answers.human_review
    if review == "auto":
        review = "low_confidence" if significant or high_risk else "none"
    explain = _explanations(answers, weighty=significant or high_risk)
    fairness = answers.fairness_metric
    if fairness == "auto":
        fairness = "dp_diff" if answers.protected_attributes else "none"
    why = "they weigh heavily on people" if significant else "the AI Act calls them high risk" if high_risk else ""
    return (
        review,
        explain,
        fairness,
        (
            Decision(
                key="human_review",
                value=review,
                reason=_reviewed(answers, review, why),
                from_=("human_review", "decision_impact", "ai_act_uses", "ai_act_class"),
                source="Regulation (EU) 2016/679, Art. 22; Regulation (EU) 2024/1689, Art. 14",
            ),
            Decision(
                key="explainability",
                value=explain,
                reason=EXPLAINED[explain],
                from_=("explainability", "decision_impact", "ai_act_uses", "ai_act_class", "model_family"),
                source="Regulation (EU) 2016/679, Art. 13(2)(f)",
            ),
            Decision(
                key="fairness_gate",
                value=(
                    {"metric": fairness, "max_gap": answers.max_gap, "attributes": list(answers.protected_attributes)}
                    if fairness != "none" and answers.protected_attributes
                    else None
                ),
                reason=(
                    "A model that treats a group worse than the limit allows is not registered."
                    if fairness != "none" and answers.protected_attributes
                    else "No protected attributes are named, so there are no groups to compare."
                ),
                from_=("protected_attributes", "fairness_metric", "max_gap"),
                source="Fairlearn user guide, Common fairness metrics",
            ),
        ),
    )


def _classification(answers: Answers) -> str:
    kinds = set(answers.data_sensitivity)
    if kinds & {"phi", "cardholder", "credentials_adjacent"}:
        return "restricted"
    if "pii" in kinds:
        return "confidential"
    return "public" if kinds == {"public"} else "internal"
