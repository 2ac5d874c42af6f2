"""What the groups of questions have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """One group of questions; only the whole answers model is ever validated, so its parts are not built."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
