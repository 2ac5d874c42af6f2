"""What CI may do: pinned actions, no standing permission, one role to look and another to change."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from template.conftest import PROJECT

from modelkeel.tables.ci_system import ci_systems

FOLDER = PROJECT / "{% if plan.words.uses_github %}.github{% endif %}" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))


def document(path: Path) -> dict[Any, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    return dict(document(path)["jobs"])


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(path).values() for step in job["steps"]]


def test_there_is_a_workflow_for_pull_requests_and_one_for_deployments() -> None:
    assert {"deploy.yml", "pull-request.yml"} <= {path.name for path in WORKFLOWS}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
class TestWorkflow:
    def test_it_is_static(self, path: Path) -> None:
        """Values come from config/, so `${{ }}` needs no escaping and the file is the same in every repository."""
        assert "{%" not in path.read_text(encoding="utf-8")

    def test_every_action_is_pinned_by_commit_and_says_its_version(self, path: Path) -> None:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]

        assert lines
        assert [line for line in lines if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)] == []

    def test_it_may_only_read_unless_a_job_says_more(self, path: Path) -> None:
        assert document(path)["permissions"] == {"contents": "read"}

    def test_a_token_for_aws_is_only_where_a_role_is_taken(self, path: Path) -> None:
        for job in jobs(path).values():
            takes = any("configure-aws-credentials" in step.get("uses", "") for step in job["steps"])
            assert takes == (job.get("permissions", {}).get("id-token") == "write")

    def test_no_job_runs_for_ever(self, path: Path) -> None:
        assert [name for name, job in jobs(path).items() if not 0 < job.get("timeout-minutes", 0) <= 120] == []

    def test_the_checkout_leaves_no_token_behind(self, path: Path) -> None:
        checkouts = [step for step in steps(path) if "actions/checkout@" in step.get("uses", "")]

        assert checkouts
        assert [step for step in checkouts if step["with"]["persist-credentials"] is not False] == []

    def test_no_command_is_built_from_what_a_stranger_wrote(self, path: Path) -> None:
        """A title or a branch name in a shell line is a command; values go through the environment."""
        assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []

    def test_it_runs_only_targets_that_the_makefile_has(self, path: Path) -> None:
        makefile = (PROJECT / "Makefile.jinja").read_text(encoding="utf-8")
        targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

        assert {name for step in steps(path) for name in re.findall(r"make ([a-z-]+)", step.get("run", ""))} <= targets

    def test_runs_of_the_same_thing_do_not_overtake_each_other(self, path: Path) -> None:
        assert "group" in document(path)["concurrency"]


def roles(name: str) -> list[str]:
    """Return the roles that a workflow takes, in this order: its way in where there is a tooling account, its own."""
    found = (step["with"].get("role-to-assume", "") for step in steps(FOLDER / name) if "with" in step)
    return list(dict.fromkeys(role for role in found if role))


PREVIEWS = ["${{ env.PREVIEW_ENTRY_ROLE_ARN }}", "${{ env.PREVIEW_ROLE_ARN }}"]


def test_previews_and_deployments_take_different_roles() -> None:
    assert roles("pull-request.yml") == PREVIEWS
    assert roles("deploy.yml") == ["${{ env.DEPLOY_ENTRY_ROLE_ARN }}", "${{ env.DEPLOY_ROLE_ARN }}"]


@pytest.mark.parametrize("name", ["pull-request.yml", "drift.yml", "deploy.yml"])
def test_the_way_in_is_taken_only_where_there_is_a_tooling_account(name: str) -> None:
    for step in steps(FOLDER / name):
        role = step.get("with", {}).get("role-to-assume", "")
        if "_ENTRY_" in role:
            assert step["if"] == role.removeprefix("${{ ").removesuffix(" }}")


def test_a_deployment_waits_for_the_environments_reviewers_one_environment_at_a_time() -> None:
    deploy = jobs(FOLDER / "deploy.yml")["deploy"]

    assert deploy["environment"] == "${{ matrix.environment }}"
    assert deploy["strategy"]["max-parallel"] == 1


def test_a_fork_gets_no_role() -> None:
    for job in jobs(FOLDER / "pull-request.yml").values():
        if job.get("permissions", {}).get("id-token") == "write":
            assert "head.repo.full_name == github.repository" in job["if"]


@pytest.mark.parametrize(
    ("name", "event", "subject"),
    [("pull-request.yml", "pull_request", "pull_request"), ("drift.yml", "schedule", "ref:refs/heads/main")],
)
def test_the_role_of_previews_trusts_the_jobs_that_take_it(name: str, event: str, subject: str) -> None:
    """A token names the pull request, or the branch of a scheduled run; an environment would change it."""
    takers = [job for job in jobs(FOLDER / name).values() if job.get("permissions", {}).get("id-token") == "write"]

    assert event in document(FOLDER / name)[True]  # YAML 1.1 reads the key `on` as true
    assert [job for job in takers if "environment" in job] == []
    assert roles(name) == PREVIEWS
    assert f"repo:{{owner_name}}:{subject}" in ci_systems()["github"].preview_subjects
