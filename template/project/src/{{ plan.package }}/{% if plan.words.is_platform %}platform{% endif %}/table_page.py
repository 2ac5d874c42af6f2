"""A page with one table: no script, no network, opens from a file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from .. import storage

_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1f2933; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; }
p { color: #52606d; margin: .3rem 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .94rem; min-width: 100%; }
caption { text-align: left; color: #52606d; padding-bottom: .4rem; }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid #d9dee3; vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
td:last-child { min-width: 9rem; }
td.number, th.number { text-align: right; }
tr.marked td { background: #fdf1ef; }
"""


def write(
    path: Path,
    title: str,
    told: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    marked: Sequence[bool] = (),
) -> None:
    """Write `rows` below `columns` to `path`; a row that is `marked` is one to look at."""
    numeric = [bool(rows) and all(_is_number(row[place]) for row in rows) for place in range(len(columns))]
    classes = [' class="number"' if number else "" for number in numeric]
    head = "".join(f'<th scope="col"{kind}>{escape(name)}</th>' for name, kind in zip(columns, classes, strict=True))
    body = "".join(
        f"<tr{_mark(place, marked)}>"
        + "".join(f"<td{kind}>{escape(value)}</td>" for value, kind in zip(row, classes, strict=True))
        + "</tr>"
        for place, row in enumerate(rows)
    )
    storage.write_text(
        path,
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>{escape(told)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="{escape(title, quote=True)}">
<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>
</div>
</main>
</body>
</html>
""",
    )


def _mark(place: int, marked: Sequence[bool]) -> str:
    return ' class="marked"' if place < len(marked) and marked[place] else ""


def _is_number(value: str) -> bool:
    try:
        float(value.replace(",", ""))
    except ValueError:
        return value == ""
    return True
