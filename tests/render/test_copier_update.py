"""Stock `copier update` works on our repositories: both sides change, nothing is lost, nothing conflicts."""

import json
import subprocess
from pathlib import Path
from typing import Any

import copier
import pytest
from render.conftest import data_of

pytestmark = [pytest.mark.slow, pytest.mark.wide]

OWN_KEY = "  data:our_own_key: kept\n"


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.hooksPath=/dev/null")
    done = subprocess.run(["git", *identity, "-C", str(folder), *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def commit(folder: Path, tag: str = "") -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "change")
    if tag:
        git(folder, "tag", tag)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def updated(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of v0.1.0 with edits of its own, after an update to v0.2.0 with another plan."""
    template, project = tmp_path_factory.mktemp("template"), tmp_path_factory.mktemp("project") / "repository"
    subprocess.run(["cp", "-a", f"{tree}/.", str(template)], check=True)
    git(template, "init", "--quiet")
    commit(template, "v0.1.0")
    data = data_of("tabular_batch")
    copier.run_copy(str(template), project, data=data, defaults=True, quiet=True)
    git(project, "init", "--quiet")
    commit(project)

    append(project / "config" / "data" / "Pulumi.prod.yaml", OWN_KEY)
    append(project / "stacks" / "components" / "private_bucket.py", "\n# Ours.\n")
    append(project / "README.md", "\nOurs.\n")
    append(project / "docs" / "rollback.md", "\nOurs.\n")
    commit(project)

    replaced(template / "stacks" / "components" / "private_bucket.py", '"""', '"""Theirs. ')
    replaced(template / "template" / "project" / "docs" / "rollback.md", "\n", "\n\nTheirs.\n")
    (template / "stacks" / "components" / "added.py").write_text("", encoding="utf-8")
    commit(template, "v0.2.0")
    copier.run_update(project, data=_another_plan(data), defaults=True, overwrite=True, quiet=True)
    return project


def _another_plan(data: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(data))
    for program in changed["plan"]["programs"]:
        if program["name"] == "data":
            program["stacks"][0]["config"]["data:noncurrent_days"] = 77
    return changed


def text(project: Path, name: str) -> str:
    return (project / name).read_text(encoding="utf-8")


def test_nothing_conflicts(updated: Path) -> None:
    assert git(updated, "diff", "--name-only", "--diff-filter=U") == ""
    assert "<<<<<<<" not in git(updated, "diff")
    assert list(updated.rglob("*.rej")) == []


def test_a_derived_key_changes_and_the_teams_own_key_stays(updated: Path) -> None:
    settings = text(updated, "config/data/Pulumi.prod.yaml")

    assert "  data:noncurrent_days: 77\n" in settings
    assert settings.endswith(f"  # Yours below this line.\n{OWN_KEY}")


@pytest.mark.parametrize("name", ["stacks/components/private_bucket.py", "docs/rollback.md"])
def test_a_file_that_both_sides_changed_has_both_changes(updated: Path, name: str) -> None:
    assert "Theirs." in text(updated, name)
    assert "Ours." in text(updated, name)


def test_a_new_file_of_a_linked_folder_arrives(updated: Path) -> None:
    assert (updated / "stacks" / "components" / "added.py").is_file()


def test_documents_made_of_texts_stay_as_they_are(updated: Path) -> None:
    """Copier alone has no texts: it would empty them."""
    assert git(updated, "diff", "--name-only", "--", "README.md", "DECISIONS.md", "governance") == ""
    assert text(updated, "README.md").endswith("Ours.\n")


def test_the_version_and_the_new_plan_are_on_record(updated: Path) -> None:
    answers = text(updated, ".copier-answers.yml")

    assert "_commit: v0.2.0\n" in answers
    assert "data:noncurrent_days: 77\n" in answers
    assert "prose" not in answers
