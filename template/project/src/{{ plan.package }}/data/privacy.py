"""Personal columns: declared once, and dropped, tokenised or kept for a stated reason, before anything is captured."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping

import pandas as pd

from ..problem import DataRefusedError

_TREATMENTS = ("drop", "token", "mask", "keep")


_FOR_SYNTHETIC_DATA = "only for synthetic data"


def key() -> bytes:
    """The key of the tokens: `TOKEN_KEY`, which a job gets from Secrets Manager; on a laptop one that is no secret."""
    return os.environ.get("TOKEN_KEY", _FOR_SYNTHETIC_DATA).encode()


def require(personal: Iterable[str], treatment: Mapping[str, str]) -> None:
    """See that somebody decided on every personal column.

    Raises:
        DataRefusedError: a column has no treatment: silence is no reason to keep what identifies a person.
    """
    missing = sorted(set(personal) - set(treatment))
    if missing:
        raise DataRefusedError(
            "personal columns without a treatment",
            got=", ".join(missing),
            allowed=", ".join(_TREATMENTS),
            fix="decide on each under [privacy] in settings.toml",
        )


def protect(frame: pd.DataFrame, treatment: Mapping[str, str], key: bytes) -> pd.DataFrame:
    """Return `frame` with each declared personal column treated.

    `drop` removes it; `token` replaces it by a keyed hash (HMAC-SHA-256, 16 hexadecimal digits), the same for the
    same person, so that tables still join; `mask` keeps only the last two characters; `keep` leaves it. The key lives
    in Secrets Manager; whoever has not the key cannot find the person by trying all values.

    Raises:
        DataRefusedError: a treatment is unknown.
    """
    unknown = sorted(set(treatment.values()) - set(_TREATMENTS))
    if unknown:
        raise DataRefusedError(
            "a personal column has no known treatment",
            got=", ".join(unknown),
            allowed=", ".join(_TREATMENTS),
            fix="correct [privacy] in settings.toml",
        )
    safe = frame.copy()
    for column in (name for name in treatment if name in frame.columns):
        match treatment[column]:
            case "drop":
                safe = safe.drop(columns=column)
            case "token":
                safe[column] = frame[column].map(lambda value: token(str(value), key), na_action="ignore")
            case "mask":
                safe[column] = frame[column].map(_masked, na_action="ignore")
    return safe


def _masked(value: object) -> str:
    text = str(value)
    return "*" * max(len(text) - 2, 0) + text[-2:]


def token(value: str, key: bytes) -> str:
    """The keyed hash of a value. Letters only, so that no token looks like a card number."""
    digest = hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:16]
    return digest.translate(str.maketrans("0123456789", "ghijklmnop"))
