"""`modelkeel controls`: what is checked, and for which clauses."""

from __future__ import annotations

from pathlib import Path

import typer

from modelkeel.cli import output
from modelkeel.cli.check import Frameworks, Policies
from modelkeel.cli.preview import Outputs, ProjectDirectory
from modelkeel.errors import ExitCode

FORMATS = ("text", "md", "json")


def controls(
    directory: ProjectDirectory = Path(),
    policies: Policies = None,
    framework: Frameworks = None,
    outputs: Outputs = None,
) -> None:
    """List the controls of the repository's policy pack, else of the bundled one, with the clauses they serve.

    Formats: text, md, json.
    """
    wanted = output.parse(outputs, FORMATS)
    raise typer.Exit(_controls(directory, policies, tuple(framework or ()), wanted))


def _controls(
    directory: Path, policies: Path | None, frameworks: tuple[str, ...], to: tuple[output.Output, ...]
) -> ExitCode:
    from modelkeel.cli import pack  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.findings import pack as packs  # noqa: PLC0415
    from modelkeel.report import control_list  # noqa: PLC0415

    loaded = packs.load(pack.choose(directory, policies, has_graph_file=True).policies)
    chosen = packs.serving(loaded.controls, frameworks)
    document = control_list.to_document(chosen, loaded.frameworks, frameworks)
    output.emit(
        to,
        {
            "text": lambda: control_list.text(document),
            "md": lambda: control_list.markdown(document),
            "json": lambda: control_list.json_text(document),
        },
    )
    return ExitCode.OK
