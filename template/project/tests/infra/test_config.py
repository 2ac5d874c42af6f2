"""Facts about config/: what a deployment reads before it reads anything else."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
STACK_FILES = sorted(ROOT.glob("config/*/Pulumi.*.yaml"))
EVERYWHERE = {"platform", "pulumi", "modelkeel", "aws"}
# The job that the pipeline asks a cluster for is described in a space of its own.
FURTHER = {"kubernetes": ("job",)}


def config_of(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["config"])


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
class TestStack:
    def test_only_the_provider_that_pins_account_and_region_is_allowed(self, path: Path) -> None:
        assert config_of(path)["pulumi:disable-default-providers"] == ["*"]

    def test_the_account_is_twelve_digits(self, path: Path) -> None:
        assert re.fullmatch(r"\d{12}", config_of(path)["platform:account_id"])

    def test_nothing_that_looks_like_a_credential_is_in_plain_text(self, path: Path) -> None:
        assert not re.search(r"AKIA[0-9A-Z]{16}|-----BEGIN|aws_secret", path.read_text(encoding="utf-8"))

    def test_keys_belong_to_the_program_the_platform_or_pulumi(self, path: Path) -> None:
        spaces = {key.split(":")[0] for key in config_of(path)}

        assert spaces - {path.parent.name, *FURTHER.get(path.parent.name, ())} <= EVERYWHERE


def test_every_program_with_settings_has_its_code() -> None:
    programs = {path.parent.name for path in STACK_FILES}

    assert programs
    assert {name for name in programs if not (ROOT / "stacks" / name / "__main__.py").is_file()} == set()


def test_the_name_of_a_project_carries_the_repository() -> None:
    """Two teams on one backend would otherwise overwrite each other's state."""
    names = {
        path.parent.name: yaml.safe_load(path.read_text(encoding="utf-8"))["name"]
        for path in ROOT.glob("config/*/Pulumi.yaml")
    }

    assert len({name.removesuffix(f"-{program}") for program, name in names.items()}) == 1
