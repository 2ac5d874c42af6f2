"""Which SageMaker instances encrypt their disks themselves."""

from __future__ import annotations

import re

_LOCAL_STORAGE = re.compile(
    r"^ml\.(g4dn|g5|g6|g6e|g6f|gr6|g7|g7e|p3dn|p4d|p4de|p5\w*|p6\S*|trn\w+|i\d\w*|[a-z]+\d+[a-z]*d[a-z]*)\."
)


def stores_locally(instance_type: str) -> bool:
    """Return whether `instance_type` (`ml.g5.xlarge`) has NVMe disks, for which SageMaker refuses a volume key.

    Source: Amazon SageMaker API Reference, VolumeKmsKeyId of ResourceConfig, read 2026-11-23.
    """
    return _LOCAL_STORAGE.match(instance_type) is not None
