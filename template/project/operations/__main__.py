"""`python -m operations ACTION ENVIRONMENT [PROGRAM...]`: what the targets of the Makefile call."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from operations import environment as environments
from operations.problem import USAGE, OperationError

ACTIONS = ("bootstrap", "preview", "up", "verify", "drift", "move", "destroy")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one action; return its exit code, see `operations.problem`."""
    parser = argparse.ArgumentParser(prog="operations", description=__doc__)
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("environment")
    parser.add_argument("programs", nargs="*", metavar="PROGRAM")
    parser.add_argument("--confirm", default="", help="destroy: the name of the environment, again")
    parser.add_argument("--protected", default="no", choices=("yes", "no"), help="destroy: data and keys, too")
    parser.add_argument("--urn", default="", help="move: the resource, as `pulumi stack --show-urns` names it")
    given = parser.parse_args(arguments)
    try:
        environment = environments.load(given.environment)
        if given.action == "destroy":
            _destroy(environment, given.programs, given.confirm, protected=given.protected == "yes")
        elif given.action == "move":
            _move(environment, given.programs, given.urn)
        else:
            _run(given.action, environment, given.programs)
    except OperationError as problem:
        print(problem, file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        print("interrupted: run the same target again, it does what is left", file=sys.stderr)
        return 130
    return 0


def _run(action: str, environment: environments.Environment, programs: Sequence[str]) -> None:
    from operations import deployment, state  # boto3 is slow to import, and a wrong word should not wait for it

    if action == "bootstrap":
        done = state.bootstrap(environment)
        print("\n".join(f"made or mended: {what}" for what in done) or "bucket and key are as they must be")
        print(f"next: pulumi login '{environment.state_url}'; make up does it itself")
        print(f"secrets in the state are encrypted with {environment.secrets_provider}")
    elif action == "verify":
        deployment.verify(environment)
    elif action == "preview":
        deployment.preview(environment, programs)
    elif action == "drift":
        deployment.drift(environment, programs)
    else:
        deployment.up(environment, programs)


def _move(environment: environments.Environment, programs: Sequence[str], urn: str) -> None:
    from operations import moving

    if len(programs) != 2 or not urn:
        got = f"FROM and TO: {' '.join(programs) or 'nothing'}, URN: {urn or 'nothing'}"
        fix = f"make move ENV={environment.name} FROM=data TO=training URN='urn:pulumi:...'"
        raise OperationError("a move wants two programs and a resource", got, fix, USAGE)
    source, dest = programs
    moved = moving.move(environment, source, dest, urn)
    print("moved, and nothing on AWS was touched:\n  " + "\n  ".join(moved))
    print(f'next: make preview ENV={environment.name} PROGRAMS="{" ".join(programs)}" must show no change of them')


def _destroy(
    environment: environments.Environment, programs: Sequence[str], confirmed: str, *, protected: bool
) -> None:
    from operations import destruction

    stay = destruction.destroy(environment, programs, confirmed=confirmed, protected=protected)
    if stay:
        print("protected, so still there:\n  " + "\n  ".join(stay))


if __name__ == "__main__":
    sys.exit(main())
