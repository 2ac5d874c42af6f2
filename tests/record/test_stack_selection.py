"""Which stacks a graph holds, and in which order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelkeel import record
from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph


@pytest.fixture
def house(repository: Any) -> Any:
    """Two accounts: dev and staging share one, prod has its own."""
    one, two = {"platform:account_id": "111111111111"}, {"platform:account_id": "222222222222"}
    repository.program("organization", "pass\n", stacks=("shared",), one_per="organization")
    repository.program("account", "pass\n", stacks=("111111111111",), one_per="account", config=one)
    repository.program("account", "pass\n", stacks=("222222222222",), one_per="account", config=two)
    repository.program("identity", 'pulumi.export("stack", pulumi.get_stack())\n', stacks=("prod",), config=two)
    repository.program(
        "identity", 'pulumi.export("stack", pulumi.get_stack())\n', stacks=("dev", "staging"), config=one
    )
    reader = """
    up = pulumi.StackReference("up", f"{pulumi.get_organization()}/shop-identity/{pulumi.get_stack()}")
    pulumi.export("from", up.require_output("stack"))
    """
    repository.program("data", reader, stacks=("prod",), config=two, upstream=("identity",))
    repository.program("data", reader, stacks=("dev", "staging"), config=one, upstream=("identity",))
    return repository


def stacks(graph: Graph) -> list[str]:
    return [f"{stack.program}/{stack.stack}" for stack in graph.stacks]


def test_an_environment_comes_with_the_account_that_it_stands_on(house: Any) -> None:
    assert ["account/111111111111", "identity/staging", "data/staging"] == stacks(house.record(environment="staging"))
    assert ["account/222222222222", "identity/prod", "data/prod"] == stacks(house.record(environment="prod"))


def test_shared_is_the_organization_and_all_is_everything(house: Any) -> None:
    assert ["organization/shared"] == stacks(house.record(environment="shared"))
    everything = stacks(house.record(environment="all"))
    assert ["organization/shared", "account/111111111111", "account/222222222222"] == everything[:3]
    assert ["identity/dev", "identity/prod", "identity/staging"] == everything[3:6]
    assert 9 == len(everything)


def test_what_the_project_has_once_comes_with_every_environment_and_with_its_account(house: Any) -> None:
    apart = {"platform:account_id": "333333333333"}
    house.program("account", "pass\n", stacks=("333333333333",), one_per="account", config=apart)
    house.program("tooling", "pass\n", stacks=("shared",), one_per="project", config=apart)

    staging, shared = (set(stacks(house.record(environment=name))) for name in ("staging", "shared"))
    assert {"account/111111111111", "account/333333333333", "tooling/shared"} < staging
    assert {"organization/shared", "account/333333333333", "tooling/shared"} == shared


def test_one_program_is_returned_without_its_upstream_that_is_run(house: Any) -> None:
    recorded = house.record(environment="prod", program="data")

    assert ["data/prod"] == stacks(recorded)
    assert {"from": "prod"} == recorded.stacks[0].exports


def test_each_environment_reads_its_own_upstream(house: Any) -> None:
    exports = [stack.exports for stack in house.record(environment="all").stacks if stack.program == "data"]

    assert [{"from": "dev"}, {"from": "prod"}, {"from": "staging"}] == exports


def test_the_graph_names_project_account_and_region(house: Any) -> None:
    recorded = house.record(environment="prod")

    assert ("shop", "prod", "simulate") == (recorded.project, recorded.environment, recorded.fidelity)
    assert {("222222222222", "eu-west-1")} == {(stack.account, stack.region) for stack in recorded.stacks}


def test_environments_are_listed(house: Any) -> None:
    assert ("dev", "prod", "staging") == record.environments(house.directory)


def test_an_unknown_environment_lists_those_that_exist(house: Any) -> None:
    problem, exit_code = house.problem(environment="production")

    assert ("production", "dev, prod, staging, shared, all", 2) == (problem.got, problem.allowed, exit_code)


def test_an_unknown_program_lists_those_that_exist(house: Any) -> None:
    problem, exit_code = house.problem(program="dta")

    assert ("dta", "organization, account, identity, data", 2) == (problem.got, problem.allowed, exit_code)


def test_shared_is_unknown_where_there_is_no_organization(repository: Any) -> None:
    repository.program("data", "pass\n")

    assert "dev, all" == repository.problem(environment="shared")[0].allowed


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.rmdir(), lambda path: (path / "config").mkdir()])
def test_a_folder_that_is_no_generated_repository_is_told_with_the_fix(tmp_path: Path, make: Any) -> None:
    folder = tmp_path / "somewhere"
    folder.mkdir()
    make(folder)

    with pytest.raises(ModelkeelError) as caught:
        record.project(folder, environment="dev")

    (problem,) = caught.value.problems
    assert f"{folder} is not a repository that modelkeel made" == problem.what
    assert "modelkeel new" in problem.fix
    assert 2 == caught.value.exit_code


def test_a_program_whose_folder_is_gone_is_told(repository: Any) -> None:
    repository.program("data", "pass\n")
    (repository.directory / "stacks/data/__main__.py").unlink()

    assert ("the data program is not there", 2) == (repository.problem()[0].what, repository.problem()[1])


def test_configuration_of_an_unknown_program_is_told(repository: Any) -> None:
    repository.program("data", "pass\n").write("config/extra/Pulumi.yaml", "name: shop-extra\n")

    assert "config/extra belongs to no program" == repository.problem()[0].what


@pytest.mark.parametrize(
    "row", ["data = 1\n", '[data]\none_per = "planet"\n', '[data]\none_per = "account"\nupstream = 3\n']
)
def test_a_program_that_is_not_described_is_told(repository: Any, row: str) -> None:
    repository.program("data", "pass\n").write("stacks/programs.toml", row)

    problem, exit_code = repository.problem()

    assert ("data in stacks/programs.toml is not described", 2) == (problem.what, exit_code)


def test_an_order_of_programs_that_is_no_toml_is_told(repository: Any) -> None:
    repository.program("data", "pass\n").write("stacks/programs.toml", "[data\n")

    assert ("stacks/programs.toml is not TOML", 2) == (repository.problem()[0].what, repository.problem()[1])


def test_another_environment_is_not_upstream(house: Any) -> None:
    """A development stack must not come to depend on production."""
    house.write("stacks/data/__main__.py", 'import pulumi\npulumi.StackReference("organization/shop-identity/prod")\n')

    problem, _ = house.problem(environment="dev")

    assert "organization/shop-identity/dev" == problem.allowed
