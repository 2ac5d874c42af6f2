"""Pictures of the story, as SVG that stands alone: the style of all, and those that every model has."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

INK, SOFT = "#1f2933", "#9aa5b1"
BLUE, ORANGE, GREEN, RED = "#2563a8", "#c8671a", "#3a7d44", "#b3261e"
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "demo",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e7eb",
    "grid.linewidth": 0.6,
}


def importance(weights: dict[str, float]) -> str:
    """The ten inputs that move scores most."""
    names = list(weights)[:10][::-1]
    drawn, plot = axes(height=2.8)
    plot.barh(names, [weights[name] for name in names], color=BLUE)
    plot.set(xlabel="mean absolute contribution, log-odds")
    return svg(drawn)


def drift(windows: Sequence[dict[str, Any]], since: int, alarm: int | None) -> str:
    """The input furthest beyond its own limit in each window, with the injected drift and the alarm."""
    drawn, plot = axes(width=7.6)
    beyond = [max(shift["psi"] / shift["limit"] for shift in window["shifts"]) for window in windows]
    colours = [RED if value > 1 else BLUE for value in beyond]
    plot.bar(range(len(beyond)), beyond, color=colours, width=0.7)
    plot.axhline(1, color=INK, linewidth=0.8)
    plot.text(-0.4, 1.02, "limit that chance sets", fontsize=8, va="bottom")
    plot.axvline(since - 0.5, color=ORANGE, linestyle="--", linewidth=1)
    top = max(*beyond, 2.0)
    plot.text(since - 0.4, top * 0.96, "inputs moved", color=ORANGE, fontsize=8, va="top")
    if alarm is not None:
        plot.plot([alarm], [top * 1.06], "v", color=RED)
        plot.text(alarm + 0.2, top * 1.06, "alarm", color=RED, fontsize=8, va="center")
    plot.set(xlabel="day after release", ylabel="PSI over its limit", ylim=(0, top * 1.15))
    return svg(drawn)


def figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, in the style of the page."""
    mpl.rcParams.update(_STYLE)
    return Figure(figsize=(width, height), layout="constrained")


def axes(width: float = 4.6, height: float = 2.8) -> tuple[Figure, Any]:
    """A figure with one pair of axes."""
    drawn = figure(width, height)
    return drawn, drawn.subplots()


def svg(drawn: Figure) -> str:
    """The figure as SVG; the same figure gives the same bytes."""
    buffer = io.StringIO()
    drawn.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
