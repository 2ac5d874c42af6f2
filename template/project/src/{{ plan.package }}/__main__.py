"""Command line: `python -m <package> <step>`. Parse, call, print; exit 1 where a gate fails, 2 where a person errs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import commands, steps
from . import settings as settings_module
from .governance import audit, evidence
from .problem import GateFailedError, ProblemError
from .registry.local import Registry
from .serving import switch
from .settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Run one step and return the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen, settings_module.current())
    except GateFailedError as failed:
        print(failed, file=sys.stderr)
        return 1
    except ProblemError as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=sys.modules[__package__].__doc__)
    parser.add_argument("--home", type=Path, default=Path(".ml"), help="folder of data, models and logs (.ml)")
    steps_of = parser.add_subparsers(required=True, metavar="STEP")

    data = steps_of.add_parser("data", help="make synthetic history and record it as a dataset version")
    data.add_argument("--days", type=int, help="days of history (as in settings.toml)")
    data.set_defaults(run=_data)
    commands.add(steps_of)
    demo = steps_of.add_parser("demo", help="live through everything once and write a page about it")
    demo.add_argument("--into", type=Path, default=Path(".demo"), help="folder, made anew (.demo)")
    demo.set_defaults(run=_demo)
    judge = steps_of.add_parser("judge", help="run all gates on the candidate; exit 1 if one fails")
    register = steps_of.add_parser("register", help="register the candidate, pending approval")
    for step, run in ((judge, _judge), (register, _register)):
        step.add_argument("--author", required=True, help="who trained it")
        step.set_defaults(run=run)

    for name, run, told in (
        ("approve", _vote, "approve a pending version; never one's own"),
        ("reject", _vote, "reject a pending version"),
        ("deploy", _deploy, "make an approved version live"),
    ):
        step = steps_of.add_parser(name, help=told)
        step.add_argument("version", type=int)
        step.add_argument("--by", required=True)
        step.add_argument("--reason", default="release" if name == "deploy" else "")
        step.set_defaults(run=run, step=name)

    back = steps_of.add_parser("roll-back", help="make the version before the live one live again")
    back.add_argument("--by", required=True)
    back.add_argument("--reason", required=True)
    back.set_defaults(run=_roll_back)

    package = steps_of.add_parser("approve-package", help="approve a pending model package on AWS; never one's own")
    package.add_argument("arn")
    package.add_argument("--by", required=True)
    package.add_argument("--reason", required=True)
    package.set_defaults(run=_approve_package)
    required = steps_of.add_parser("require-approvals", help="exit 2 unless enough people approved a model package")
    required.add_argument("arn")
    required.set_defaults(run=_require_approvals)

    bundle = steps_of.add_parser("evidence", help="bundle what an auditor asks for of a version, and check it")
    bundle.add_argument("version", type=int)
    bundle.set_defaults(run=_evidence)
    log = steps_of.add_parser("audit", help="print who did what; exit 2 if an entry was changed or removed")
    log.set_defaults(run=_audit)

    turn = steps_of.add_parser("switch", help="turn the kill switch: model, rules or refuse")
    turn.add_argument("state", choices=switch.STATES)
    turn.add_argument("--by", required=True)
    turn.add_argument("--reason", required=True)
    turn.set_defaults(run=_switch)
    return parser


def _registry(chosen: argparse.Namespace, settings: Settings) -> Registry:
    return Registry(chosen.home, settings.approval.approvers_needed)


def _judge(chosen: argparse.Namespace, settings: Settings) -> None:
    for result in steps.judge(chosen.home, settings, author=chosen.author):
        print(f"{result.gate}: {result.why}")


def _register(chosen: argparse.Namespace, settings: Settings) -> None:
    version = _registry(chosen, settings).register(chosen.home / steps.CANDIDATE, author=chosen.author)
    print(f"version {version.number}: {version.status}, {version.approvers_needed} approval(s) needed")


def _vote(chosen: argparse.Namespace, settings: Settings) -> None:
    approve = chosen.step == "approve"
    voted = _registry(chosen, settings).vote(chosen.version, by=chosen.by, approve=approve, reason=chosen.reason)
    print(f"version {voted.number}: {voted.status}")


def _deploy(chosen: argparse.Namespace, settings: Settings) -> None:
    _registry(chosen, settings).deploy(chosen.version, by=chosen.by, why=chosen.reason)
    print(f"version {chosen.version} is live")


def _roll_back(chosen: argparse.Namespace, settings: Settings) -> None:
    print(f"version {_registry(chosen, settings).roll_back(by=chosen.by, why=chosen.reason)} is live again")


def _approve_package(chosen: argparse.Namespace, settings: Settings) -> None:
    from .registry import sagemaker

    needed = settings.approval.approvers_needed
    print(sagemaker.approve(chosen.arn, by=chosen.by, reason=chosen.reason, needed=needed))


def _require_approvals(chosen: argparse.Namespace, settings: Settings) -> None:
    from .registry import sagemaker

    print(f"approved by {', '.join(sagemaker.require(chosen.arn, settings.approval.approvers_needed))}")


def _evidence(chosen: argparse.Namespace, settings: Settings) -> None:
    path = evidence.bundle(chosen.home, _registry(chosen, settings), chosen.version)
    print(f"{path}: {evidence.verify(path)} files, each with its hash")


def _audit(chosen: argparse.Namespace, settings: Settings) -> None:
    for entry in audit.read(chosen.home):
        print(f"{entry['at']} {entry['who']} {entry['action']} {entry['subject']}")


def _switch(chosen: argparse.Namespace, settings: Settings) -> None:
    switch.turn(chosen.home, chosen.state, by=chosen.by, why=chosen.reason)
    print(f"the switch of {settings.project.name} is on {chosen.state}")


def _demo(chosen: argparse.Namespace, settings: Settings) -> None:
    # Plots and moto are needed here alone; whoever only scores does not wait for them.
    from .demo import life

    life.run(chosen.into, settings)


def _data(chosen: argparse.Namespace, settings: Settings) -> None:
    version = steps.make_data(chosen.home, settings, days=chosen.days or settings.training.history_days)
    period = f"{version.first[:10]} to {version.last[:10]}"
    rows = ", ".join(f"{count} {table}" for table, count in version.rows.items())
    print(f"dataset {version.name} version {version.version}: {rows}, {period}")


if __name__ == "__main__":
    sys.exit(main())
