"""The plan: every size, switch and name that follows from the answers, with its reason."""

from __future__ import annotations

from modelkeel.plan.building import build
from modelkeel.plan.decision import Decision
from modelkeel.plan.document import data_file, dumps, from_document, to_document, to_text
from modelkeel.plan.example_page import examples_md
from modelkeel.plan.model import Plan, PlannedStack
from modelkeel.plan.template import template_data

__all__ = [
    "Decision",
    "Plan",
    "PlannedStack",
    "build",
    "data_file",
    "dumps",
    "examples_md",
    "from_document",
    "template_data",
    "to_document",
    "to_text",
]
