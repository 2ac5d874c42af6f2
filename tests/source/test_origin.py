"""How a repository names its tool, for each way of installing it (PEP 610)."""

import json
from pathlib import Path
from typing import Any

import pytest

from modelkeel import __version__, source

INSTALLED = f"Metadata-Version: 2.1\nName: modelkeel\nVersion: {__version__}\n"
HOME = "Project-URL: Source, https://git.example.com/modelkeel.git\n"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Installs a distribution that says of itself what the test wants; the first on the path counts."""

    def install(direct_url: dict[str, Any] | None = None, *, metadata: str = INSTALLED) -> source.Origin:
        folder = tmp_path / f"modelkeel-{__version__}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(metadata, encoding="utf-8")
        if direct_url is not None:
            (folder / "direct_url.json").write_text(json.dumps(direct_url), encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        return source.origin()

    return install


def test_an_index_gives_a_version(installed: Any) -> None:
    origin = installed(metadata=INSTALLED + HOME)

    assert origin.tool_requirement == f"modelkeel=={__version__}"
    assert origin.src_path == "https://git.example.com/modelkeel.git"
    assert origin.commit == f"v{__version__}"
    assert origin.warning == ""


@pytest.mark.parametrize(
    ("info", "digest"),
    [
        ({}, ""),
        ({"hash": "sha256=ab12"}, "#sha256=ab12"),
        ({"hashes": {"sha256": "ab12"}}, "#sha256=ab12"),
        ({"hash": "md5=ab12"}, ""),
    ],
)
def test_a_wheel_file_is_pinned_by_its_hash_and_warned_of(installed: Any, info: dict[str, Any], digest: str) -> None:
    """An archive_info may be empty, as uv writes it."""
    origin = installed({"url": "file:///tmp/modelkeel.whl", "archive_info": info})

    assert origin.tool_requirement == f"modelkeel @ file:///tmp/modelkeel.whl{digest}"
    assert "this machine only" in origin.warning


def test_a_wheel_on_a_server_is_no_reason_to_warn(installed: Any) -> None:
    origin = installed({"url": "https://example.com/modelkeel.whl", "archive_info": {}})

    assert origin.tool_requirement == "modelkeel @ https://example.com/modelkeel.whl"
    assert origin.warning == ""


def test_git_is_pinned_by_commit_and_remembered_by_the_tag_asked_for(installed: Any) -> None:
    vcs = {"vcs": "git", "commit_id": COMMIT, "requested_revision": "v0.1.0"}

    origin = installed({"url": "https://git.example.com/modelkeel.git", "vcs_info": vcs})

    assert origin.tool_requirement == f"modelkeel @ git+https://git.example.com/modelkeel.git@{COMMIT}"
    assert origin.src_path == "https://git.example.com/modelkeel.git"
    assert origin.commit == "v0.1.0"


def test_an_editable_install_names_its_folder_and_warns(installed: Any) -> None:
    origin = installed({"url": "file:///anywhere", "dir_info": {"editable": True}})

    assert origin.src_path == str(source.bundle_root())
    assert origin.tool_requirement == f"modelkeel @ {source.bundle_root().as_uri()}"
    assert "this machine only" in origin.warning


def test_no_credential_reaches_a_repository(installed: Any) -> None:
    vcs = {"vcs": "git", "commit_id": COMMIT}

    origin = installed({"url": "https://user:token@git.example.com/modelkeel.git", "vcs_info": vcs})

    assert "token" not in json.dumps(origin.answers())
    assert "user" not in json.dumps(origin.answers())


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://user:token@example.com/x.git", "https://example.com/x.git"),
        ("https://${TOKEN}@example.com:8443/x.git", "https://example.com:8443/x.git"),
        ("ssh://git:secret@example.com/x.git", "ssh://git@example.com/x.git"),
        ("ssh://git@example.com/x.git", "ssh://git@example.com/x.git"),
        ("file:///tmp/a@b.whl", "file:///tmp/a@b.whl"),
    ],
)
def test_addresses_lose_their_credentials_and_nothing_else(url: str, kept: str) -> None:
    assert source.without_credentials(url) == kept


def test_the_answers_have_the_names_that_copier_reads(installed: Any) -> None:
    assert sorted(installed().answers()) == ["_commit", "_src_path", "tool_requirement"]


def test_the_bundle_holds_what_is_rendered() -> None:
    assert {"copier.yml", "template", "stacks", "policies"} <= {path.name for path in source.bundle_root().iterdir()}
