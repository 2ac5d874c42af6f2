"""`modelkeel evidence`: what an auditor needs of a check, in one ZIP file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.check import Frameworks, GraphFile
from modelkeel.cli.preview import Environment, ProjectDirectory
from modelkeel.errors import ExitCode, usage_error


def evidence(
    directory: ProjectDirectory = Path(),
    env: Environment = None,
    graph_file: GraphFile = None,
    framework: Frameworks = None,
    on: Annotated[
        str | None,
        typer.Option("--on", help="The day that decides which waivers hold; today (UTC) if left out.", metavar="DATE"),
    ] = None,
    outputs: Annotated[list[str] | None, typer.Option("--output", help="zip=FILE", metavar="zip=FILE")] = None,
) -> None:
    """Write the evidence for each framework and clause as one ZIP file: index.html is for people.

    The same repository, tool and day give the same bytes. Violations are evidence too: they do not change the exit
    code, `modelkeel check` tells.
    """
    wanted = output.parse(outputs, ("zip",), default="zip")
    raise typer.Exit(_evidence(directory, env, graph_file, tuple(framework or ()), _day(on), wanted[0].file))


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise usage_error("this is no date", got=text or "", allowed="YYYY-MM-DD", fix="--on 2027-01-31") from error


def _evidence(
    directory: Path,
    env: str | None,
    graph_file: Path | None,
    frameworks: tuple[str, ...],
    on: date | None,
    file: Path | None,
) -> ExitCode:
    if file is None:
        raise usage_error("a ZIP file is not for a terminal", got="--output zip", fix="--output zip=evidence.zip")
    from modelkeel import atomic, console, findings, report  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.cli import decisions, pack, source_graph, source_hash  # noqa: PLC0415
    from modelkeel.findings import pack as packs  # noqa: PLC0415
    from modelkeel.graph import dumps, to_document  # noqa: PLC0415
    from modelkeel.report import control_list  # noqa: PLC0415
    from modelkeel.report import evidence as made  # noqa: PLC0415

    decisions.of(directory)
    graph = source_graph.load(directory, env, graph_file)
    chosen = pack.choose(directory, None, has_graph_file=graph_file is not None)
    found = findings.check(graph, chosen.policies, waivers=chosen.waivers, frameworks=frameworks, today=on)
    loaded = packs.load(chosen.policies)
    document = made.to_document(
        found,
        frameworks=loaded.frameworks,
        only=frameworks,
        graph_digest=to_document(graph)["digest"],
        hashes={} if graph_file is not None else source_hash.of_repository(directory),
        tables=source_hash.of_tables(chosen.policies),
    )
    listed = control_list.to_document(packs.serving(loaded.controls, frameworks), loaded.frameworks, frameworks)
    parts = {
        "controls.json": control_list.json_text(listed),
        "findings.json": report.renderer("json", found, show_all=True)(),
        "findings.sarif": report.renderer("sarif", found, show_all=True)(),
        "graph.json": dumps(graph),
        "oscal-assessment-results.json": report.renderer("oscal", found)(),
    }
    atomic.write_bytes(file, made.bundle(document, parts))
    counts = found.counts
    console.say(f"{file}: {len(document['frameworks'])} frameworks, {counts['violation']} violations; open index.html")
    return ExitCode.OK
