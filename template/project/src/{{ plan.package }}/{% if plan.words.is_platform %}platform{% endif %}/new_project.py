"""A new project of a team, from the golden path: whole or not there, and named in the team's file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import yaml

from stacks import teams as files

from .. import storage
from ..data import table
from ..problem import NotAllowedError, ProblemError
from . import project as projects
from .project import Project
from .repository import Repository

GOLDEN_PATH = "tabular"
_README = """# {name}

A project of team {team}, from the golden path `{path}`: {told}.

```
make check-project TEAM={team} NAME={name}     # data, contract, training, gates, registration: about half a minute
```

- `settings.toml` says what differs from the platform's settings: columns, costs, who approves. Its table [world] makes
  synthetic rows; land data of your own in the same columns and it is not used any more.
- `project.yaml` says what the fleet knows of this project: its risk class, and when people last reviewed it.
- Its pods run as `{team}`: they read and write below `teams/{team}/` and read what all share.
"""


def new_project(repository: Repository, team: str, name: str, *, example: str = table.FIRST_EXAMPLE) -> Project:
    """Write the project `name` of `team`, whose rows begin as those of `example`, and return it.

    Raises:
        NotAllowedError: the team has such a project already.
        ProblemError: there is no such team or example, or the name is not allowed. Nothing was written.
    """
    owner = repository.team(team)
    if said := files.bad_name(name, "project"):
        raise ProblemError("this cannot be a project", got=said)
    folder = repository.project_folder(team, name)
    if folder.exists():
        raise NotAllowedError("the team has such a project already", got=f"{team}/{name}", fix="choose another name")
    tables = table.tables_of(example)
    draft = folder.with_name(f".draft-{name}")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _write(draft, repository, owner, name, example, tables["table"])
        draft.rename(folder)
        _name_in(repository.teams_folder / f"{team}.yaml", name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        if name not in repository.team(team).models:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return projects.read(folder)


def _write(
    draft: Path, repository: Repository, team: files.Team, name: str, example: str, rows: dict[str, str]
) -> None:
    known = {
        "project": name,
        "team": team.name,
        "golden_path": GOLDEN_PATH,
        "risk_class": "minimal",
        "last_review": None,
        "shared_features": list(rows["shared_features"]),
    }
    head = "# What the fleet knows of this project. risk_class: minimal, limited or high; last_review: a date.\n"
    storage.write_text(draft / projects.FILE, head + yaml.safe_dump(known, sort_keys=False))
    approvers = repository.tiers[team.tier]["approvers_needed"]
    own = (
        f"# What differs from the platform's settings, src/*/settings.toml. Team {team.name}, tier {team.tier}.\n\n"
        f"[project]\nname = {json.dumps(name)}\nowner = {json.dumps(team.owners[0])}\n"
        f"seed = {_seed(team.name, name)}\n\n"
        f"[approval]\napprovers_needed = {approvers}\n\n"
    )
    storage.write_text(draft / projects.SETTINGS, own + table.example(example).read_text())
    readme = _README.format(name=name, team=team.name, path=GOLDEN_PATH, told=rows["told"])
    storage.write_text(draft / "README.md", readme)


def _seed(team: str, name: str) -> int:
    """Two projects must not learn from the same draw; the same project must, each time."""
    return int(storage.digest_of([team, name])[:7], 16)


def _name_in(path: Path, name: str) -> None:
    """Add the project to `models` in the team's file, whose comments and other lines stay as they are."""
    text = path.read_text()
    head, _, rest = text.partition("\nmodels:")
    listed = [*yaml.safe_load(text)["models"], name]
    after = [line for line in rest.splitlines()[1:] if line and not line.lstrip().startswith("-")]
    lines = ["models:", *(f"- {model}" for model in listed), *after]
    storage.write_text(path, "\n".join([head, *lines]) + "\n")
