"""Two linters of others find nothing in the policies that grant but what a table explains."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from iam.layers import kind
from iam.world import world

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parent / "lint"
PYTHON = FOLDER / ".venv" / "bin" / "python"


def test_every_finding_is_explained_and_every_explanation_needed() -> None:
    if not PYTHON.exists():
        pytest.skip("parliament and cloudsplaining are missing: make policy-lint")
    granting = {
        policy.name: json.loads(policy.text)
        for role in world().estates["prod"].roles.values()
        for policy in role.identity
        if role.environment == "prod"
    }

    done = subprocess.run(
        [str(PYTHON), str(FOLDER / "lint.py")],
        input=json.dumps(granting),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    rows = tomllib.loads((FOLDER / "explained.toml").read_text(encoding="utf-8"))["explained"]
    used = set()
    unexplained = []
    for name, finding, detail in json.loads(done.stdout):
        plain = re.sub(r"-\d$", "", kind(name))
        found = [
            place
            for place, row in enumerate(rows)
            if row["finding"] == finding and any(fnmatch.fnmatchcase(plain, each) for each in row["policies"])
        ]
        used |= set(found)
        if not found:
            unexplained.append((name, finding, detail))
    assert unexplained == []
    assert [row["finding"] for place, row in enumerate(rows) if place not in used] == []
