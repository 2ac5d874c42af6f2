"""Findings as JUnit XML: one test case for each control and stack, so that what holds is seen as well."""

from __future__ import annotations

from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from modelkeel.findings import Finding, Findings
from modelkeel.report.wording import place, printable, sentence, subject

_FAILING = {"violation": "failure", "error": "error"}


def render(found: Findings, *, show_all: bool = False) -> str:
    """Return one suite a stack, whatever passed included; a control that applies to nothing is no test case."""
    by_stack: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for row in found.findings:
        by_stack[_stack(row, found)][row.control.id].append(row)
    root = Element("testsuites", name=f"modelkeel {printable(found.project)} {printable(found.environment)}")
    for stack in sorted(by_stack):
        suite = SubElement(root, "testsuite", name=printable(stack))
        for control_id in sorted(by_stack[stack]):
            _case(suite, stack, control_id, by_stack[stack][control_id])
        _count(suite)
    _count(root)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _stack(row: Finding, found: Findings) -> str:
    return f"{row.program}/{row.environment}" if row.program else found.environment


def _case(suite: Element, stack: str, control_id: str, rows: list[Finding]) -> None:
    title = rows[0].control.title
    case = SubElement(suite, "testcase", classname=printable(stack), name=f"{control_id}: {title}")
    for result, tag in _FAILING.items():
        wrong = [row for row in rows if row.result == result]
        if wrong:
            text = "\n".join(printable(f"{place(row)} {subject(row)}: {sentence(row)}") for row in wrong)
            failure = SubElement(case, tag, type=wrong[0].control.severity, message=printable(sentence(wrong[0])))
            failure.text = f"{text}\n{wrong[0].control.remediation}"
            return
    if not any(row.result == "pass" for row in rows):
        SubElement(case, "skipped", message=printable(f"{rows[0].result}: {sentence(rows[0])}"))


def _count(element: Element) -> None:
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        element.set(name, str(sum(case.find(tag) is not None for case in cases)))
