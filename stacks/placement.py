"""Which bucket holds a purpose and which key encrypts it.

A large environment has a bucket and a key for each; a small one lets one stand in for another. Objects of
a purpose always lie below `<purpose>/`, so that splitting a bucket later moves prefixes, not names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

PURPOSES = ("raw", "curated", "features", "models", "capture", "logs")
KEY_CLASSES = ("data", "features", "models", "capture", "logs", "evidence", "backup")

BUCKET_STAND_INS: Mapping[str, str] = {"raw": "curated", "features": "curated", "capture": "curated"}
KEY_STAND_INS: Mapping[str, str] = {"features": "data", "capture": "data", "evidence": "logs", "backup": "data"}

# Access logs are not here: S3 writes them only to buckets with S3-managed encryption.
KEY_CLASS_OF_PURPOSE: Mapping[str, str] = {
    "raw": "data",
    "curated": "data",
    "features": "features",
    "models": "models",
    "capture": "capture",
}


def bucket_of(purpose: str, buckets: Collection[str]) -> str:
    """Return the purpose whose bucket holds `purpose`, given the purposes that have a bucket.

    Raises:
        ValueError: neither the purpose nor its stand-in has a bucket.
    """
    return _holder(purpose, buckets, BUCKET_STAND_INS, "bucket")


def key_of(data_class: str, key_classes: Collection[str]) -> str:
    """Return the data class whose key encrypts `data_class`, given the classes that have a key.

    Raises:
        ValueError: neither the class nor its stand-in has a key.
    """
    return _holder(data_class, key_classes, KEY_STAND_INS, "key")


def purposes_in(bucket: str, buckets: Collection[str]) -> tuple[str, ...]:
    """Return the purposes that the bucket of `bucket` holds, its own included."""
    return tuple(purpose for purpose in PURPOSES if bucket_of(purpose, buckets) == bucket)


def classes_in(key_class: str, key_classes: Collection[str]) -> tuple[str, ...]:
    """Return the data classes that the key of `key_class` encrypts, its own included."""
    return tuple(name for name in KEY_CLASSES if key_of(name, key_classes) == key_class)


def _holder(name: str, present: Collection[str], stand_ins: Mapping[str, str], kind: str) -> str:
    if name in present:
        return name
    stand_in = stand_ins.get(name)
    if stand_in in present:
        return str(stand_in)
    raise ValueError(f"{name!r} has no {kind} of its own and none that stands in: {kind}s are {sorted(present)}")
