"""Evidence of a release: one archive with everything an auditor asks for, each file with its hash."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path

from .. import configuration, storage
from ..data import landing
from ..problem import ProblemError
from ..registry.local import VERSION, Registry
from . import audit

MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def bundle(home: Path, registry: Registry, number: int) -> Path:
    """Write the archive of a version and return its path; the same release gives the same bytes.

    It holds the model, its card, evaluation and baseline, the manifest of its data, who approved it and why, the
    settings, and the audit log up to now, after its chain of hashes was checked. On AWS it goes to a bucket with
    object lock.
    """
    version = registry.get(number)
    model = registry.folder(number)
    data = home / landing.DATA / registry.model(number).facts["lineage"].get("name", "history") / "manifest.json"
    files = {
        **{f"model/{path.name}": path.read_bytes() for path in model.iterdir() if path.name != VERSION},
        "data/manifest.json": data.read_bytes(),
        "approval/version.json": _json(asdict(version) | {"status": version.status}),
        "settings.toml": configuration.FILE.read_bytes(),
        "audit.json": _json(audit.read(home)),
    }
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[MANIFEST] = _json({"version": number, "sha256": hashes})
    target = home / "evidence" / f"release-{number}.zip"
    storage.write_bytes(target, _archive(files))
    return target


def verify(path: Path) -> int:
    """Check every file of an archive against its hash, and return how many there are.

    Raises:
        ProblemError: a file was changed, removed or added.
    """
    with zipfile.ZipFile(path) as archive:
        hashes = json.loads(archive.read(MANIFEST))["sha256"]
        found = {
            name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != MANIFEST
        }
    wrong = sorted(name for name in found.keys() | hashes.keys() if found.get(name) != hashes.get(name))
    if wrong:
        raise ProblemError(f"{path.name} is not what was bundled", got=", ".join(wrong), fix="take the locked copy")
    return len(found)


def _json(document: object) -> bytes:
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def _archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
