"""The git repository that a folder lies in, and whether writing there could mix with work that is not saved."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from modelkeel.errors import environment_error

_SHOWN = 5


def refuse_unsaved_changes(target: Path, dest: Path) -> None:
    """Refuse a folder inside a git repository that has uncommitted changes; `dest` is the name that the user gave.

    A folder that the repository ignores is let through: what is written there cannot mix with anything.

    Raises:
        ModelkeelError: there are uncommitted changes, or git is missing (exit code 3).
    """
    inside = next((folder for folder in (target, *target.parents) if (folder / ".git").exists()), None)
    if inside is None:
        return
    if inside != target and _git(inside, "check-ignore", "--quiet", str(target)).returncode == 0:
        return
    status = _git(inside, "status", "--porcelain")
    if status.returncode != 0:
        raise environment_error(
            "git cannot read the repository that the destination lies in",
            got=f"{inside}: {status.stderr.strip()}",
            fix="repair it, or choose a folder outside",
        )
    changed = status.stdout.splitlines()
    if changed:
        names = ", ".join(line[3:] for line in changed[:_SHOWN])
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        raise environment_error(
            "the destination lies in a git repository with uncommitted changes",
            got=f"{dest} in {inside}: {names}{more}",
            allowed="a clean repository, a folder that it ignores, or a folder outside of it",
            fix="commit or stash the changes first",
        )


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # A hook that runs this sets GIT_DIR and more, which would make git look elsewhere.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.run(  # noqa: S603 (fixed words and a path, no shell)
            ["git", "-C", str(folder), *arguments],  # noqa: S607 (the user's git is the right one)
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
    except FileNotFoundError as error:
        raise environment_error(
            "the destination lies in a git repository, and git is not installed",
            got=str(folder),
            fix="install git, or choose a folder outside of the repository",
        ) from error
