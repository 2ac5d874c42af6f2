"""Where in the project a call or a failure comes from: a path relative to the project, a line from one."""

from __future__ import annotations

import contextlib
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

# Their lines say nothing: who calls them is to blame.
PLUMBING = frozenset({"stacks/settings.py", "stacks/upstream.py"})
FOREIGN_FOLDERS = frozenset({".venv", "venv", "site-packages", "dist-packages", "node_modules"})

MARK = "modelkeel_mark"


@dataclass(frozen=True)
class Mark:
    """Where an error in an apply comes from: the project's line, and the file that raised it."""

    location: tuple[str, int] | None
    raised_in: str


def raised_in(error: BaseException) -> str:
    """Return the file of the innermost frame of an error in an apply; empty of others."""
    mark = getattr(error, MARK, None)
    return mark.raised_in if isinstance(mark, Mark) else ""


class Locator:
    """Tells the project's own source lines from those of libraries."""

    def __init__(self, directory: str) -> None:
        self._roots = sorted({Path(directory).absolute(), Path(directory).resolve()})
        self._known: dict[str, str | None] = {}

    def relative(self, filename: str) -> str | None:
        """Return the path relative to the project, or None where the file is not the project's own."""
        if filename not in self._known:
            self._known[filename] = self._relative(filename)
        return self._known[filename]

    def _relative(self, filename: str) -> str | None:
        if filename.startswith("<"):
            return None
        for root in self._roots:
            path = Path(filename)
            if path.is_relative_to(root):
                inside = path.relative_to(root)
                return None if FOREIGN_FOLDERS.intersection(inside.parts) else inside.as_posix()
        return None

    def caller(self, resource: Any = None) -> tuple[str, int] | None:
        """Return the project's line that is running; of a resource, the line that constructs it.

        The constructors of `resource` itself are passed over: a component is where it is used, not where
        its class calls `super().__init__`.
        """
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            file = self.relative(frame.f_code.co_filename)
            if file is not None and file not in PLUMBING and not _constructs(frame, resource):
                return file, frame.f_lineno
            frame = frame.f_back
        return None

    def mark(self, error: BaseException, applied: tuple[str, int] | None) -> None:
        """Remember where `error` comes from: asyncio may drop the traceback on its way; `applied` is who asked."""
        if not hasattr(error, MARK):
            frames = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
            mark = Mark(self._innermost(error.__traceback__) or applied, frames[-1] if frames else "")
            with contextlib.suppress(AttributeError):
                setattr(error, MARK, mark)

    def failure(self, error: BaseException) -> tuple[str, int] | None:
        """Return the innermost line of the project in the traceback of `error` or of what caused it."""
        seen: set[int] = set()
        current: BaseException | None = error
        while current is not None and id(current) not in seen:
            seen.add(id(current))
            mark = getattr(current, MARK, None)
            found = self._syntax(current) or (mark and mark.location) or self._innermost(current.__traceback__)
            if found is not None:
                return found
            current = current.__cause__ or current.__context__
        return None

    def origin(self, error: BaseException) -> BaseException:
        """Return the error that a function of the program raised, without what the SDK wrapped around it."""
        current: BaseException | None = error
        while current is not None:
            if hasattr(current, MARK):
                return current
            current = current.__cause__ or current.__context__
        return error

    def _syntax(self, error: BaseException) -> tuple[str, int] | None:
        if isinstance(error, SyntaxError) and error.filename and error.lineno:
            file = self.relative(error.filename)
            return None if file is None else (file, error.lineno)
        return None

    def _innermost(self, trace: TracebackType | None) -> tuple[str, int] | None:
        found = None
        for frame, line in traceback.walk_tb(trace):
            file = self.relative(frame.f_code.co_filename)
            if file is not None and file not in PLUMBING:
                found = (file, line)
        return found


def _constructs(frame: FrameType, resource: Any) -> bool:
    return resource is not None and frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is resource
