"""`modelkeel quotas` from the command line to its exit code."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cost import platform_graph as make
from json_schema import problems
from quotas.account_server import serving

from modelkeel import cli, graph, quotas

ENDPOINT = ("sagemaker", "L-0AAAAAA1", "ml.c7i.2xlarge for endpoint usage")
TOTAL = ("sagemaker", "L-7A3DF611", "Number of instances across active endpoints")


@pytest.fixture
def graph_file(tmp_path: Path) -> Path:
    path = tmp_path / "graph.json"
    path.write_text(graph.dumps(make.graph(make.serving())), encoding="utf-8")
    return path


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    def at(address: str) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)

    return at


def test_needs_are_listed_with_their_requests(graph_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["quotas", "--graph", str(graph_file)]) == 0

    out = capsys.readouterr().out
    assert "2 quotas needed, 2 to request" in out
    assert "2 fleets during an update: 2 * 12 = 24" in out
    assert "--desired-value 24 --quota-code L-7A3DF611" in out


def test_the_json_follows_its_schema(graph_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["quotas", "--graph", str(graph_file), "--output", "json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert problems(document, "quotas") == []
    assert [24, 24] == [need["needed"] for need in document["needs"]]
    assert document["live"] is False


@pytest.mark.parametrize(("value", "code", "result"), [(10, 1, "short"), (24, 0, "enough")])
def test_a_live_account_is_asked(
    graph_file: Path, signed_in: Any, capsys: pytest.CaptureFixture[str], value: int, code: int, result: str
) -> None:
    """The exit code tells CI; the request carries the code that the account told."""
    with serving(make.ACCOUNT, {ENDPOINT: value, TOTAL: 100}) as address:
        signed_in(address)

        assert cli.run(["quotas", "--graph", str(graph_file), "--live", "--output", "json"]) == code

    document = json.loads(capsys.readouterr().out)
    assert problems(document, "quotas") == []
    endpoint, total = document["needs"]
    assert (result, "L-0AAAAAA1", value) == (endpoint["result"], endpoint["code"], endpoint["granted"])
    assert (result == "short") == ("L-0AAAAAA1" in (endpoint["request"] or ""))
    assert ("enough", None) == (total["result"], total["request"])


def test_the_credentials_of_another_account_are_refused(
    graph_file: Path, signed_in: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Quotas of the tooling account say nothing about production's."""
    with serving("999999999999", {}) as address:
        signed_in(address)

        assert cli.run(["quotas", "--graph", str(graph_file), "--live"]) == 3

    assert "belong to another account" in capsys.readouterr().err


def test_a_request_without_a_code_looks_it_up_by_name(tmp_path: Path) -> None:
    """The printed line is run by a real shell, with an `aws` that only answers the lookup."""
    need = next(need for need in quotas.needed(make.graph(make.serving())) if not need.code)
    fake = tmp_path / "aws"
    fake.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        "*list-aws-default-service-quotas*\"Quotas[?QuotaName=='ml.c7i.2xlarge for endpoint usage'].QuotaCode\"*) "
        "printf '\\n\\nL-0AAAAAA1\\n';;\n"
        '*) printf "%s|" "$@";;\n'
        "esac\n"
    )
    fake.chmod(0o755)
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(["sh", "-c", quotas.command(need)], env=path, capture_output=True, text=True, check=True)

    assert done.stdout == (
        "service-quotas|request-service-quota-increase|--region|eu-west-1|--service-code|sagemaker|"
        "--desired-value|24|--quota-code|L-0AAAAAA1|"
    )
