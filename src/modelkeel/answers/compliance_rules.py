"""Cross-rules over frameworks, data and people."""

from __future__ import annotations

from modelkeel.answers.ai_act import HIGH_RISK, class_follows_from_the_uses, is_high_risk, risk_class
from modelkeel.answers.conflict import Conflict
from modelkeel.answers.model import Answers
from modelkeel.tables.framework import Framework, frameworks
from modelkeel.tables.region import Region, regions

_SETS = {
    "privacy": "Regions in the EEA, the United Kingdom or Switzerland",
    "us": "Regions in the United States",
    "us-gov": "AWS GovCloud (US) Regions",
}


def admits(framework: Framework, region: Region) -> bool:
    """Tell whether `framework` lets data lie in `region`."""
    if framework.regions == "privacy":
        return region.privacy in {"eea", "adequate"}
    if framework.regions == "us":
        return region.country == "US"
    return framework.regions == "any" or region.partition == "aws-us-gov"


def frameworks_share_a_region(answers: Answers) -> Conflict | None:
    """The frameworks' Regions intersect, and the chosen ones lie in the intersection."""
    table, known = frameworks(), regions()
    chosen = [table[name] for name in answers.frameworks if table[name].regions != "any"]
    for first in chosen:
        for second in chosen:
            if not any(admits(first, region) and admits(second, region) for region in known.values()):
                return Conflict(
                    what=f"{first.id} and {second.id} leave no Region in which data may lie",
                    why=f"{first.id}: {_SETS[first.regions]}; {second.id}: {_SETS[second.regions]}",
                    ways_out=(f"drop {first.id}", f"drop {second.id}", "make two projects"),
                    keys=("frameworks",),
                )
    for framework in chosen:
        for key in ("regions", "data_residency"):
            for name in getattr(answers, key):
                if name in known and not admits(framework, known[name]):
                    fits = [region for region in known if all(admits(row, known[region]) for row in chosen)]
                    return Conflict(
                        what=f"{framework.id} does not let data lie in {name}",
                        why=f"{_SETS[framework.regions]}: {', '.join(fits)}",
                        ways_out=(f"{key}: [{fits[0]}]", f"drop {framework.id}"),
                        keys=("frameworks", key),
                    )
    return None


def card_data_is_not_public(answers: Answers) -> Conflict | None:
    """Card data is never reached from the internet directly."""
    if "cardholder" in answers.data_sensitivity and answers.exposure == "public_waf":
        return Conflict(
            what="card data behind a public address",
            why="private_vpc, internal_alb or api_gateway_iam (PCI DSS 1.4)",
            ways_out=("exposure: private_vpc", "tokenise upstream and drop cardholder from data_sensitivity"),
        )
    return None


def a_closed_network_has_no_public_address(answers: Answers) -> Conflict | None:
    """FedRAMP's boundary has no public way in, and who answers that nothing leaves wants nobody in either."""
    if answers.exposure != "public_waf":
        return None
    bound = next((name for name in answers.frameworks if name.startswith("fedramp_")), "")
    if not bound and answers.egress != "none":
        return None
    return Conflict(
        what="a public address before an environment that is closed",
        why=f"private_vpc or api_gateway_iam with {bound or 'egress none'}: callers that an IAM role vouches for",
        ways_out=("exposure: api_gateway_iam", f"drop {bound}" if bound else "egress: auto"),
        keys=("exposure", "frameworks" if bound else "egress"),
    )


def health_data_needs_hipaa(answers: Answers) -> Conflict | None:
    """Health data lies only in accounts that the business associate addendum covers."""
    in_us = any(name in regions() and regions()[name].country == "US" for name in answers.regions)
    if "phi" in answers.data_sensitivity and in_us and "hipaa" not in answers.frameworks:
        return Conflict(
            what="health data in a US Region without HIPAA",
            why="hipaa among the frameworks: only eligible services and an account under a BAA",
            ways_out=("add hipaa to frameworks", "drop phi from data_sensitivity"),
            keys=("data_sensitivity", "frameworks"),
        )
    return None


def regulated_endpoints_have_a_network(answers: Answers) -> Conflict | None:
    """A serverless endpoint has no VPC, no isolation and no data capture."""
    strict = [name for name in answers.frameworks if "no_serverless" in frameworks()[name].switches]
    if "serverless" in answers.serving_mode and strict:
        return Conflict(
            what=f"{strict[0]} does not allow a serverless endpoint",
            why="an endpoint in a VPC with network isolation and data capture",
            ways_out=("serving_mode: [realtime]", f"drop {strict[0]}"),
        )
    return None


