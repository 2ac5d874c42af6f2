"""Where a reader's graph comes from: a file given by `--graph`, or the programs of a repository."""

from __future__ import annotations

from pathlib import Path

from modelkeel import console, graph, project
from modelkeel.errors import usage_error


def load(directory: Path, env: str | None, file: Path | None) -> graph.Graph:
    """Return the graph that a command reads.

    Raises:
        ModelkeelError: the file is damaged, `env` is not the file's, or the programs fail.
    """
    if file is None:
        from modelkeel import record  # noqa: PLC0415 (a graph file needs no recorder)

        return record.project(directory, environment=project.choose_environment(directory, env), fidelity="simulate")
    loaded, warnings = graph.load(file)
    for warning in warnings:
        console.warn(warning)
    if env is not None and env != loaded.environment:
        raise usage_error(
            "--env and the graph file do not agree",
            got=f"--env {env}, the graph is of {loaded.environment}",
            fix=f"leave --env out, or write a graph with --env {env}",
        )
    return loaded
