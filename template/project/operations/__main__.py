"""`python -m operations ACTION ENVIRONMENT [PROGRAM...]`: what the targets of the Makefile call."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from operations import environment as environments
from operations.problem import OperationError

ACTIONS = ("bootstrap", "preview", "up", "verify", "drift")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one action; return its exit code, see `operations.problem`."""
    parser = argparse.ArgumentParser(prog="operations", description=__doc__)
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("environment")
    parser.add_argument("programs", nargs="*", metavar="PROGRAM")
    given = parser.parse_args(arguments)
    try:
        _run(given.action, environments.load(given.environment), given.programs)
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


if __name__ == "__main__":
    sys.exit(main())
