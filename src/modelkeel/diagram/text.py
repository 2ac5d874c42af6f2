"""How wide text may become, and text cut to a width, without asking a font."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
BOLD = 1.08
# Widths as shares of the font size: upper bounds over Arial, Segoe UI, Roboto and DejaVu Sans, so that text
# fits in the box whichever of them a reader has.
_NARROW = frozenset("fijlrtI.,:;'|!()[]{} ")
_WIDE = frozenset("mwMW@%&")
_NARROW_EM, _LOWER_EM, _UPPER_EM, _WIDE_EM, _FULL_EM = 0.4, 0.62, 0.75, 1.0, 1.1


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return an upper bound of the width of `text` in pixels at font size `size`."""
    return sum(_em(character) for character in text) * size * (BOLD if bold else 1.0)


def fit(text: str, limit: float, size: float, *, bold: bool = False) -> str:
    """Return `text`, cut with an ellipsis where it would be wider than `limit` pixels."""
    clean = "".join(character if character.isprintable() else " " for character in text)
    if width(clean, size, bold=bold) <= limit:
        return clean
    kept = ""
    for character in clean:
        if width(kept + character + ELLIPSIS, size, bold=bold) > limit:
            break
        kept += character
    return kept.rstrip() + ELLIPSIS


def _em(character: str) -> float:
    if character in _NARROW:
        return _NARROW_EM
    if character in _WIDE:
        return _WIDE_EM
    if unicodedata.east_asian_width(character) in {"W", "F"} or ord(character) > 0x2FFF:
        return _FULL_EM
    return _UPPER_EM if character.isupper() or character == ELLIPSIS or ord(character) > 0x7F else _LOWER_EM
