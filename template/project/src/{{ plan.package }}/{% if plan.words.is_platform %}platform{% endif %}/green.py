"""A project from nothing to a model that waits for approval: data, contract, training, gates, registration.

Runs in a process of its own, `python -m <package>.platform.green --author WHO`, since a process works for one project:
the one that `ML_PROJECT` names.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import storage
from ..configuration import PROJECT
from ..problem import ProblemError
from .project import Project

if TYPE_CHECKING:
    from ..settings import Settings

REQUESTS = "requests.json"
_SENT = 40
_PACKAGE = __name__.split(".", maxsplit=1)[0]


def environment(project: Project) -> dict[str, str]:
    """The environment of a process that works for `project`; tokens of one team mean nothing to another."""
    key = f"{os.environ.get('TOKEN_KEY', 'only for synthetic data')}/{project.team}"
    return os.environ | {PROJECT: str(project.folder.absolute()), "TOKEN_KEY": key}


def check(project: Project, *, author: str, home: Path | None = None) -> str:
    """Run the steps for `project` and return what they said.

    Raises:
        ProblemError: a step refused; what it said is in the message.
    """
    command = [
        sys.executable,
        "-m",
        f"{_PACKAGE}.platform.green",
        "--author",
        author,
        "--home",
        str(home or project.home),
    ]
    done = subprocess.run(command, env=environment(project), capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise ProblemError(
            f"{project.team}/{project.name} is not green", got=said[-2000:], fix="see what the step said"
        )
    return done.stdout


def _requests(settings: Settings) -> list[dict[str, Any]]:
    """A few rows of another day, as callers send them."""
    from ..data import dataset
    from ..serving import load

    rows = dataset.generate(settings.project.seed + 1, days=2).events.drop(columns=dataset.ARRIVED).head(_SENT)
    return [json.loads(load.body_of(row)) for row in rows.to_dict("records")]


def main() -> int:
    """Run the steps for the project of this process."""
    from .. import settings as settings_module
    from .. import steps
    from ..registry.local import Registry

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--author", required=True)
    parser.add_argument("--home", type=Path, required=True)
    chosen = parser.parse_args()
    settings = settings_module.current()
    try:
        data = steps.make_data(chosen.home, settings, days=settings.training.history_days)
        print(f"data: version {data.version}, {data.rows['events']:,} rows keep the contract")
        model = steps.train(chosen.home, settings)
        print(f"training: {model.facts['rounds']} trees, PR-AUC {model.facts['validation_pr_auc']:.3f} on validation")
        for result in steps.judge(chosen.home, settings, author=chosen.author):
            print(f"{result.gate}: {result.why}")
        registry = Registry(chosen.home, settings.approval.approvers_needed)
        version = registry.register(chosen.home / steps.CANDIDATE, author=chosen.author)
        storage.write_json(chosen.home / REQUESTS, _requests(settings))
        print(f"registered: version {version.number}, {version.status}, {version.approvers_needed} approval(s) needed")
    except ProblemError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
