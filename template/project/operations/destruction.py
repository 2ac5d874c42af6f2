"""An environment taken down, in the order that finishes: last program first, emptied before it is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from operations import emptying, live, retired
from operations.emptying import Row
from operations.environment import Environment
from operations.problem import USAGE, OperationError
from operations.pulumi import Pulumi
from operations.services import POLL_SECONDS, Services

SERVING = "serving"
VPC = "aws:ec2/vpc:Vpc"
INDEX_SECONDS = 300
"""The Resource Groups Tagging API names what is gone for some minutes more."""
# Protected, with network interfaces in subnets of another program.
IN_SUBNETS = ("aws:eks/cluster:Cluster", "aws:fsx/lustreFileSystem:LustreFileSystem", "aws:sagemaker/domain:Domain")


class Engine(Protocol):
    """What of Pulumi is needed here."""

    def login(self) -> None: ...
    def exists(self, program: str) -> bool: ...
    def resources(self, program: str) -> list[dict[str, object]]: ...
    def destroy(self, program: str, *, protected: bool) -> None: ...
    def remove(self, program: str) -> None: ...


def destroy(
    environment: Environment,
    programs: Sequence[str],
    *,
    confirmed: str,
    protected: bool,
    engine: Engine | None = None,
    services: Services | None = None,
) -> list[str]:
    """Delete what the programs have made; return what stays because it is protected.

    Without `protected`, buckets, keys, registries and all else that is protected stay, with what they stand on. With
    it, they are emptied and deleted too, and nothing with the environment's tags may be left. A stack that is gone is
    passed over, so the next run goes on where this one stopped.

    Raises:
        OperationError: `confirmed` is not the environment's name; a step failed; or something is left.
    """
    if confirmed != environment.name:
        raise OperationError(
            f"destroying {environment.name} wants its name as a confirmation",
            f"CONFIRM={confirmed or '(nothing)'}",
            f"make destroy ENV={environment.name} CONFIRM={environment.name}; PROTECTED=yes deletes data and keys too",
            USAGE,
        )
    engine = engine or Pulumi(environment)
    services = services or Services(environment.region)
    engine.login()
    stay: list[Row] = []
    for program in reversed(programs):
        if program == "account" and not environment.owns_account:
            print(f"account: other environments live in account {environment.account}, so it stays")
        elif not engine.exists(program):
            print(f"{program}: there is nothing left")
        else:
            print(f"== {program} {environment.stack(program)}", flush=True)
            stay += _program(environment, program, engine, services, stay, protected=protected)
    if protected and (rest := _left(services, environment)):
        raise OperationError(
            f"{len(rest)} resources still carry the tags of {environment.name}",
            ", ".join(rest),
            "delete what people made by hand, then run the same target again",
        )
    return [str(row["urn"]) for row in stay]


def _left(services: Services, environment: Environment) -> list[str]:
    """Return what still carries the tags, once the index of tags has had its time to forget what is gone."""
    waited = 0
    while (rest := emptying.left(services, environment)) and waited < INDEX_SECONDS:
        services.sleep(POLL_SECONDS)
        waited += POLL_SECONDS
    return rest


def _program(
    environment: Environment,
    program: str,
    engine: Engine,
    services: Services,
    stay: Sequence[Row],
    *,
    protected: bool,
) -> list[Row]:
    """Take one program down; return the rows that stay."""
    rows: list[Row] = list(engine.resources(program))
    inside = [str(row["urn"]).rpartition("::")[2] for row in stay if row.get("type") in IN_SUBNETS]
    if inside and any(row.get("type") == VPC for row in rows):
        print(f"{program}: stays whole, {', '.join(inside)} stand in its network")
        return [row for row in rows if row.get("protect")]
    # What will be deleted must be empty; what is protected, and is to stay so, is not touched.
    emptying.empty(services, [row for row in rows if protected or not row.get("protect")])
    if rows:  # Of a stack that holds nothing Pulumi says that it has no state.
        engine.destroy(program, protected=protected)
    if program == SERVING:
        # Pulumi lets configurations and models stand; with the endpoint gone, nobody needs them.
        clients = live.Clients(services["sagemaker"], services["application-autoscaling"])
        for name in retired.remove(clients, environment, (), kept=0):
            print(f"removed: {name}")
    if protected:
        engine.remove(program)
        return []
    return [row for row in engine.resources(program) if row.get("protect")]
