"""Accounts that stand apart from the environments, and guardrails above all of them."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.accounts import tooling_account_id
from modelkeel.plan.decision import Decision


def decisions(answers: Answers) -> tuple[Decision, ...]:
    """Return the accounts beside the environments and what the organization's guardrails are attached to."""
    return _accounts(answers), *_guardrails(answers)


def _accounts(answers: Answers) -> Decision:
    value = {
        name: account
        for name, account in (("tooling", tooling_account_id(answers)), ("log", answers.log_account_id))
        if account
    }
    reasons = []
    if "tooling" in value:
        reasons.append("registry, images and CI stand in an account of their own, so production trusts one place")
    if "log" in value:
        reasons.append("logs go to an account that nobody who is logged can reach")
    text = "; ".join(reasons)
    return Decision(
        key="accounts_apart",
        value=value or None,
        reason=f"{text[0].upper()}{text[1:]}." if text else "Each environment keeps its own registry, images and logs.",
        from_=("account_model", "tooling_account_id", "log_account_id"),
        source="AWS Whitepaper, Organizing Your AWS Environment Using Multiple Accounts",
        alternatives=() if "tooling" in value else ("per_env_plus_tooling: one registry for all environments",),
    )


def _guardrails(answers: Answers) -> tuple[Decision, ...]:
    if not answers.org_id:
        return ()
    return (
        Decision(
            key="guardrail_targets",
            value=list(answers.policy_target_ids),
            reason="Guardrails are attached to these and hold for every account beneath them."
            if answers.policy_target_ids
            else "Guardrails are written for review and attached to nothing: whoever owns the organization does that.",
            from_=("org_id", "policy_target_ids"),
            source="AWS Organizations User Guide, Attaching service control policies",
        ),
    )
