"""`modelkeel report`: one HTML file that a manager and an auditor can read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.check import GraphFile
from modelkeel.cli.preview import Environment, ProjectDirectory


def report(
    directory: ProjectDirectory = Path(),
    env: Environment = None,
    graph_file: GraphFile = None,
    outputs: Annotated[list[str] | None, typer.Option("--output", help="html=FILE", metavar="html=FILE")] = None,
) -> None:
    """Write answers, decisions, diagram, cost, controls and resources as one self-contained HTML file."""
    wanted = output.parse(outputs, ("html",), default="html")
    from modelkeel import cost, findings  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.cli import decisions, pack, source_graph  # noqa: PLC0415
    from modelkeel.report import html  # noqa: PLC0415

    graph = source_graph.load(directory, env, graph_file)
    chosen = pack.choose(directory, None, has_graph_file=graph_file is not None)
    found = findings.check(graph, chosen.policies, waivers=chosen.waivers)
    told = decisions.of(directory)
    output.emit(
        wanted,
        {
            "html": lambda: html.build(
                graph=graph,
                findings=findings.to_document(found),
                bill=cost.price(graph),
                plan=told.plan,
                answers=told.answers,
                titles={control.id: control.title for control in found.controls},
            )
        },
    )
