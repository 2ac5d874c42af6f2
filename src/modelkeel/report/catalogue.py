"""The reference page of the controls, and what the README says of their mapping."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from modelkeel.findings import pack as packs

HEAD = """# Controls

Generated from `policies/controls.toml` and `policies/frameworks.toml` by `make generate`.

Clauses set in *italics* are our judgement and want review; the others follow a map that a vendor has published.
{share}

## Frameworks

| id | framework | edition | clauses are | vendor-backed | judgement | vendor maps |
|---|---|---|---|---|---|---|
"""
SHARE = "Of {clauses:,} clauses over {controls} controls, {backed} ({share} per cent) are vendor-backed."
_MARKED = re.compile(r"(?<=<!-- mapping -->\n).*?(?=\n<!-- /mapping -->)", re.DOTALL)


def controls_md(policies: Path) -> str:
    """Return the page for the pack in the folder `policies`."""
    pack = packs.load(policies)
    rows = [_framework(row, pack.controls) for row in pack.frameworks.values()]
    head = HEAD.format(share=_share(pack.controls)) + "\n".join(rows) + "\n"
    return "\n".join([head, *(_entry(control) for control in pack.controls)])


def readme_md(readme: str, policies: Path) -> str:
    """Return the README with today's share of vendor-backed clauses between its marks."""
    return _MARKED.sub(lambda _: _share(packs.load(policies).controls), readme)


def _share(controls: Iterable[Any]) -> str:
    rows = list(controls)
    clauses = [clause for control in rows for clause in control.clauses]
    backed = sum(1 for clause in clauses if clause.basis == "vendor-backed")
    share = round(100 * backed / max(1, len(clauses)))
    return SHARE.format(clauses=len(clauses), controls=len(rows), backed=backed, share=share)


def _framework(row: Any, controls: Iterable[Any]) -> str:
    bases = [each.basis for control in controls for each in control.clauses if each.framework == row.id]
    backed = bases.count("vendor-backed")
    cells = (row.id, f"[{row.title}]({row.text})", row.edition, row.clauses, str(backed), str(len(bases) - backed))
    return "| " + " | ".join((*cells, "; ".join(row.maps) or "none")) + " |"


def _entry(control: Any) -> str:
    rows = [
        f"## {control.id}\n",
        f"{control.title}. Severity: {control.severity}. Catalogue: {control.catalogue}.\n",
        f"- Why: {control.rationale}",
        f"- Remedy: {control.remediation}",
        f"- Source: {control.source}",
    ]
    frameworks: dict[str, list[str]] = defaultdict(list)
    for clause in control.clauses:
        text = clause.clause if clause.basis == "vendor-backed" else f"*{clause.clause}*"
        frameworks[clause.framework].append(text)
    rows += [f"- {name}: {', '.join(clauses)}" for name, clauses in frameworks.items()]
    return "\n".join(rows) + "\n"
