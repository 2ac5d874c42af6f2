"""Which SageMaker instance types bring local NVMe storage, where a volume key is refused."""

from __future__ import annotations

import re

_ACCELERATED = re.compile(
    r"^(g4dn|g5|g6|g6e|gr6|g6f|g7|g7e|p3dn|p4d|p4de|p5|p5e|p5en|p6-b200|p6-b300|p6e-gb200|trn\w+)$"
)
_DISK_SUFFIX = re.compile(r"^[a-z]+\d+[a-z]*d[a-z]*$")
_SPECIAL = ("i3", "i3en", "i4i", "i7i")


def has_local_storage(instance_type: str) -> bool:
    """Return whether `instance_type` (`ml.g6.xlarge`) stores on NVMe disks of its own.

    SageMaker rejects a VolumeKmsKeyId for these types; their disks are encrypted by the hardware.
    Source: Amazon SageMaker API Reference, ResourceConfig.VolumeKmsKeyId, read 2026-11-23.
    """
    family = instance_type.removeprefix("ml.").split(".")[0]
    return bool(_ACCELERATED.match(family) or _DISK_SUFFIX.match(family)) or family in _SPECIAL


def volume_key(instance_type: str, key_arn: str) -> str | None:
    """Return the key for the storage volume of `instance_type`; None where SageMaker refuses one."""
    return None if has_local_storage(instance_type) else key_arn
