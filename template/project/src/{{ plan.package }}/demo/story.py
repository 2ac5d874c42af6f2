"""The story that the demo tells: on the terminal while it happens, and on a page afterwards."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Chapter:
    """One part of the story: sentences and figures (name and value) in the order in which they were told; pictures."""

    title: str
    told: list[str | tuple[str, str]] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Story:
    """Chapters in order. Sentences go to standard output; what is being worked on goes to standard error."""

    title: str
    started: float = field(default_factory=time.monotonic)
    chapters: list[Chapter] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self.chapters.append(Chapter(title))
        print(f"\n{len(self.chapters)}. {title}  [{self.seconds:.0f} s]", flush=True)

    def say(self, text: str) -> None:
        """Tell a fact."""
        self.chapters[-1].told.append(text)
        print(f"   {text}", flush=True)

    def figure(self, name: str, value: str) -> None:
        """Tell a figure, which the page puts into a table."""
        self.chapters[-1].told.append((name, value))
        print(f"   {name}: {value}", flush=True)

    def picture(self, caption: str, svg: str) -> None:
        """Show a picture on the page."""
        self.chapters[-1].pictures.append((caption, svg))

    @contextlib.contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Say what takes its time, and how long it took."""
        start = time.monotonic()
        print(f"   ... {what}", file=sys.stderr, flush=True)
        yield
        print(f"   ... {what}: {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        """Seconds since the story began."""
        return time.monotonic() - self.started
