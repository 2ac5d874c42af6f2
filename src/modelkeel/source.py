"""Where the template is, and how a generated repository names the tool that made it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from modelkeel import __version__

NAME = "modelkeel"
_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a generated repository records of its template and its tool.

    `warning` says when the requirement works on this machine only; it is empty otherwise.
    """

    src_path: str
    commit: str
    tool_requirement: str
    warning: str = ""

    def answers(self) -> dict[str, str]:
        """Return the values under the names that copier and the template use."""
        return {"_src_path": self.src_path, "_commit": self.commit, "tool_requirement": self.tool_requirement}


def bundle_root() -> Path:
    """Return the folder with copier.yml, template/, stacks/ and policies/: in the package, or the repository."""
    bundle = _PACKAGE / "_bundle"
    return bundle if bundle.is_dir() else _PACKAGE.parents[1]


def origin() -> Origin:
    """Return where the installed tool comes from, by PEP 610; credentials in an address are left out."""
    try:
        installed = metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        return _local(bundle_root())
    text = installed.read_text("direct_url.json")
    if text is None:
        return Origin(
            src_path=_home(installed) or str(bundle_root()),
            commit=f"v{__version__}",
            tool_requirement=f"{NAME}=={__version__}",
        )
    return _direct(json.loads(text), _home(installed))


def _direct(document: dict[str, Any], home: str | None) -> Origin:
    url = without_credentials(str(document["url"]))
    if "dir_info" in document:
        return _local(bundle_root() if document["dir_info"].get("editable") else Path(urlsplit(url).path))
    if "vcs_info" in document:
        info = document["vcs_info"]
        return Origin(
            src_path=url,
            commit=str(info.get("requested_revision") or info["commit_id"]),
            tool_requirement=f"{NAME} @ {info['vcs']}+{url}@{info['commit_id']}",
            warning=_warning(url),
        )
    digest = _digest(document.get("archive_info") or {})
    return Origin(
        src_path=home or url,
        commit=f"v{__version__}",
        tool_requirement=f"{NAME} @ {url}{digest}",
        warning=_warning(url),
    )


def _local(folder: Path) -> Origin:
    url = folder.as_uri()
    return Origin(
        src_path=str(folder),
        commit=_described(folder) or f"v{__version__}",
        tool_requirement=f"{NAME} @ {url}",
        warning=_warning(url),
    )


def _home(installed: metadata.Distribution) -> str | None:
    """Return the address of the tool's repository from its metadata."""
    for entry in installed.metadata.get_all("Project-URL") or ():
        label, _, url = entry.partition(",")
        if label.strip().lower() in {"source", "repository"}:
            return str(url.strip())
    return None


def _digest(info: dict[str, Any]) -> str:
    hashes = info.get("hashes") or dict([str(info["hash"]).split("=", 1)] if "hash" in info else [])
    return f"#sha256={hashes['sha256']}" if "sha256" in hashes else ""


def _warning(url: str) -> str:
    if not url.startswith("file:"):
        return ""
    return (
        f"the repository pins {NAME} to {url}, which exists on this machine only; install from an index or git to share"
    )


def without_credentials(url: str) -> str:
    """Return `url` without user and password; the user of an ssh address stays, for it says nothing."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url
    keep = f"{user.partition(':')[0]}@" if "ssh" in parts.scheme else ""
    return urlunsplit(parts._replace(netloc=keep + host))


def _described(folder: Path) -> str:
    """Return what `git describe` says of the folder; empty where it is no repository of its own or git is missing."""
    if not (folder / ".git").exists():
        return ""
    try:
        found = subprocess.run(  # noqa: S603 (fixed words and a path, no shell)
            ["git", "-C", str(folder), "describe", "--tags", "--always"],  # noqa: S607 (the user's git)
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return found.stdout.strip()
