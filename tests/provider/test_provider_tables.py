"""The tables of names and newer values hold what AWS's and Pulumi's own packages say."""

import importlib
from typing import Any

import pytest

from modelkeel.provider import names
from modelkeel.tables import newer_value, provider_name

botocore_loaders = pytest.importorskip("botocore.loaders", reason="botocore, AWS's own service models, is missing")


@pytest.fixture(scope="session")
def service_models() -> Any:
    return botocore_loaders.Loader()


@pytest.mark.parametrize("row", newer_value.newer_values(), ids=lambda row: f"{row.service}-{row.name}")
def test_aws_lists_each_newer_value(row: newer_value.NewerValues, service_models: Any) -> None:
    listed = set(service_models.load_service_model(row.service, "service-2")["shapes"][row.name]["enum"])

    assert set() == {*row.values, row.beside} - listed


def test_a_value_is_newer_only_beside_the_list_that_it_belongs_to() -> None:
    assert newer_value.is_newer("python3.14", ["dotnet6", "python3.13"])
    assert not newer_value.is_newer("python3.14", ["python3.13"])
    assert not newer_value.is_newer("python2.15", ["dotnet6", "python3.13"])
    assert not newer_value.is_newer("python3.14", ["dotnet6", "python3.14"])


@pytest.mark.parametrize("token", sorted(provider_name.types()))
def test_each_token_of_the_table_is_one_of_pulumis(token: str) -> None:
    module, _, name = token.removeprefix("aws:").rpartition(":")

    source = importlib.import_module(f"pulumi_aws.{module.partition('/')[0]}")

    assert hasattr(source, name)


def test_the_table_holds_no_type_that_a_rule_gives() -> None:
    """A row that says what the rule says hides a change of the rule."""
    needless = {}
    for token, name in provider_name.types().items():
        module, _, last = token.removeprefix("aws:").partition(":")[0].partition("/")
        if f"aws_{provider_name.modules().get(module, module)}_{names.snake(last)}" == name:
            needless[token] = name

    assert {} == needless
