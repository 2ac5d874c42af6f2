"""Answers: what a person says about scale and compliance, validated; every question exists here and nowhere else."""

from __future__ import annotations

from modelkeel.answers.digest import digest
from modelkeel.answers.loading import load, presets
from modelkeel.answers.model import Answers, flat

__all__ = ["Answers", "digest", "flat", "load", "presets"]
