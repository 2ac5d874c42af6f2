"""Questions about compliance and risk."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StrictFloat, StrictInt

from modelkeel.answers.kind import Off, RoleName, SnakeName, in_order_of
from modelkeel.answers.question import question
from modelkeel.answers.section import Section

Framework = Literal[
    "soc2",
    "hipaa",
    "pci_dss_4",
    "gdpr",
    "fedramp_moderate",
    "fedramp_high",
    "nist_800_53_r5",
    "iso_27001",
    "iso_42001",
    "nist_ai_rmf",
    "dora",
]


AiActUse = Literal[
    "biometrics",
    "critical_infrastructure",
    "education",
    "employment",
    "public_benefits",
    "credit_scoring",
    "insurance_pricing",
    "law_enforcement",
    "migration",
    "justice",
    "product_safety",
    "fraud_detection",
    "narrow_task",
    "general_purpose_model",
    "talks_to_people",
    "generates_content",
    "prohibited_practice",
]


class ComplianceAnswers(Section):
    """Which rules hold, and what the model may do to people."""

    frameworks: Annotated[tuple[Framework, ...], in_order_of(Framework)] = question(
        (),
        help="Rules that the platform must satisfy; none leaves the baseline that everybody gets.",
        changes="Retention, keys, isolation, approvals, evidence, allowed Regions, the controls that are checked.",
        quick=True,
    )
    ai_act_role: Literal["not_applicable", "provider", "deployer", "both"] = question(
        "not_applicable",
        help="Your role under the EU AI Act: provider builds the system, deployer uses it.",
        changes="Which AI Act documents are made.",
    )
    ai_act_uses: Annotated[tuple[AiActUse, ...], in_order_of(AiActUse)] = question(
        (),
        help="What the system does, in the terms of the EU AI Act: the class follows from it.",
        changes="The risk class under the EU AI Act.",
        when={"ai_act_role": ("provider", "deployer", "both")},
    )
    ai_act_class: Literal[
        "auto", "minimal", "limited_art50", "high_annex_iii", "high_annex_i", "gpai", "prohibited"
    ] = question(
        "auto",
        help="Risk class under the EU AI Act; auto takes the strictest that ai_act_uses lead to.",
        changes="Oversight, logs, technical documentation, impact assessment.",
        when={"ai_act_role": ("provider", "deployer", "both")},
    )
    decision_impact: Literal["advisory", "automated_reversible", "automated_significant"] = question(
        "advisory",
        help="What a prediction does to a person: informs, acts and can be undone, or weighs heavily.",
        changes="Human review, explanations, the kill switch.",
        quick=True,
    )
    human_review: Literal["auto", "none", "sample", "low_confidence", "all"] = question(
        "auto",
        help="Which decisions a person looks at.",
        changes="The review queue and its time limit.",
    )
    protected_attributes: tuple[SnakeName, ...] = question(
        (),
        help="Columns by which nobody may be treated worse, for example age_band and region.",
        changes="The fairness gate before registration and the slices that are watched.",
    )
    fairness_metric: Literal["auto", "none", "dp_diff", "eo_diff", "fpr_gap"] = question(
        "auto",
        help="How unequal treatment is measured between groups.",
        changes="The fairness gate.",
    )
    max_gap: StrictFloat = question(
        0.1,
        help="How far beyond chance a group may fare worse: 0.1 refuses a model once the interval of a group's"
        " false-positive rate over that of all others lies wholly beyond 1.1, or below 1/1.1.",
        changes="The limit of the fairness gate, on a ratio and not on a difference of rates.",
        gt=0,
        le=1,
    )
    explainability: Literal["auto", "none", "global", "per_prediction"] = question(
        "auto",
        help="Whether the model as a whole or each prediction is explained.",
        changes="Explanation artefacts and reason codes.",
    )
    approvers: Literal["auto", "platform", "risk", "two_person"] = question(
        "auto",
        help="Who approves a model before production; never its author.",
        changes="How many approvals CI waits for, who holds the approver role.",
    )
    min_reviewers: StrictInt = question(
        0,
        help="People who must approve a model or a deployment to production, 1 to 6; 0 leaves it to the frameworks.",
        changes="How many approvals the registry and CI wait for.",
        ge=0,
        le=6,
    )
    approver_role: RoleName = question(
        "ModelApprover",
        help="Name of the IAM role or permission set that may approve models.",
        changes="The only principals that may set a model to Approved.",
    )
    log_retention_days: StrictInt = question(
        0,
        help="Days that logs are kept, 0 to 3,653; 0 takes the longest that the frameworks ask for.",
        changes="Retention of trails, logs and evidence.",
        ge=0,
        le=3653,
    )
    object_lock: Annotated[Literal["auto", "off", "governance", "compliance"], Off] = question(
        "auto",
        help="Lock audit files against deletion; compliance cannot be lifted by anybody, not even by root.",
        changes="Object Lock of trail, evidence and model buckets.",
    )
