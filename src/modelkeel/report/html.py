"""The report: one HTML file that a manager and an auditor can read, from disk, without a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from modelkeel import diagram
from modelkeel.cost import Bill
from modelkeel.graph import Graph
from modelkeel.report import html_answers, html_controls, html_cost, html_resources
from modelkeel.report.html_words import count_of, result_count, usd

ASSETS = "html_assets"


def build(
    *,
    graph: Graph,
    findings: Mapping[str, Any],
    bill: Bill,
    plan: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    titles: Mapping[str, str] | None = None,
) -> str:
    """Return the report of a graph, its findings document and its bill as one HTML document.

    `plan` is the plan document and `answers` the flat answers; without them their chapters say what is
    missing. `titles` say in words what a control, named by its id, is about. All texts are escaped; the same
    inputs give the same bytes. The page asks for nothing from outside, needs no script, and follows the
    reader's light or dark colours.
    """
    places = html_resources.places(graph)
    picture = diagram.svg(graph)
    style, script = _asset("report.css"), _asset("report.js")
    page: str = _template().render(
        graph=graph,
        aws_count=sum(1 for _, resource in graph.resources() if resource.is_aws),
        policy=_content_security_policy(style, script, picture),
        style=style,
        script=script,
        picture=picture,
        summary=html_controls.summary(findings),
        frameworks=html_controls.frameworks(findings, html_answers.chosen_frameworks(answers)),
        controls=html_controls.controls(findings, places, titles),
        open_findings=html_controls.open_findings(findings, places),
        cost=html_cost.view(bill, places),
        decisions=html_answers.decisions(plan),
        answers=html_answers.answers(answers),
        has_plan=plan is not None,
        has_answers=answers is not None,
        programs=html_resources.programs(graph, findings, bill),
    )
    return page


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(usd=usd, count_of=count_of, result_count=result_count)
    return environment.from_string(_asset("report.html.jinja"))


@cache
def _asset(name: str) -> str:
    return files("modelkeel.report").joinpath(ASSETS, name).read_text(encoding="utf-8")


def _content_security_policy(style: str, script: str, picture: str) -> str:
    """Only the styles and the script of this file may run, whatever text has found its way into it."""
    inner = picture.split("<style>", 1)[1].split("</style>", 1)[0]
    styles = " ".join(_hash(text) for text in (style, inner))
    return f"default-src 'none'; style-src {styles}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
