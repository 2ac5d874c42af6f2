"""Accounts, environments, programs: what stands where."""

from __future__ import annotations

from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.tables.ci_system import ci_systems

FSBP = "aws-foundational-security-best-practices/v/1.0.0"
PCI = "pci-dss/v/4.0.1"
NIST = "nist-800-53/v/5.0.0"


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """Decided programs, accounts and the singletons of an account."""

    programs: tuple[str, ...]
    unselected: tuple[str, ...]
    by_account: dict[str, tuple[str, ...]]
    manages_singletons: bool
    guardduty_features: tuple[str, ...]
    security_hub_standards: tuple[str, ...]
    ci_issuer_url: str
    ci_audience: str
    repository: str
    decisions: tuple[Decision, ...]


PROGRAMS_FROM = (
    "serving_mode", "frameworks", "human_review", "ai_act_uses", "ai_act_class", "maturity_goal", "org_id",
    "log_account_id", "tooling_account_id",
)  # fmt: skip
ALL_PROGRAMS = (
    "log_archive",
    "organization",
    "account",
    "tooling",
    "identity",
    "foundation",
    "data",
    "capacity",
    "cluster",
    "training",
    "kubernetes",
    "serving",
    "monitoring",
    "governance",
)


def plan(answers: Answers, regime: Regime, serving_mode: str, **used: bool) -> Accounts:
    """Return the programs, and which account each environment lives in."""
    governed = regime.regulated or regime.human_review != "none" or answers.maturity_goal == "regulated"
    chosen = ["organization"] if answers.org_id and answers.management_account_id else []
    tooling, archive = tooling_account_id(answers), log_archive_id(answers)
    chosen += ["log_archive"] if archive else []
    chosen += ["account", *(["tooling"] if tooling else []), "identity", "foundation", "data", "training"]
    chosen += [name for name, there in used.items() if there]
    chosen += ["serving"] if serving_mode != "none" else []
    chosen += ["monitoring"]
    chosen += ["governance"] if governed else []
    by_account: dict[str, tuple[str, ...]] = {}
    for name in answers.environments:
        account = answers.account_ids[name]
        by_account[account] = (*by_account.get(account, ()), name)
    for account in filter(None, (tooling, archive)):
        by_account.setdefault(account, ())
    features = ["S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS"] if regime.regulated else []
    standards = [FSBP]
    standards += [PCI] if regime.has("pci_standard") else []
    standards += [NIST] if regime.has("nist_standard") else []
    ci = ci_systems()[answers.ci]
    manages = answers.management == "none"
    return Accounts(
        programs=tuple(name for name in ALL_PROGRAMS if name in chosen),
        unselected=tuple(name for name in ALL_PROGRAMS if name not in chosen),
        by_account=by_account,
        manages_singletons=manages,
        guardduty_features=tuple(features),
        security_hub_standards=tuple(standards),
        ci_issuer_url=ci.issuer_url,
        ci_audience=ci.audience,
        repository=answers.repository or f"OWNER/{answers.project_name}",
        decisions=(
            Decision(
                key="programs",
                value=[name for name in ALL_PROGRAMS if name in chosen],
                reason=(
                    "Each program is deployed by itself and has one owner; "
                    + (
                        "governance keeps evidence, the review queue and the kill switch."
                        if governed
                        else "governance is left out: no framework, no human review and no high risk ask for it."
                    )
                ),
                from_=PROGRAMS_FROM,
                source="AWS Well-Architected Framework, REL05 and OPS05: small, independent changes",
            ),
            Decision(
                key="accounts",
                value={account: list(names) for account, names in by_account.items()},
                reason=_apart(answers, len(set(answers.account_ids.values()))),
                from_=("account_model", "account_ids", "environments", "teams"),
                source="AWS Whitepaper, Organizing Your AWS Environment Using Multiple Accounts",
            ),
            _singletons(answers, regime, features, standards),
        ),
    )


def tooling_account_id(answers: Answers) -> str:
    """Return the account of registry, images and CI; empty where each environment has its own."""
    return answers.tooling_account_id if answers.account_model == "per_env_plus_tooling" else ""


def log_archive_id(answers: Answers) -> str:
    """Return the account that keeps the organization's trail; empty where no stack of ours makes one.

    The trail is made with the management account; where somebody else manages the organization, it is there already.
    """
    made = answers.org_id and answers.management_account_id and answers.management == "none"
    return answers.log_account_id if made else ""


def _apart(answers: Answers, accounts: int) -> str:
    if accounts == 1:
        said = "One account holds everything; what exists once in an account is made once."
    else:
        said = "Each environment has its own account, so a mistake in one cannot reach another."
    if answers.account_model != "per_team_per_env":
        return said
    return f"{said} Other teams than {answers.teams[0] if answers.teams else 'this one'} have projects of their own."


def _singletons(answers: Answers, regime: Regime, features: list[str], standards: list[str]) -> Decision:
    manages = answers.management == "none"
    return Decision(
        key="account_singletons",
        value={
            "managed_here": manages,
            "guardduty_features": features,
            "security_hub_standards": standards,
            "macie": regime.has("sensitive_data_scan") and manages,
        },
        reason=(
            "Trail, Config, GuardDuty and Security Hub are made by the account program."
            if manages
            else f"{answers.management} owns trail, Config, GuardDuty and Security Hub; we leave them alone."
        ),
        from_=("management", "frameworks", "data_sensitivity"),
        source="AWS Security Hub User Guide, Standards reference; Amazon GuardDuty User Guide, Features",
    )


def deploy_subjects(answers: Answers, repository: str, environment: str) -> tuple[list[str], list[str]]:
    """Return the exact token subjects that may preview and deploy `environment`; both empty without an issuer."""
    ci = ci_systems()[answers.ci]
    if not ci.issuer_url:
        return [], []
    return (
        [subject.format(owner_name=repository, environment=environment) for subject in ci.preview_subjects],
        [ci.deploy_subject.format(owner_name=repository, environment=environment)],
    )
