"""`modelkeel iam`: who may do what, from the recorded policies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.preview import Environment, Outputs
from modelkeel.errors import ExitCode, usage_error

if TYPE_CHECKING:
    from modelkeel.graph import Graph
    from modelkeel.iam.estate import Estate

app = typer.Typer(name="iam", help="Who may do what, decided from the recorded policies.", no_args_is_help=True)
CAN_FORMATS = ("text", "json")
MATRIX_FORMATS = ("text", "markdown", "html")

Directory = Annotated[Path, typer.Option("--dir", help="The repository.", metavar="DIR")]
Graphs = Annotated[
    list[Path] | None,
    typer.Option("--graph", help="Read this graph file; repeatable, one of the organization too.", metavar="FILE"),
]
RolledOut = Annotated[
    bool, typer.Option("--rolled-out", help="Count the organization's policies as if they were attached.")
]


@app.command("can")
def can(
    persona: Annotated[str, typer.Argument(help="A person, or a role of a service or of CI.", metavar="PERSONA")],
    action: Annotated[str, typer.Argument(help="SERVICE:ACTION, for example s3:GetObject.", metavar="ACTION")],
    resource: Annotated[
        str, typer.Argument(help="The ARN of what is acted on; left out where the action takes none.")
    ] = "",
    context: Annotated[
        list[str] | None,
        typer.Option("--context", help="A condition key of the request; [a,b] is a list; repeatable.", metavar="K=V"),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="A condition key that is not given is not in the request.")
    ] = False,
    directory: Directory = Path(),
    env: Environment = None,
    graph_files: Graphs = None,
    rolled_out: RolledOut = False,
    outputs: Outputs = None,
) -> None:
    """Tell whether PERSONA may do ACTION on RESOURCE, and which statement decides.

    Exit code 0 when it is allowed, 1 when it is denied or cannot be told. Formats: text, json.
    """
    wanted = output.parse(outputs, CAN_FORMATS)
    from modelkeel.iam import asking  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.iam.decision import Result, decide  # noqa: PLC0415
    from modelkeel.report import iam as report  # noqa: PLC0415

    known = asking.action_of(action)
    given = _context(context or ())
    found = _estate(_graphs(directory, env, graph_files))
    role = asking.role_of(found, persona)
    target = resource or asking.default_resource(role, known)
    if not known.takes(target):
        raise asking.wrong_resource(known, resource, asking.resources(role, known))
    asked = asking.question(found, role, known, target, given, rolled_out=rolled_out, complete=complete)
    decision = decide(asked.request, asked.layers)
    output.emit(
        wanted, {"text": lambda: report.text(asked, decision), "json": lambda: report.document(asked, decision)}
    )
    if decision.result != Result.ALLOWED:
        raise typer.Exit(ExitCode.FINDINGS)


@app.command("matrix")
def matrix(
    directory: Annotated[Path, typer.Argument(help="The repository.", metavar="DIR")] = Path(),
    env: Environment = None,
    graph_files: Graphs = None,
    rolled_out: RolledOut = False,
    outputs: Outputs = None,
) -> None:
    """Print who can do what: each action that somebody's policies name, for everybody.

    Formats: text, markdown, html.
    """
    wanted = output.parse(outputs, MATRIX_FORMATS)
    from modelkeel.iam.matrix import matrix as of  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.report import iam as report  # noqa: PLC0415

    graphs = _graphs(directory, env, graph_files)
    made = of(_estate(graphs), graphs[0].environment, rolled_out=rolled_out)
    output.emit(
        wanted,
        {
            "text": lambda: report.table(made),
            "markdown": lambda: report.markdown(made),
            "html": lambda: report.page(made, graphs[0].project),
        },
    )


def _graphs(directory: Path, env: str | None, files: Sequence[Path] | None) -> list[Graph]:
    """Return the environment's graph first, then the organization's where there is one."""
    from modelkeel.cli import source_graph  # noqa: PLC0415

    if files:
        return [source_graph.load(directory, env if place == 0 else None, file) for place, file in enumerate(files)]
    graphs = [source_graph.load(directory, env, None)]
    if (directory / "config" / "organization").is_dir() and graphs[0].environment not in {"shared", "all"}:
        graphs.append(source_graph.load(directory, "shared", None))
    return graphs


def _estate(graphs: Sequence[Graph]) -> Estate:
    from modelkeel.iam.estate import estate  # noqa: PLC0415
    from modelkeel.iam.trust_cycle import trust_cycle  # noqa: PLC0415

    try:
        found = estate(*graphs)
    except (KeyError, ValueError) as error:
        raise usage_error(
            "a policy document of the graph cannot be read",
            got=str(error),
            allowed="documents of IAM's policy language",
            fix="correct the document where the graph says it is registered",
        ) from error
    circle = trust_cycle(found)
    if circle:
        raise usage_error(
            "roles trust each other in a circle: whoever holds one of them holds all",
            got=" trusts ".join(circle),
            allowed="trust that begins with a person, a service or a CI job",
            fix=f"take {circle[1]} out of the trust policy of {circle[0]}",
        )
    return found


def _context(pairs: Sequence[str]) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or ":" not in key:
            raise usage_error(
                "a condition key is given with its value",
                got=pair,
                allowed="KEY=VALUE, for example sagemaker:NetworkIsolation=true",
                fix=f"--context {key or 'aws:RequestedRegion'}=VALUE",
            )
        is_list = value.startswith("[") and value.endswith("]")
        found[key] = [item for item in value[1:-1].split(",") if item] if is_list else value
    return found
