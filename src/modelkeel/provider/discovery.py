"""Where a build of the AWS provider for Terraform may lie on this machine; nothing is ever downloaded.

Order, first place with a build wins, its newest version is taken: our own variable, Terraform's CLI
configuration, its plugin cache, its plugin folders, and last the roots where mirrors are commonly unpacked.
Source of folders and layouts: https://developer.hashicorp.com/terraform/cli/config/config-file ("Implied Local
Mirror Directories", "filesystem_mirror", "Provider Plugin Cache"), read 2026-11-23.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from modelkeel.errors import environment_error

VARIABLE = "MODELKEEL_AWS_PROVIDER"
BINARY = "terraform-provider-aws"
# A folder below these may be a mirror: `ROOT/<any>/<host>/hashicorp/aws/<version>/<os>_<arch>/`.
CONVENTIONAL_ROOTS = ("/opt", "/srv", "/usr/local/lib", "/var/lib")
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, kw_only=True)
class Binary:
    """A build of the AWS provider, its version and the place that led to it."""

    path: Path
    version: tuple[int, int, int]
    place: str

    @property
    def version_text(self) -> str:
        """The version as people write it."""
        return ".".join(str(number) for number in self.version)


@dataclass(frozen=True)
class Place:
    """A folder (or a file) to look in; `shared` marks roots that other users may write to."""

    path: Path
    name: str
    shared: bool = False


def at_hand() -> Binary:
    """Return the build to use on this machine.

    Raises:
        ModelkeelError: as `find`.
    """
    return find(os.environ, Path.home())


def find(environment: Mapping[str, str], home: Path, roots: Sequence[str] = CONVENTIONAL_ROOTS) -> Binary:
    """Return the build to use on a machine with these variables and this home folder.

    Raises:
        ModelkeelError: there is none, or our variable names a place without one (exit code 3).
    """
    wish = environment.get(VARIABLE)
    looked: list[str] = []
    for place in [Place(Path(wish).expanduser(), VARIABLE)] if wish else places(environment, home, roots):
        found = builds(place)
        if found:
            return max(found, key=lambda binary: (binary.version, str(binary.path)))
        looked.append(place.name)
    raise environment_error(
        "no build of the AWS provider for Terraform was found: --validate has nothing to ask",
        got=f"{VARIABLE}={wish}" if wish else "none in " + ", ".join(dict.fromkeys(looked)),
        allowed=f"an unpacked {BINARY} for {target()}, version 5 or later",
        fix=f"set {VARIABLE} to the binary, or to a folder laid out by `terraform providers mirror` and unpacked",
    )


def places(environment: Mapping[str, str], home: Path, roots: Sequence[str] = CONVENTIONAL_ROOTS) -> Iterator[Place]:
    """Yield where to look, in order, without our own variable."""
    for config in _config_files(environment, home):
        yield from _configured(config)
    if cache := environment.get("TF_PLUGIN_CACHE_DIR"):
        yield Place(Path(cache).expanduser(), "TF_PLUGIN_CACHE_DIR")
    yield Place(home / ".terraform.d" / "plugins", "~/.terraform.d/plugins")
    yield Place(home / ".terraform.d" / "plugin-cache", "~/.terraform.d/plugin-cache")
    data_home = environment.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    data_dirs = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for data in [data_home, *data_dirs.split(":")]:
        yield Place(Path(data) / "terraform" / "plugins", "the XDG data folders of Terraform")
    for root in roots:
        for folder in sorted(_folders(Path(root))):
            yield Place(folder, f"mirrors in {root}", shared=True)


def builds(place: Place) -> list[Binary]:
    """Return the runnable builds for this machine in `place`: a file, a mirror or a flat plugin folder."""
    if place.path.is_file():
        candidates = [place.path]
    else:
        packed = f"*/hashicorp/aws/*/{target()}/{BINARY}*"
        patterns = (packed, packed.removeprefix("*/"), f"{BINARY}_v*", f"{target()}/{BINARY}_v*")
        candidates = [path for pattern in patterns for path in _glob(place.path, pattern)]
    return [
        Binary(path=path, version=_version(path), place=place.name)
        for path in candidates
        if path.is_file() and os.access(path, os.X_OK) and not (place.shared and _anyone_writes(path))
    ]


def target() -> str:
    """Return this machine as the provider's builds name it, for example `linux_amd64`."""
    machine = platform.machine()
    return f"{platform.system().lower()}_{_MACHINES.get(machine, machine)}"


def _config_files(environment: Mapping[str, str], home: Path) -> list[Path]:
    named = environment.get("TF_CLI_CONFIG_FILE") or environment.get("TERRAFORM_CONFIG")
    usual = [home / ".terraformrc", home / ".tofurc"]
    if data := environment.get("APPDATA"):
        usual.append(Path(data) / "terraform.rc")
    return [Path(named).expanduser()] if named else usual


def _configured(config: Path) -> Iterator[Place]:
    """Yield the folders that a CLI configuration names: overrides, mirrors, then its cache."""
    try:
        text = re.sub(r"(?m)^\s*(#|//).*$", "", config.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return
    name = f"the CLI configuration {config.name}"
    overrides = re.findall(r'"[^"]*hashicorp/aws"\s*=\s*"([^"]+)"', text)
    mirrors = re.findall(r'filesystem_mirror\s*\{[^}]*?path\s*=\s*"([^"]+)"', text)
    caches = re.findall(r'plugin_cache_dir\s*=\s*"([^"]+)"', text)
    for found in [*overrides, *mirrors, *caches]:
        yield Place(Path(os.path.expandvars(found)).expanduser(), name)


def _folders(root: Path) -> list[Path]:
    try:
        return [entry for entry in root.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _glob(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _version(path: Path) -> tuple[int, int, int]:
    """Return the version that the file's name or its folder says; 0.0.0 where neither does."""
    for text in (path.name, path.parent.parent.name):
        if match := _VERSION.search(text):
            return int(match[1]), int(match[2]), int(match[3])
    return 0, 0, 0


def _anyone_writes(path: Path) -> bool:
    """Whether somebody else could have put the file there: a binary found by guessing must not be theirs."""
    if not hasattr(os, "getuid"):
        return False
    return any(
        part.stat().st_mode & 0o002 or part.stat().st_uid not in {0, os.getuid()} for part in (path, path.parent)
    )
