"""`modelkeel import`: existing resources, by their ids, for the programs to take over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.check import GraphFile
from modelkeel.cli.preview import Environment, Outputs, ProjectDirectory
from modelkeel.errors import usage_error

if TYPE_CHECKING:
    from modelkeel.adoption import Adoption, Adoptions

FORMATS = ("text", "json", "pulumi", "config")
OF_ONE_STACK = {"pulumi", "config"}


def import_(
    directory: ProjectDirectory = Path(),
    env: Environment = None,
    graph_file: GraphFile = None,
    file: Annotated[
        Path | None,
        typer.Option("--ids", help="A list of what exists: CSV (resource,id), or TOML or JSON.", metavar="FILE"),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--id", help="One of what exists, repeatable.", metavar="RESOURCE=ID"),
    ] = None,
    stack: Annotated[
        str | None, typer.Option("--stack", help="Write this program's part only.", metavar="PROGRAM")
    ] = None,
    outputs: Outputs = None,
) -> None:
    """Turn a list of existing resources into Pulumi's import file, checked against the recorded graph.

    RESOURCE is a URN, TYPE::NAME or NAME, where NAME is the program's or the one in AWS. Exit 1 when the next update
    would replace or change what was taken over, because the program calls it otherwise.

    Formats: text, json, pulumi (the file of `pulumi import --file`, for one program), config (the option
    `modelkeel:import_ids`, by which `pulumi up` itself imports, for one program).
    """
    wanted = output.parse(outputs, FORMATS)
    from modelkeel import adoption  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.cli import source_graph  # noqa: PLC0415
    from modelkeel.report import adoption as text  # noqa: PLC0415

    wishes = (*(adoption.read(file) if file is not None else ()), *adoption.spoken(given or ()))
    if not wishes:
        raise usage_error(
            "nothing is listed that exists", fix="--id RESOURCE=ID, or --ids FILE with the columns resource and id"
        )
    graph = source_graph.load(directory, env, graph_file)
    found = adoption.adopt(graph, wishes)
    one = _rows(found, stack, [each.format for each in wanted if each.format in OF_ONE_STACK])
    output.emit(
        wanted,
        {
            "text": lambda: text.render(found),
            "json": lambda: adoption.dumps(found),
            "pulumi": lambda: adoption.bulk_text(one),
            "config": lambda: adoption.config_text(one),
        },
    )
    raise typer.Exit(found.exit_code)


def _rows(found: Adoptions, program: str | None, formats: list[str]) -> tuple[Adoption, ...]:
    """Return the rows that go into one file: those of `program`, else of the only program there is.

    Raises:
        ModelkeelError: the program takes nothing over, or none is named of several.
    """
    if program is not None and program not in found.programs:
        raise usage_error(
            "the list names nothing of this program", got=f"--stack {program}", allowed=", ".join(found.programs)
        )
    if formats and program is None and len(found.programs) > 1:
        raise usage_error(
            "the list reaches into several programs, and Pulumi imports into one stack at a time",
            got=f"--output {formats[0]}",
            allowed=", ".join(found.programs),
            fix=f"--stack {found.programs[0]}, then the others",
        )
    return found.of(program or found.programs[0])
