"""The team files of the repository that a program belongs to."""

from __future__ import annotations

from pathlib import Path

import pulumi

from stacks.teams import Team, read


def teams_in(folder: str) -> list[Team]:
    """Return the teams in `folder`, a path relative to the program's Pulumi.yaml; none where it is empty.

    Raises:
        TeamsError: the files cannot be what they say; every problem is named.
    """
    return read(Path(pulumi.get_root_directory()) / folder) if folder else []
