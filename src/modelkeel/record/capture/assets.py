"""Digests of the files and archives that a program hands to a resource, relative to its working directory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import sdk, wire


class AssetError(Exception):
    """A file or folder that the program names is not there."""


def digest(value: Mapping[str, Any]) -> str:
    """Return `sha256:<hex>` of an asset's content, or of the address when it lies elsewhere on the network.

    Raises:
        AssetError: the file or folder does not exist.
    """
    return f"sha256:{_hash(value).hexdigest()}"


def _hash(value: Mapping[str, Any]) -> Any:
    if "text" in value:
        return hashlib.sha256(value["text"].encode())
    if "uri" in value:
        return hashlib.sha256(b"uri:" + value["uri"].encode())
    if "assets" in value:
        return _hash_members(value["assets"])
    if "path" in value:
        return _hash_path(Path(value["path"]))
    return hashlib.sha256(b"")


def _hash_members(members: Mapping[str, Any]) -> Any:
    found = hashlib.sha256()
    for name in sorted(members):
        member = wire.reveal(members[name])
        content = _hash(member).hexdigest() if isinstance(member, dict) and sdk.SIGNATURE_KEY in member else "unknown"
        found.update(f"{name}\0{content}\n".encode())
    return found


def _hash_path(path: Path) -> Any:
    if path.is_file():
        return hashlib.sha256(path.read_bytes())
    if not path.is_dir():
        raise AssetError(str(path))
    found = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        # Compiled files change with the interpreter, not with the program.
        if file.is_file() and "__pycache__" not in file.parts:
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            found.update(f"{file.relative_to(path).as_posix()}\0{content}\n".encode())
    return found
