"""The URNs of the examples, as a reviewer keeps them: `python -m cases.urns` renews them from the tests folder.

A URN is a contract: whoever changes one replaces what lives behind it. A stateful resource that is replaced loses
its data, so a change here is read line by line.
"""

from __future__ import annotations

import sys
from pathlib import Path

import repositories

KEPT = Path(__file__).with_name("urns")
PROJECT = "PROJECT"


def of_example(name: str) -> str:
    """Return the URNs of an example's last environment, sorted, a line each, with a project name that stays."""
    made = repositories.example(name)
    graph = repositories.recorded(made, made.environments[-1])
    urns = [resource.urn for _, resource in graph.resources() if not resource.type.startswith("pulumi:")]
    return "".join(
        f"{urn}\n" for urn in sorted(urn.replace(f"::{made.project_name}-", f"::{PROJECT}-") for urn in urns)
    )


def renew() -> None:
    """Write the URNs of every example as they are now."""
    KEPT.mkdir(exist_ok=True)
    for name in repositories.EXAMPLES:
        (KEPT / f"{name}.txt").write_text(of_example(name), encoding="utf-8")


if __name__ == "__main__":
    renew()
    sys.stderr.write(f"renewed: {', '.join(repositories.EXAMPLES)}\n")
