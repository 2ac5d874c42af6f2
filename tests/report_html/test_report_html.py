"""The HTML report: complete, safe, self-contained, the same each time."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from cost import platform_graph as make
from report_html.report_inputs import ANSWERS, PLAN, ROWS, finding, findings, one_resource, report

from modelkeel import cost

HOSTILE = "</style></script><script>alert('x')</script><img src=x onerror=alert(1)>\"'&"
VOID = {"meta", "input", "br", "img", "link"}


class Page(HTMLParser):
    """Reads a page as a browser would: elements with their attributes, text by chapter, tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.chapters: dict[str, str] = {}
        self.unbalanced: list[str] = []
        self._open: list[str] = []
        self._chapter = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "section":
            self._chapter = dict(attrs).get("id") or ""
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.chapters[self._chapter] = f"{self.chapters.get(self._chapter, '')} {data}"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def words(text: str) -> str:
    return " ".join(text.split())


def chapter(name: str, text: str | None = None) -> str:
    return words(Page(report() if text is None else text).chapters[name])


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert report() == report()


def test_every_element_is_closed() -> None:
    assert Page(report()).unbalanced == []


def test_ids_are_unique_and_links_inside_lead_somewhere() -> None:
    page = Page(report())
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    goals = [a["href"] or "" for a in page.all("a") if (a.get("href") or "").startswith("#")]

    assert len(ids) == len(set(ids))
    assert {goal[1:] for goal in goals} <= set(ids)


def test_the_page_asks_for_nothing_from_outside() -> None:
    """Links may lead out; nothing is fetched: no source, no stylesheet, no image, no frame, no form."""
    page = Page(report())

    assert [name for name, _ in page.elements if name in {"link", "img", "iframe", "object", "form", "base"}] == []
    assert [attributes for _, attributes in page.elements if "src" in attributes or "srcset" in attributes] == []
    assert not re.search(r"url\((?!#)|@import|fetch\(|XMLHttpRequest", report())


