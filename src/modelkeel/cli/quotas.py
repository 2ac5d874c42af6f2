"""`modelkeel quotas`: what the recorded infrastructure needs of an account's quotas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.check import GraphFile
from modelkeel.cli.preview import Environment, Outputs, ProjectDirectory
from modelkeel.errors import ExitCode, environment_error, usage_error

if TYPE_CHECKING:
    from modelkeel.aws import AppliedQuota, Clients
    from modelkeel.quotas import QuotaNeed

FORMATS = ("text", "json")


def quotas(
    directory: ProjectDirectory = Path(),
    env: Environment = None,
    graph_file: GraphFile = None,
    live: Annotated[
        bool, typer.Option("--live", help="Compare with the account of your AWS credentials; exit 1 when it is short.")
    ] = False,
    outputs: Outputs = None,
) -> None:
    """List the quotas that the infrastructure needs, and the commands that request them.

    Formats: text, json.
    """
    wanted = output.parse(outputs, FORMATS)
    from modelkeel import quotas as needs  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.cli import source_graph  # noqa: PLC0415
    from modelkeel.report import quotas as text  # noqa: PLC0415
    from modelkeel.tables import quota, reader  # noqa: PLC0415

    graph = source_graph.load(directory, env, graph_file)
    found = needs.needed(graph, runs_at_once=_runs_at_once(directory, graph_file))
    verdicts = needs.judge(found, _granted(found) if live else ())
    checked = reader.provenance(quota.FILE).checked
    output.emit(
        wanted,
        {
            "text": lambda: text.render(graph, verdicts, checked=checked, live=live),
            "json": lambda: needs.dumps(graph, verdicts, checked=checked, live=live),
        },
    )
    if any(verdict.is_short for verdict in verdicts):
        raise typer.Exit(ExitCode.FINDINGS)


def _runs_at_once(directory: Path, graph_file: Path | None) -> int:
    """How many training runs overlap is an answer; a graph alone does not tell, so it counts one."""
    from modelkeel import console, project  # noqa: PLC0415

    if graph_file is None:
        runs = project.load(directory).answers.get("concurrent_jobs", 1)
        return runs if isinstance(runs, int) and runs > 0 else 1
    console.say("a graph file does not tell how many training runs overlap: one is counted")
    return 1


def _granted(needs: Sequence[QuotaNeed]) -> list[AppliedQuota]:
    """Ask the account for what is needed: by code one by one, by name from the list of the whole service."""
    from modelkeel import aws  # noqa: PLC0415

    places = sorted({(need.account, need.region) for need in needs})
    if not places:
        return []
    if len({account for account, _ in places}) > 1:
        raise usage_error(
            "--live compares with one account",
            got=", ".join(account for account, _ in places),
            fix="name one environment with --env, and sign in to its account",
        )
    account, region = places[0]
    make = aws.clients()
    found = aws.account_id(make, region)
    if found != account:
        raise environment_error(
            "the AWS credentials belong to another account",
            got=found,
            allowed=account,
            fix="sign in to the account of this environment, for example with AWS_PROFILE",
        )
    return [quota for _, place in places for quota in _read(make, place, [n for n in needs if n.region == place])]


def _read(make: Clients, region: str, needs: Sequence[QuotaNeed]) -> list[AppliedQuota]:
    from modelkeel import aws  # noqa: PLC0415

    granted: list[AppliedQuota] = []
    for service in sorted({need.service for need in needs}):
        here = [need for need in needs if need.service == service]
        if all(need.code for need in here):
            rows = [aws.applied_quota(make, region, service, need.code) for need in here]
            granted += [row for row in rows if row is not None]
        else:
            granted += aws.applied_quotas(make, region, service)
    return granted