def prohibited_practice(answers: Answers) -> Conflict | None:
    """A prohibited practice is not built."""
    if risk_class(answers) == "prohibited":
        return Conflict(
            what="the EU AI Act prohibits this use (Art. 5)",
            why="minimal, limited_art50, high_annex_iii, high_annex_i or gpai",
            ways_out=("stop, and ask your legal department",),
            keys=("ai_act_class",) if answers.ai_act_class == "prohibited" else ("ai_act_uses",),
        )
    return None


def high_risk_has_people(answers: Answers) -> Conflict | None:
    """A high-risk system is overseen by people (Art. 14)."""
    if risk_class(answers) in HIGH_RISK and answers.human_review == "none":
        return Conflict(
            what="a high-risk AI system without human review",
            why="sample, low_confidence, all, or auto (EU AI Act, Art. 14)",
            ways_out=("human_review: auto",),
        )
    if (
        answers.decision_impact == "automated_significant"
        and answers.human_review == "none"
        and ("gdpr" in answers.frameworks)
    ):
        return Conflict(
            what="decisions that weigh heavily on people, without a person who can review them",
            why="sample, low_confidence, all, or auto (GDPR, Art. 22)",
            ways_out=("human_review: auto", "decision_impact: advisory"),
            keys=("decision_impact", "human_review", "frameworks"),
        )
    return None


def retention_reaches_the_frameworks(answers: Answers) -> Conflict | None:
    """Logs are kept no shorter than a framework asks."""
    table = frameworks()
    asked = [table[name] for name in answers.frameworks if table[name].retention_days > answers.log_retention_days > 0]
    if asked:
        longest = max(asked, key=lambda row: row.retention_days)
        return Conflict(
            what=f"logs are kept shorter than {longest.id} asks",
            why=f"{longest.retention_days} days or more ({longest.retention_clause})",
            ways_out=("log_retention_days: 0", f"log_retention_days: {longest.retention_days}"),
        )
    return None


def locks_reach_the_frameworks(answers: Answers) -> Conflict | None:
    """Audit files are locked where a framework wants them unalterable."""
    asked = [name for name in answers.frameworks if "object_lock" in frameworks()[name].switches]
    if answers.object_lock == "off" and asked:
        return Conflict(
            what=f"{asked[0]} asks for audit files that nobody can alter, and object_lock is off",
            why="auto, governance or compliance",
            ways_out=("object_lock: auto",),
        )
    return None


def captures_hide_sensitive_data(answers: Answers) -> Conflict | None:
    """Health and card data are never captured as they are."""
    kinds = [kind for kind in ("phi", "cardholder", "credentials_adjacent") if kind in answers.data_sensitivity]
    if kinds and not answers.redaction and answers.capture != "off":
        return Conflict(
            what=f"requests with {kinds[0]} data would be captured as they are",
            why="redaction: true, or capture: off",
            ways_out=("redaction: true", "capture: off"),
        )
    return None


def high_risk_keeps_records(answers: Answers) -> Conflict | None:
    """A high-risk system records its events (Art. 12), so that drift and harm can be seen."""
    if is_high_risk(answers) and answers.capture == "off":
        return Conflict(
            what="a high-risk AI system that keeps no record of its decisions",
            why="auto, sample or all (EU AI Act, Art. 12)",
            ways_out=("capture: auto",),
            keys=("ai_act_uses", "ai_act_class", "capture"),
        )
    return None


RULES = (
    (("data_sensitivity", "redaction", "capture"), captures_hide_sensitive_data),
    (("ai_act_uses", "ai_act_class", "ai_act_role"), class_follows_from_the_uses),
    (("ai_act_uses", "ai_act_class", "ai_act_role", "capture"), high_risk_keeps_records),
    (("frameworks", "regions", "data_residency"), frameworks_share_a_region),
    (("data_sensitivity", "exposure"), card_data_is_not_public),
    (("exposure", "frameworks", "egress"), a_closed_network_has_no_public_address),
    (("data_sensitivity", "frameworks", "regions"), health_data_needs_hipaa),
    (("serving_mode", "frameworks"), regulated_endpoints_have_a_network),
    (("ai_act_uses", "ai_act_class"), prohibited_practice),
    (("ai_act_uses", "ai_act_class", "human_review", "decision_impact", "frameworks"), high_risk_has_people),
    (("log_retention_days", "frameworks"), retention_reaches_the_frameworks),
    (("object_lock", "frameworks"), locks_reach_the_frameworks),
)