def test_only_the_styles_and_the_script_of_the_file_may_run() -> None:
    text = report()
    (policy,) = [meta["content"] or "" for meta in Page(text).all("meta") if meta.get("http-equiv")]

    def digest(content: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"

    blocks = re.findall(r"<(style|script)>(.*?)</\1>", text, re.S)
    assert [kind for kind, _ in blocks] == ["style", "style", "script"]
    assert policy.startswith("default-src 'none';")
    for _, content in blocks:
        assert digest(content) in policy
    assert not re.search(r'\s(style|on\w+)="', text)


def test_light_and_dark_are_the_readers_choice() -> None:
    assert report().count("prefers-color-scheme:dark") == 2


def test_the_head_counts_resources_cost_and_violations() -> None:
    head = words(Page(report()).chapters[""])
    bill = cost.price(make.platform())

    assert "AWS resources 34" in head
    assert f"{bill.totals.base:,.0f} USD" in head
    assert "Violations 1" in head


def test_the_diagram_is_part_of_the_page() -> None:
    assert "training" in chapter("architecture")
    assert [svg["class"] for svg in Page(report()).all("svg")] == ["mkd", "plot", "plot"]


def test_cost_names_programs_drivers_lines_and_what_is_free() -> None:
    told = chapter("cost")

    assert {"serving", "foundation"} <= set(told.split())
    assert "Training pipeline" in told
    assert "gateway endpoints are free" in told
    assert "assumed" in told


def test_what_has_no_price_is_named_in_the_head_and_in_the_chapter() -> None:
    graph = one_resource("graphs", "aws:neptune/cluster:Cluster")
    text = report(graph, findings=findings())

    assert "1 item without a price" in words(Page(text).chapters[""])
    assert "aws:neptune/cluster:Cluster" in chapter("cost", text)
    assert "in no sum" in chapter("cost", text)


def test_open_findings_stand_with_message_remedy_place_and_waiver_the_worst_first() -> None:
    told = chapter("findings")

    places = [told.index(control) for control in ("stream-encrypted", "stream-retained", "bucket-logged")]
    assert places == sorted(places)
    assert "bucket-versioned" not in told
    assert "remedy of stream-encrypted" in told
    assert "stacks/data/__main__.py:7" in told
    assert "ticket SEC-12" in told


def test_without_open_findings_the_chapter_says_so() -> None:
    assert "No violation" in chapter("findings", report(findings=findings(ROWS[0])))


def test_the_chosen_framework_stands_first_and_open() -> None:
    section = report().split('<section id="frameworks">')[1].split("</section>")[0]

    assert re.findall(r"<details( open)?>\s*<summary><b>(.*?)</b>", section) == [
        (" open", "PCI DSS 4.0.1"),
        ("", "GDPR"),
    ]


def test_clauses_are_in_the_order_of_the_framework() -> None:
    """Clause 9 stands before clause 10."""
    told = chapter("frameworks")

    assert told.index("9.1") < told.index("10.2")


def test_a_clause_shows_its_controls_with_result_and_basis() -> None:
    section = report().split('<section id="frameworks">')[1].split("</section>")[0]

    assert re.search(r'class="chip violation" href="#c\d+" title="violation, vendor-backed">stream-encrypted<', section)
    assert re.search(r'class="chip pass judgement" [^>]*>bucket-versioned<', section)


def test_a_control_is_as_good_as_its_worst_finding() -> None:
    bad = finding("bucket-versioned", "violation", None)

    for rows in ((ROWS[0], bad), (bad, ROWS[0])):
        text = report(findings=findings(*rows))
        assert "violation bucket-versioned high 1 violation 1 passed" in chapter("controls", text)
        assert 'class="chip violation' in text
        assert 'class="chip pass' not in text


def test_a_control_lists_its_resources_and_the_types_nobody_looks_at() -> None:
    told = chapter("controls")

    assert "raw Bucket stacks/data/__main__.py:7" in told
    assert "the platform as a whole" in told
    assert "aws:sns/topic:Topic 1" in told


def test_decisions_and_answers_are_told_with_their_reasons() -> None:
    assert "ml.c7i.2xlarge Trees of this size answer in 60 ms on a CPU." in chapter("decisions")
    assert "p99_ms, model_family" in chapter("decisions")
    assert "ml.g5.xlarge: not needed" in chapter("decisions")
    assert "gpu no" in chapter("answers")


def test_a_report_of_a_graph_alone_says_what_it_lacks() -> None:
    text = report(plan=None, answers=None)

    assert "the decisions are not known here" in chapter("decisions", text)
    assert "the answers are not known here" in chapter("answers", text)


def test_every_resource_has_a_row_with_its_source() -> None:
    told = chapter("resources")

    for stack in make.platform().stacks:
        for row in stack.resources:
            if row.custom:
                assert row.name in told
    assert "stacks/serving/__main__.py:1" in told


def test_price_dates_and_the_age_of_the_oldest_price_are_told() -> None:
    assert re.search(r"table of \d{4}-\d\d-\d\d, oldest price used of \d{4}-\d\d-\d\d", chapter("basis"))


@pytest.mark.parametrize("field", ["graph", "finding", "plan", "answers", "bill"])
def test_hostile_text_stays_text(field: str) -> None:
    """Whatever somebody names a thing: no element, no attribute and no style comes of it."""
    graph = one_resource(HOSTILE) if field in {"graph", "bill"} else make.platform()
    if field == "graph":
        graph = replace(graph, project=HOSTILE, environment=HOSTILE, tool_version=HOSTILE)
    about = graph.stacks[0].resources[0].urn
    row = finding("control", "violation", about)
    if field == "finding":
        told = dict.fromkeys(("control", "message", "remediation", "control_source", "severity"), HOSTILE)
        row |= told | {"waiver": {"owner": HOSTILE}, "location": {"file": HOSTILE, "line": 1}}
        row["frameworks"] = [{"id": HOSTILE, "clause": HOSTILE, "basis": HOSTILE}]
    plan = {"decisions": [dict.fromkeys(PLAN["decisions"][0], HOSTILE)]} if field == "plan" else PLAN
    answers = {HOSTILE: HOSTILE} if field == "answers" else ANSWERS

    page = Page(report(graph, findings=findings(row), plan=plan, answers=answers))

    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert page.unbalanced == []
    assert [a for _, attributes in page.elements for a in attributes if a.startswith("on")] == []


@pytest.mark.parametrize("source", ["javascript:alert(1)", "data:text/html,x", 'https://x.example/" onclick="x'])
def test_a_source_that_is_no_web_address_is_no_link(source: str) -> None:
    text = report(findings=findings(finding("control", "violation", None, control_source=source)))

    assert [
        a for a in Page(text).all("a") if (a.get("href") or "").startswith(("javascript", "data", "https://x"))
    ] == []


def test_a_control_is_told_in_words_where_they_are_known() -> None:
    """An id alone says little to a manager; hostile words are escaped like all others."""
    identity = ROWS[0]["control"]

    page = report(titles={identity: "Buckets keep <old> versions"})

    assert "Buckets keep &lt;old&gt; versions" in page
