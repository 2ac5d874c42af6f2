"""Plan -> files: the template, compiled once, rendered byte for byte as copier renders it."""

from __future__ import annotations

from modelkeel.render.destination import refuse_unsuitable, write
from modelkeel.render.rendering import RenderedFile, render

__all__ = ["RenderedFile", "refuse_unsuitable", "render", "write"]
