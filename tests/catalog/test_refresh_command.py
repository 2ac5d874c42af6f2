"""`modelkeel catalog refresh` as a shell sees it; AWS is stubbed below boto3."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from catalog import price_server as server

from modelkeel import aws, cli, source
from modelkeel.tables import reader


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree of its own, and a Price List that knows NAT gateways."""
    folder = tmp_path / "src" / "modelkeel" / "tables"
    shutil.copytree(reader.FOLDER, folder)
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(source, "bundle_root", lambda: tmp_path)
    monkeypatch.setattr(reader, "FOLDER", folder)

    def listed(_: str, asked: Any) -> list[dict[str, Any]]:
        return (
            [server.product("EU-NatGateway-Hours", ("0", "0.05"))]
            if asked.get("usagetype") == "NatGateway-Hours"
            else []
        )

    pricing = server.price_list(listed)
    monkeypatch.setattr(aws, "clients", lambda: lambda service, region: pricing)
    return folder


ARGUMENTS = ["catalog", "refresh", "--table", "prices", "--today", "2026-12-02"]


def test_a_dry_run_shows_the_difference_and_writes_nothing(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (tables / "prices.json").read_bytes()

    assert 0 == cli.run([*ARGUMENTS, "--dry-run"])
    streams = capsys.readouterr()
    assert '+{"basis": "price_list", "checked": "2026-12-02", "region": "eu-west-1"' in streams.out
    assert "prices.json: kept ecr-storage eu-west-1" in streams.err
    assert "2 rows renewed; would change" in streams.err
    assert before == (tables / "prices.json").read_bytes()


def test_a_refresh_writes_the_table_and_touches_no_other(tables: Path) -> None:
    others = {
        path.name: path.read_bytes() for path in tables.iterdir() if path.is_file() and path.name != "prices.json"
    }

    assert 0 == cli.run(ARGUMENTS)
    assert '"usd": "0.05", "verified": true' in (tables / "prices.json").read_text(encoding="utf-8")
    assert others == {name: (tables / name).read_bytes() for name in others}


def test_an_installed_wheel_is_not_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(source, "bundle_root", lambda: tmp_path / "_bundle")

    assert 3 == cli.run(ARGUMENTS)
    assert "clone the repository" in capsys.readouterr().err


def test_without_credentials_the_command_ends_with_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")

    assert 3 == cli.run(ARGUMENTS)
    assert "no AWS credentials" in capsys.readouterr().err


def test_a_table_that_aws_cannot_renew_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == cli.run(["catalog", "refresh", "--table", "frameworks"])
    assert "instances, prices, quotas" in capsys.readouterr().err
