"""Which build is taken when several places have one."""

from pathlib import Path

import pytest

from modelkeel.errors import ModelkeelError
from modelkeel.provider import discovery


def plant(folder: Path, version: str, *, mode: int = 0o755) -> Path:
    """Lay a build into a mirror at `folder`."""
    home = folder / "registry.example" / "hashicorp" / "aws" / version / discovery.target()
    home.mkdir(parents=True, exist_ok=True)
    path = home / f"terraform-provider-aws_v{version}_x5"
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def find(home: Path, roots: tuple[str, ...] = (), **environment: str) -> discovery.Binary:
    return discovery.find({"XDG_DATA_DIRS": str(home / "nothing"), **environment}, home, roots)


def test_each_place_gives_way_to_the_one_before(tmp_path: Path) -> None:
    """The order of the documentation: variable, CLI configuration, cache, plugin folders, data folders, roots."""
    (tmp_path / ".terraformrc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path}/mirror"\n  }}\n}}\n'
        f'plugin_cache_dir = "{tmp_path}/configured-cache"\n'
    )
    roots, environment = (str(tmp_path / "root"),), {"TF_PLUGIN_CACHE_DIR": str(tmp_path / "cache")}
    places = [
        tmp_path / "root" / "plugins",
        tmp_path / ".local/share/terraform/plugins",
        tmp_path / ".terraform.d/plugins",
        tmp_path / "cache",
        tmp_path / "configured-cache",
        tmp_path / "mirror",
    ]
    for minor, place in enumerate(places):
        path = plant(place, f"5.{minor}.0")
        assert path == find(tmp_path, roots, **environment).path

    wish = plant(tmp_path / "wish", "4.0.0")
    assert wish == find(tmp_path, roots, MODELKEEL_AWS_PROVIDER=str(wish), **environment).path


def test_a_named_configuration_stands_for_the_usual_one(tmp_path: Path) -> None:
    (tmp_path / ".terraformrc").write_text(f'plugin_cache_dir = "{tmp_path}/usual"\n')
    (tmp_path / "other.rc").write_text(f'# plugin_cache_dir = "{tmp_path}/usual"\nplugin_cache_dir = "{tmp_path}/it"\n')
    plant(tmp_path / "usual", "6.0.0")
    path = plant(tmp_path / "it", "5.0.0")

    assert path == find(tmp_path, TF_CLI_CONFIG_FILE=str(tmp_path / "other.rc")).path


def test_the_newest_build_of_a_place_is_taken(tmp_path: Path) -> None:
    """Numbers count, not letters: 5.100 is newer than 5.99."""
    for version in ("5.99.0", "5.100.0", "5.9.1"):
        plant(tmp_path / "cache", version)

    assert "5.100.0" == find(tmp_path, TF_PLUGIN_CACHE_DIR=str(tmp_path / "cache")).version_text


def test_a_build_found_by_guessing_must_not_be_writable_by_all(tmp_path: Path) -> None:
    plant(tmp_path / "root" / "plugins", "5.0.0", mode=0o757)

    with pytest.raises(ModelkeelError):
        find(tmp_path, (str(tmp_path / "root"),))


def test_a_build_for_another_machine_or_not_runnable_is_none(tmp_path: Path) -> None:
    plant(tmp_path / "cache", "5.0.0", mode=0o644)

    with pytest.raises(ModelkeelError):
        find(tmp_path, TF_PLUGIN_CACHE_DIR=str(tmp_path / "cache"))


def test_a_wish_that_leads_nowhere_is_not_replaced_by_a_guess(tmp_path: Path) -> None:
    """Who names a build wants that one; the error names the variable, what it must hold, and exits with 3."""
    plant(tmp_path / "cache", "5.0.0")

    with pytest.raises(ModelkeelError) as caught:
        find(tmp_path, MODELKEEL_AWS_PROVIDER=str(tmp_path / "no"), TF_PLUGIN_CACHE_DIR=str(tmp_path / "cache"))

    (problem,) = caught.value.problems
    assert 3 == caught.value.exit_code
    assert "MODELKEEL_AWS_PROVIDER" in problem.got
    assert "MODELKEEL_AWS_PROVIDER" in problem.fix
