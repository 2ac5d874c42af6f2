"""One HTML page with the whole story: no script, no network, opens from a file."""

from __future__ import annotations

import itertools
import re
from html import escape
from pathlib import Path

from .. import storage
from .story import Chapter, Story

_STYLE = """
:root { color-scheme: light; --ink: #1f2933; --soft: #52606d; --line: #d9dee3; --paper: #ffffff; --tint: #f5f7f9; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .6rem; padding-top: 1.1rem; border-top: 1px solid var(--line); }
.lead { color: var(--soft); margin: 0 0 1.2rem; }
nav ol { columns: 2 18rem; margin: 0; padding-left: 1.3rem; }
nav a { color: #1d5590; }
p { margin: .35rem 0; overflow-wrap: anywhere; }
.plots { display: flex; flex-wrap: wrap; gap: 1.2rem; margin-top: 1rem; }
figure { margin: 0; min-width: 0; max-width: 100%; }
figure svg { max-width: 100%; height: auto; display: block; }
figcaption { color: var(--soft); font-size: .88rem; margin-bottom: .3rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin-top: .8rem; font-size: .94rem; }
th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
td { font-variant-numeric: tabular-nums; }
footer { margin-top: 3rem; color: var(--soft); font-size: .88rem; }
"""


def write(story: Story, path: Path, *, lead: str) -> None:
    """Write the page of `story` to `path`."""
    titles = [f'<li><a href="#part-{n}">{escape(part.title)}</a></li>' for n, part in enumerate(story.chapters, 1)]
    parts = [_chapter(number, part) for number, part in enumerate(story.chapters, 1)]
    storage.write_text(
        path,
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(story.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(story.title)}</h1>
<p class="lead">{escape(lead)}</p>
<nav aria-label="Parts"><ol>{"".join(titles)}</ol></nav>
{"".join(parts)}
<footer>Made offline in {story.seconds:.0f} seconds from synthetic data: figures show that the parts work together,
not how well a model will do on real data.</footer>
</main>
</body>
</html>
""",
    )


def _chapter(number: int, part: Chapter) -> str:
    told = "".join(_told(number, list(entries)) for _, entries in itertools.groupby(part.told, type))
    pictures = "".join(
        f"<figure><figcaption>{escape(caption)}</figcaption>{_own_ids(svg, f'p{number}-{place}')}</figure>"
        for place, (caption, svg) in enumerate(part.pictures)
    )
    plots = f'<div class="plots">{pictures}</div>' if pictures else ""
    title = f"<h2>{number}. {escape(part.title)}</h2>"
    return f'<section id="part-{number}">{title}{told}{plots}</section>'


def _told(number: int, entries: list[str | tuple[str, str]]) -> str:
    """Sentences that follow each other as paragraphs, figures that follow each other as a table."""
    lines = "".join(f"<p>{escape(entry)}</p>" for entry in entries if isinstance(entry, str))
    figures = [entry for entry in entries if isinstance(entry, tuple)]
    if not figures:
        return lines
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in figures)
    # A table wider than a phone scrolls by itself; the keyboard must reach it too.
    region = f'class="scroll" tabindex="0" role="region" aria-label="Figures of part {number}"'
    return f"<div {region}><table>{rows}</table></div>"


def _own_ids(svg: str, prefix: str) -> str:
    """Ids of several pictures on one page must not collide; each picture gets its own prefix."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r'(href="|url\()#', rf"\1#{prefix}-", svg)
    return svg.replace("<svg ", '<svg role="img" ', 1)
