"""`modelkeel preview --against`: what an update would change since an earlier graph or revision."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from modelkeel.cli import output
from modelkeel.errors import ExitCode, environment_error, usage_error

if TYPE_CHECKING:
    from modelkeel.change import Changes
    from modelkeel.graph import Graph

FORMATS = ("text", "json")


def show(recorded: Graph, directory: Path, against: str, program: str | None, to: Sequence[output.Output]) -> ExitCode:
    """Compare, print, and return 1 when something stateful would be replaced or deleted.

    `against` is a graph file, or a revision of the repository in `directory`, whose programs are recorded then.
    """
    from modelkeel import change  # noqa: PLC0415
    from modelkeel.report import change as text  # noqa: PLC0415

    found = _compare(_before(recorded, directory, against, program), recorded, against)
    output.emit(to, {"text": lambda: text.render(found), "json": lambda: change.dumps(found)})
    return found.exit_code


def _compare(old: Graph, new: Graph, against: str) -> Changes:
    from modelkeel import change, console, provider  # noqa: PLC0415 (grpc is slow to import)
    from modelkeel.errors import ModelkeelError  # noqa: PLC0415

    try:
        build = provider.at_hand()
    except ModelkeelError:
        console.say("no build of the AWS provider is at hand: a dated table tells what is replaced")
        return change.compare(old, new, against=against)
    console.say(f"asking the AWS provider {build.version_text}, found by {build.place}")
    with provider.Planner(build) as planner:
        return change.compare(
            old, new, against=against, replacing=planner.replacing, provider_version=build.version_text
        )


def _before(recorded: Graph, directory: Path, against: str, program: str | None) -> Graph:
    from modelkeel import graph, record  # noqa: PLC0415

    if Path(against).is_file():
        loaded, warnings = graph.load(Path(against))
        from modelkeel import console  # noqa: PLC0415

        for warning in warnings:
            console.warn(warning)
        if (loaded.project, loaded.environment) != (recorded.project, recorded.environment):
            raise usage_error(
                "the two graphs are not of one environment",
                got=f"{loaded.project} {loaded.environment}, against {recorded.project} {recorded.environment}",
                fix=f"write the earlier graph with --env {recorded.environment}, or name that environment here",
            )
        return loaded
    with tempfile.TemporaryDirectory() as folder:
        _checkout(directory, against, Path(folder))
        return record.project(
            Path(folder), environment=recorded.environment, fidelity=recorded.fidelity, program=program
        )


def _checkout(directory: Path, revision: str, into: Path) -> None:
    """Write the files of a revision into a folder; the work tree and the index stay as they are."""
    git = shutil.which("git")
    if git is None:
        raise environment_error("git is not installed", got="no `git` on PATH", fix="install git, or name a graph file")
    done = subprocess.run(  # noqa: S603 (git, with a revision that git itself checks)
        [git, "-C", str(directory), "archive", "--format=tar", "--end-of-options", revision],
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise usage_error(
            "--against names no graph file and no revision",
            got=f"{revision}: {done.stderr.decode(errors='replace').strip().splitlines()[-1:]}",
            allowed="a file written by modelkeel preview --output json=FILE, or a revision such as main or HEAD~1",
            fix="modelkeel preview --env ENV --against main",
        )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(into, filter="data")
