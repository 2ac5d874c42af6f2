"""`modelkeel preview`: run the programs of a repository offline and show what they would build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from modelkeel.cli import against as comparing
from modelkeel.cli import output
from modelkeel.errors import ExitCode, usage_error

if TYPE_CHECKING:
    from modelkeel.graph import Graph
    from modelkeel.provider import Binary

FORMATS = ("text", "json", "mermaid", "svg")

ProjectDirectory = Annotated[Path, typer.Argument(help="The generated repository.", show_default=True)]
Environment = Annotated[
    str | None, typer.Option("--env", help="dev, staging, prod, shared or all; not needed where one exists.")
]
Outputs = Annotated[
    list[str] | None, typer.Option("--output", help="FORMAT[=FILE], repeatable.", metavar="FORMAT[=FILE]")
]


def preview(
    directory: ProjectDirectory = Path(),
    env: Environment = None,
    stack: Annotated[str | None, typer.Option("--stack", help="Only this program.", metavar="PROGRAM")] = None,
    fidelity: Annotated[
        str, typer.Option(help="simulate: every value known; preview: unknown values stay unknown.")
    ] = "simulate",
    validate: Annotated[
        bool,
        typer.Option(
            "--validate",
            help="Ask a build of the AWS provider found here about each resource; exit 1 when it refuses one.",
        ),
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            help="Show what an update would change since this graph file or revision; exit 1 when data would be lost.",
            metavar="GRAPH_OR_REVISION",
        ),
    ] = None,
    outputs: Outputs = None,
) -> None:
    """Run the Pulumi programs offline, with no account, and show what they would build.

    Formats: text, json (the graph document), mermaid, svg. With --validate, text and json tell what the provider says;
    with --against, what would be created, updated in place, replaced and deleted, and from which property.
    """
    if against is not None and validate:
        raise usage_error("two questions at once", got="--against and --validate", fix="ask one, then the other")
    wanted = output.parse(outputs, FORMATS if against is None else comparing.FORMATS)
    from modelkeel import diagram, graph, project, record  # noqa: PLC0415
    from modelkeel.report import preview as text  # noqa: PLC0415

    build = _provider() if validate else None
    recorded = record.project(
        directory,
        environment=project.choose_environment(directory, env),
        fidelity=_fidelity(fidelity),
        program=stack,
    )
    if against is not None:
        raise typer.Exit(comparing.show(recorded, directory, against, stack, wanted))
    if build is not None:
        raise typer.Exit(_validate(recorded, build, wanted))
    output.emit(
        wanted,
        {
            "text": lambda: text.render(recorded),
            "json": lambda: graph.dumps(recorded),
            "mermaid": lambda: diagram.mermaid(recorded),
            "svg": lambda: diagram.svg(recorded),
        },
    )


def _provider() -> Binary:
    from modelkeel import console, provider  # noqa: PLC0415 (grpc is slow to import)

    build = provider.at_hand()
    console.say(f"asking the AWS provider {build.version_text}, found by {build.place}")
    return build


def _validate(recorded: Graph, build: Binary, to: tuple[output.Output, ...]) -> ExitCode:
    from modelkeel import diagram, provider  # noqa: PLC0415
    from modelkeel.report import validation as text  # noqa: PLC0415

    found = provider.validate(recorded, build)
    output.emit(
        to,
        {
            "text": lambda: text.render(found),
            "json": lambda: provider.dumps(found),
            "mermaid": lambda: diagram.mermaid(recorded),
            "svg": lambda: diagram.svg(recorded),
        },
    )
    return found.exit_code


def _fidelity(value: str) -> Literal["simulate", "preview"]:
    if value == "simulate":
        return "simulate"
    if value == "preview":
        return "preview"
    raise usage_error("this fidelity does not exist", got=value, allowed="simulate, preview")
