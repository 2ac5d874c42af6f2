"""The reference page of the controls: what each is for, how to obey it, which clauses it serves."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from modelkeel import findings
from modelkeel.findings import Control
from modelkeel.graph import Graph

HEAD = """# Controls

Generated from `policies/controls.toml` by `make generate`.

Clauses set in *italics* are our judgement and want review; the others follow a map that a vendor has published.
Of {clauses} clauses over {controls} controls, {backed} ({share} per cent) are vendor-backed.
"""


def controls_md(policies: Path) -> str:
    """Return the page for the pack in the folder `policies`."""
    empty = Graph(project="", environment="", fidelity="simulate", stacks=(), tool_version="")
    controls = findings.check(empty, policies).controls
    clauses = [clause for control in controls for clause in control.frameworks]
    backed = sum(1 for clause in clauses if clause.basis == "vendor-backed")
    head = HEAD.format(
        clauses=len(clauses), controls=len(controls), backed=backed, share=round(100 * backed / max(1, len(clauses)))
    )
    return "\n".join([head, *(_entry(control) for control in controls)])


def _entry(control: Control) -> str:
    rows = [
        f"## {control.id}\n",
        f"{control.title}. Severity: {control.severity}.\n",
        f"- Why: {control.rationale}",
        f"- Remedy: {control.remediation}",
        f"- Source: {control.source}",
    ]
    frameworks: dict[str, list[str]] = defaultdict(list)
    for clause in control.frameworks:
        frameworks[clause.id].append(clause.clause if clause.basis == "vendor-backed" else f"*{clause.clause}*")
    rows += [f"- {name}: {', '.join(clauses)}" for name, clauses in frameworks.items()]
    return "\n".join(rows) + "\n"
