"""The URNs of the examples, as a reviewer keeps them: `python -m cases.urns` renews them from the tests folder.

A URN is a contract: whoever changes one replaces what lives behind it. A stateful resource that is replaced loses
its data, so a change here is read line by line.
"""

from __future__ import annotations

import sys
from pathlib import Path

from modelkeel import answers, plan, record, render, source

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("urns")
EXAMPLES = tuple(sorted(path.parent.name for path in (ROOT / "examples").glob("*/answers.yml")))
PROJECT = "PROJECT"


def of_example(name: str, folder: Path) -> str:
    """Return the URNs of an example's last environment, sorted, a line each, with a project name that stays."""
    made = answers.load(ROOT / "examples" / name / "answers.yml")
    planned = plan.build(made)
    render.write(render.render({**plan.template_data(made, planned), **source.origin().answers()}, ROOT), folder)
    environment = planned.environments[-1]
    graph = record.project(folder, environment=environment, isolation="none", talk=lambda _: None)
    urns = [resource.urn for _, resource in graph.resources() if not resource.type.startswith("pulumi:")]
    return "".join(
        f"{urn}\n" for urn in sorted(urn.replace(f"::{made.project_name}-", f"::{PROJECT}-") for urn in urns)
    )


def renew(folder: Path) -> None:
    """Write the URNs of every example as they are now."""
    KEPT.mkdir(exist_ok=True)
    for name in EXAMPLES:
        (KEPT / f"{name}.txt").write_text(of_example(name, folder / name), encoding="utf-8")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as temporary:
        renew(Path(temporary))
    sys.stderr.write(f"renewed: {', '.join(EXAMPLES)}\n")
