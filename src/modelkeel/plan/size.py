"""How much data there is, in numbers."""

from __future__ import annotations

import re

from modelkeel.answers.model import Answers

GIB_PER_UNIT = {"GB": 1.0, "TB": 1024.0, "PB": 1024.0 * 1024.0}
BANDS = {"<10GB": 10.0, "<1TB": 1024.0, "<50TB": 51_200.0, ">=50TB": 102_400.0}
FEATURE_SHARE = 0.1


def data_gib(answers: Answers) -> float:
    """Return the size of the lake in GiB; a band counts as its upper end, the open one as 100 TB."""
    if answers.data_volume in BANDS:
        return BANDS[answers.data_volume]
    match = re.fullmatch(r"([0-9.]+)(GB|TB|PB)", answers.data_volume)
    if match is None:
        raise ValueError(f"not a size: {answers.data_volume!r}")
    return float(match[1]) * GIB_PER_UNIT[match[2]]


def training_gib(answers: Answers) -> float:
    """Return GiB that one training run reads: as answered, or a tenth of the lake."""
    return float(answers.training_data_gib) or data_gib(answers) * FEATURE_SHARE
