"""Command line: `python -m <package> <step>`. Parse, call, print; exit 1 where a gate fails, 2 where a person errs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import settings as settings_module
from . import steps, storage
from .problem import GateFailedError, ProblemError
from .serving.scorer import Scorer
from .settings import Settings
from .training import model as models


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

    train = steps_of.add_parser("train", help="train a candidate from the recorded history")
    train.add_argument("--search", action="store_true", help="search hyperparameters first")
    train.set_defaults(run=_train)

    score = steps_of.add_parser("score", help="score a table of events with the candidate")
    score.add_argument("events", type=Path, help="Parquet file that keeps the contract")
    score.set_defaults(run=_score)
    demo = steps_of.add_parser("demo", help="live through everything once and write a page about it")
    demo.add_argument("--into", type=Path, default=Path(".demo"), help="folder, made anew (.demo)")
    demo.set_defaults(run=_demo)
    return parser


def _demo(chosen: argparse.Namespace, settings: Settings) -> None:
    # Plots and moto are needed here alone; whoever only scores does not wait for them.
    from .demo import life

    life.run(chosen.into, settings)


def _data(chosen: argparse.Namespace, settings: Settings) -> None:
    version = steps.make_data(chosen.home, settings, days=chosen.days or settings.training.history_days)
    period = f"{version.first[:10]} to {version.last[:10]}"
    print(f"dataset {version.name} version {version.version}: {version.rows['events']} events, {period}")


def _train(chosen: argparse.Namespace, settings: Settings) -> None:
    made = steps.train(chosen.home, settings, search=chosen.search)
    quality = made.facts["validation_pr_auc"]
    print(f"{made.facts['rounds']} trees, PR-AUC {quality:.3f} on validation, threshold {made.threshold:.3f}")


def _score(chosen: argparse.Namespace, settings: Settings) -> None:
    scorer = Scorer(
        models.load(chosen.home / steps.CANDIDATE), "candidate", settings.serving.review_band, settings.serving.reasons
    )
    path = steps.score(chosen.home, settings, scorer, storage.read_table(chosen.events), name=chosen.events.stem)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
