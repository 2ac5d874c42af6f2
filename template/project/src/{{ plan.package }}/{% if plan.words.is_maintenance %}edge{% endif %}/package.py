"""The artefact: one archive with the graph, the distribution of lives and the feature names; equal models, equal bytes.

It carries no code that the model could bring along: the component's code is released with the repository, and the two
must name the same features.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from .. import features, storage
from ..problem import ProblemError
from ..registry.local import Registry
from ..settings import Settings
from ..training import export
from ..training.model import Model
from ..training.survival import Weibull
from . import signing

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FACTS = "model.json"


@dataclass(frozen=True)
class Content:
    """What a device gets: version, graph, and how to read what the graph says."""

    version: str
    runtime: export.Runtime
    lives: Weibull
    horizon_days: int
    act_above: float


def build(home: Path, settings: Settings, number: int) -> Path:
    """Pack an approved version of the registry below `home`/edge and return the archive.

    Raises:
        ProblemError: the graph of the version is not the graph of its model.
    """
    registry = Registry(home, settings.approval.approvers_needed)
    graph = (registry.folder(number) / export.FILE).read_bytes()
    path = home / "edge" / f"model-{number}.zip"
    storage.write_bytes(path, pack(registry.model(number), graph, settings, str(number)))
    return path


def pack(model: Model, graph: bytes, settings: Settings, version: str) -> bytes:
    """The archive of a version, from its model and its graph.

    Raises:
        ProblemError: the graph is not that of the model.
    """
    if graph != export.to_onnx(model):
        raise ProblemError(
            f"the graph of version {version} is not that of its model",
            got="other bytes than the export of the registered trees",
            fix="train and register again; treat it as an incident if nobody changed it",
        )
    facts = {
        "version": version,
        "names": list(features.NAMES),
        "lives": asdict(model.lives),
        "horizon_days": settings.costs.horizon_days,
        "act_above": settings.costs.per_visit / settings.costs.per_failure,
    }
    return _zipped({_FACTS: json.dumps(facts, sort_keys=True).encode(), export.FILE: graph})


def code() -> bytes:
    """This package as an archive that Python imports from: what runs on a device is what was tested here."""
    root = Path(__file__).parent.parent
    files = sorted(path for path in root.rglob("*") if path.suffix in {".py", ".toml"})
    return _zipped({path.relative_to(root.parent).as_posix(): path.read_bytes() for path in files})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def open_signed(path: Path, public: bytes) -> Content:
    """Check the signature, then read the archive.

    Raises:
        NotAllowedError: it is not what the team signed.
        ProblemError: it was made for other features than this component makes.
    """
    signing.verify(path, public)
    with zipfile.ZipFile(path) as archive:
        facts = json.loads(archive.read(_FACTS))
        graph = archive.read(export.FILE)
    if tuple(facts["names"]) != features.NAMES:
        raise ProblemError(
            f"{path.name} was made for other features",
            got=", ".join(sorted(set(facts["names"]) ^ set(features.NAMES))) or "another order",
            fix="release model and component together",
        )
    lives = Weibull(**facts["lives"])
    return Content(facts["version"], export.Runtime(graph), lives, facts["horizon_days"], facts["act_above"])
