"""Preview, update and comparison of an environment's programs, in the order in which they are named."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from operations import live, releases, rollout
from operations.environment import Environment
from operations.problem import OperationError
from operations.pulumi import Pulumi
from operations.services import Services

SERVING = "serving"


def preview(environment: Environment, programs: Sequence[str]) -> None:
    """Show what an update would change. A program that was never deployed is named and left out."""
    pulumi = Pulumi(environment)
    pulumi.login()
    for program in _each(environment, programs):
        if not pulumi.exists(program):
            print(f"{program}: not deployed yet; 'make offline ENV={environment.name}' shows what it would be made of")
            continue
        with tempfile.TemporaryDirectory() as folder:
            pulumi.preview(program, str(_assuming_upstream(environment, program, Path(folder))))


def up(
    environment: Environment,
    programs: Sequence[str],
    *,
    pulumi: Pulumi | None = None,
    clients: live.Clients | None = None,
    services: Services | None = None,
) -> None:
    """Update the programs, release models, verify what serves. The first failure stops; the next run does what is left.

    Raises:
        OperationError: an update failed, a killed one left something behind, or what is live is not what was asked.
    """
    pulumi = pulumi or Pulumi(environment)
    pulumi.login()
    for program in _each(environment, programs):
        pulumi.create(program)
        _refuse_half_made(environment, program, pulumi.half_made(program))
        pulumi.up(program)
        if program == SERVING:
            outputs = pulumi.outputs(SERVING)
            releases.release(environment, outputs, services or Services(environment.region))
            rollout.verify(environment, outputs, clients=clients)


def _refuse_half_made(environment: Environment, program: str, urns: Sequence[str]) -> None:
    """Stop before an update that would make a second one of what a killed run may have made."""
    if urns:
        refresh = f"pulumi -C config/{program} refresh --stack {environment.stack(program)}"
        raise OperationError(
            f"{program}: a run before was killed while it made something, and Pulumi does not know whether it exists",
            "\n    " + "\n    ".join(urns),
            f"look on AWS. What exists is taken over: {refresh} --import-pending-creates URN"
            " --import-pending-creates ID"
            f"\n  What does not is forgotten: {refresh} --clear-pending-creates"
            f"\n  Then: make up ENV={environment.name}",
        )


def verify(environment: Environment) -> None:
    """Compare what serves with what the last update asked for.

    Raises:
        OperationError: it differs.
    """
    pulumi = Pulumi(environment)
    pulumi.login()
    if not pulumi.exists(SERVING):
        print(f"serving: not deployed yet in {environment.name}, so there is nothing to verify")
        return
    outputs = pulumi.outputs(SERVING)
    rollout.verify(environment, outputs)
    if found := releases.compare(outputs, Services(environment.region)):
        raise OperationError(
            "the released models are not as asked", "\n  " + "\n  ".join(found), f"make up ENV={environment.name}"
        )


def drift(environment: Environment, programs: Sequence[str]) -> None:
    """Compare what exists with what the programs say; every program is looked at.

    Raises:
        OperationError: some differ; the message names them.
    """
    pulumi = Pulumi(environment)
    pulumi.login()
    drifted, failed = [], []
    for program in _each(environment, programs):
        try:
            if not pulumi.unchanged(program):
                drifted.append(program)
        except OperationError as problem:
            print(problem)
            failed.append(program)
    if failed:
        raise OperationError(
            f"could not be compared, in {environment.name}: {' '.join(failed)}",
            f"the messages above; not as the programs say: {' '.join(drifted) or 'none of the others'}",
            "mend the cause, then: make drift ENV=" + environment.name,
        )
    if drifted:
        raise OperationError(
            f"not as the programs say, in {environment.name}: {' '.join(drifted)}",
            "the differences above",
            "take the change into the program, or undo it: make up ENV=" + environment.name,
        )


def _each(environment: Environment, programs: Sequence[str]) -> Iterator[str]:
    """Yield the programs that are updated with this environment, saying which one as each begins."""
    for program in programs:
        if program == "account" and not environment.keeps_account:
            print(f"account: account {environment.account} is kept with the environment {environment.account_keeper}")
            continue
        print(f"== {program} {environment.stack(program)}", flush=True)
        yield program


def _assuming_upstream(environment: Environment, program: str, folder: Path) -> Path:
    """Copy the settings and add the one key that makes a missing upstream unknown; it never reaches an update."""
    name = f"Pulumi.{environment.stack(program)}.yaml"
    copy = Path(shutil.copy(environment.config_folder(program) / name, folder / f"{program}.yaml"))
    with copy.open("a", encoding="utf-8") as file:
        file.write('  modelkeel:assume_upstream: "true"\n')
    return copy
