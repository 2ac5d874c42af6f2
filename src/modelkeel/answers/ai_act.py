"""The class of a system under the EU AI Act, by what it does."""

from __future__ import annotations

from modelkeel.answers.conflict import Conflict
from modelkeel.answers.model import Answers
from modelkeel.tables.ai_act_use import CLASSES, AiActUse, ai_act_uses

HIGH_RISK = ("high_annex_iii", "high_annex_i")
EXEMPTION = "narrow_task"


def risk_class(answers: Answers) -> str:
    """Return the class: as answered, or the strictest that the uses lead to; minimal where none is named.

    A narrow task that profiles nobody is exempt from Annex III (Art. 6(3)), not from anything else.
    """
    return answers.ai_act_class if answers.ai_act_class != "auto" else derived_class(answers)


def derived_class(answers: Answers) -> str:
    """Return the strictest class that the uses lead to, whatever `ai_act_class` says."""
    return max((use.risk_class for use in counted(answers)), key=CLASSES.index, default="minimal")


def counted(answers: Answers) -> list[AiActUse]:
    """Return the uses that decide the class, in the order of the table."""
    exempt = EXEMPTION in answers.ai_act_uses
    rows = [row for row in ai_act_uses().values() if row.name in answers.ai_act_uses]
    return [row for row in rows if not (exempt and row.risk_class == "high_annex_iii")]


def is_high_risk(answers: Answers) -> bool:
    """Tell whether the obligations of a high-risk system hold: the Act applies, and the class is high."""
    return answers.ai_act_role != "not_applicable" and risk_class(answers) in HIGH_RISK


def class_follows_from_the_uses(answers: Answers) -> Conflict | None:
    """A class below that of a named use contradicts it; a stricter one is a choice."""
    if answers.ai_act_class == "auto" or answers.ai_act_role == "not_applicable":
        return None
    if CLASSES.index(answers.ai_act_class) >= CLASSES.index(derived_class(answers)):
        return None
    strictest = max(counted(answers), key=lambda row: CLASSES.index(row.risk_class))
    return Conflict(
        what=f"ai_act_class is {answers.ai_act_class}, and {strictest.name} is {strictest.risk_class}",
        why=f"{strictest.risk_class} or stricter ({strictest.article}: {strictest.title})",
        ways_out=("ai_act_class: auto", f"drop {strictest.name} from ai_act_uses"),
    )
