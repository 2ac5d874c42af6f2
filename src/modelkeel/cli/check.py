"""`modelkeel check`: the recorded infrastructure against the policies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.preview import Environment, Outputs, ProjectDirectory
from modelkeel.errors import ExitCode

if TYPE_CHECKING:
    from modelkeel.findings import Foreign
    from modelkeel.graph import Graph

FORMATS = ("text", "json", "sarif", "markdown", "junit", "github", "gitlab", "oscal")

Policies = Annotated[
    Path | None, typer.Option(help="The folder of the policy pack; DIR/policies if left out.", metavar="DIR")
]
Frameworks = Annotated[
    list[str] | None, typer.Option("--framework", help="Only controls of this framework; repeatable.", metavar="ID")
]
GraphFile = Annotated[
    Path | None, typer.Option("--graph", help="Read this graph file instead of running programs.", metavar="FILE")
]


def check(
    directory: ProjectDirectory = Path(),
    env: Environment = None,
    graph_file: GraphFile = None,
    policies: Policies = None,
    framework: Frameworks = None,
    policy_pack: Annotated[
        list[Path] | None,
        typer.Option("--policy-pack", help="Run this Pulumi policy pack in Python as well; repeatable.", metavar="DIR"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Undetermined results fail too.")] = False,
    show_all: Annotated[bool, typer.Option("--all", help="Print what passed as well.")] = False,
    outputs: Outputs = None,
) -> None:
    """Check the infrastructure against every control; exit 1 when something is wrong.

    Formats: text, json, sarif, markdown, junit, github, gitlab, oscal.
    """
    wanted = output.parse(outputs, FORMATS)
    raise typer.Exit(
        _check(
            directory,
            env,
            graph_file,
            policies,
            tuple(policy_pack or ()),
            tuple(framework or ()),
            strict=strict,
            show_all=show_all,
            to=wanted,
        )
    )


def _check(
    directory: Path,
    env: str | None,
    graph_file: Path | None,
    policies: Path | None,
    packs: tuple[Path, ...],
    frameworks: tuple[str, ...],
    *,
    strict: bool,
    show_all: bool,
    to: tuple[output.Output, ...],
) -> ExitCode:
    from modelkeel import findings, report  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.cli import decisions, pack, source_graph  # noqa: PLC0415

    decisions.of(directory)
    graph = source_graph.load(directory, env, graph_file)
    chosen = pack.choose(directory, policies, has_graph_file=graph_file is not None)
    found = findings.check(
        graph,
        chosen.policies,
        waivers=chosen.waivers,
        frameworks=frameworks,
        strict=strict,
        foreign=_of_others(packs, graph, frameworks),
    )
    output.emit(to, {name: report.renderer(name, found, show_all=show_all) for name in FORMATS})
    return found.exit_code


def _of_others(packs: tuple[Path, ...], graph: Graph, frameworks: tuple[str, ...]) -> Foreign | None:
    """Ask the packs that were named; their policies serve no framework of ours, so one asks for none of them."""
    if not packs:
        return None
    from modelkeel import analyzer, console  # noqa: PLC0415 (only packs of others need Pulumi and gRPC)

    if frameworks:
        console.warn("--framework leaves the policies of --policy-pack out: they are tied to no framework")
        return None
    return analyzer.run(packs, graph)
