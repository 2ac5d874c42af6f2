"""Pictures of the story, as SVG that stands alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from .. import money
from ..settings import Costs

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_INK, _SOFT = "#1f2933", "#9aa5b1"
_BLUE, _ORANGE, _GREEN, _RED = "#2563a8", "#c8671a", "#3a7d44", "#b3261e"
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "demo",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": _SOFT,
    "axes.labelcolor": _INK,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e7eb",
    "grid.linewidth": 0.6,
}


def precision_recall(truth: Flags, curves: dict[str, Floats]) -> str:
    """Precision against recall of several sets of scores of the same rows."""
    figure, axes = _axes()
    for (name, scores), colour in zip(curves.items(), (_BLUE, _ORANGE, _SOFT), strict=False):
        precision, recall, _ = precision_recall_curve(truth, scores)
        # A point for each thousandth of recall: a curve of all rows would make the page megabytes large.
        keep = np.unique(recall.round(3), return_index=True)[1]
        axes.plot(recall[keep], precision[keep], color=colour, label=name, linewidth=1.6)
    axes.set(xlabel="recall", ylabel="precision", ylim=(0, 1.02), xlim=(0, 1))
    axes.legend(frameon=False)
    return _svg(figure)


def money_by_threshold(scores: Floats, positive: Flags, value: Floats, chosen: float, costs: Costs) -> str:
    """Cost on the holdout by threshold, with the chosen one and one half."""
    figure, axes = _axes()
    tried = np.linspace(0.01, 0.95, 95)
    cost = [money.cost(scores >= limit, positive, value, costs) for limit in tried]
    axes.plot(tried, cost, color=_BLUE, linewidth=1.6)
    for limit, name, colour, up in ((chosen, "chosen", _GREEN, -16), (0.5, "one half", _ORANGE, 14)):
        at = money.cost(scores >= limit, positive, value, costs)
        axes.plot([limit], [at], "o", color=colour)
        axes.annotate(f"{name}: {at:,.0f}", (limit, at), textcoords="offset points", xytext=(0, up), color=colour)
    axes.set(xlabel="threshold", ylabel="euro on the holdout period", ylim=(0, None))
    return _svg(figure)


def fairness(panels: dict[str, Sequence[dict[str, Any]]], largest_gap: float) -> str:
    """Ratio of false-positive rates of each group with its interval, one panel for each model."""
    rows = max(len(entries) for entries in panels.values())
    figure = _figure(7.6, 0.9 + 0.32 * rows)
    shared = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (name, entries) in zip(shared, panels.items(), strict=True):
        for place, entry in enumerate(entries):
            colour = _RED if entry["gap"] > largest_gap else _BLUE
            axes.plot([entry["low"], entry["high"]], [place, place], color=colour, linewidth=1.6)
            axes.plot([entry["ratio"]], [place], "o", color=colour, markersize=4)
        axes.axvspan(1 / (1 + largest_gap), 1 + largest_gap, color="#e9f2ea", zorder=0)
        axes.axvline(1, color=_SOFT, linewidth=0.8)
        axes.set(xscale="log", title=name)
        axes.set_yticks(range(len(entries)), [f"{entry['attribute']} {entry['group']}" for entry in entries])
        axes.set_xticks([0.5, 1, 2, 4], ["0.5", "1", "2", "4"])
        axes.minorticks_off()
    figure.supxlabel("false-positive rate of the group over that of everybody else", fontsize=9)
    return _svg(figure)


def importance(weights: dict[str, float]) -> str:
    """The ten inputs that move scores most."""
    names = list(weights)[:10][::-1]
    figure, axes = _axes(height=2.8)
    axes.barh(names, [weights[name] for name in names], color=_BLUE)
    axes.set(xlabel="mean absolute contribution, log-odds")
    return _svg(figure)


def drift(windows: Sequence[dict[str, Any]], since: int, alarm: int | None) -> str:
    """The input furthest beyond its own limit in each window, with the injected drift and the alarm."""
    figure, axes = _axes(width=7.6)
    beyond = [max(shift["psi"] / shift["limit"] for shift in window["shifts"]) for window in windows]
    colours = [_RED if value > 1 else _BLUE for value in beyond]
    axes.bar(range(len(beyond)), beyond, color=colours, width=0.7)
    axes.axhline(1, color=_INK, linewidth=0.8)
    axes.text(-0.4, 1.02, "limit that chance sets", fontsize=8, va="bottom")
    axes.axvline(since - 0.5, color=_ORANGE, linestyle="--", linewidth=1)
    top = max(*beyond, 2.0)
    axes.text(since - 0.4, top * 0.96, "inputs moved", color=_ORANGE, fontsize=8, va="top")
    if alarm is not None:
        axes.plot([alarm], [top * 1.06], "v", color=_RED)
        axes.text(alarm + 0.2, top * 1.06, "alarm", color=_RED, fontsize=8, va="center")
    axes.set(xlabel="day after release", ylabel="PSI over its limit", ylim=(0, top * 1.15))
    return _svg(figure)


def weeks(rows: Sequence[dict[str, Any]]) -> str:
    """Quality and money by week, as late labels tell them."""
    figure = _figure(7.6, 2.6)
    left, right = figure.subplots(1, 2)
    names = [row["week"][5:] for row in rows]
    for key, colour, style in (("precision", _BLUE, "-"), ("recall", _ORANGE, "-"), ("average_precision", _SOFT, "--")):
        left.plot(names, [row[key] for row in rows], style, marker="o", color=colour, label=key.replace("_", " "))
    left.set(ylim=(0, 1.02), xlabel="week beginning")
    left.legend(frameon=False, fontsize=8)
    right.bar(names, [row["euro_saved"] for row in rows], color=_GREEN)
    right.set(xlabel="week beginning", ylabel="euro saved against no model")
    for axes in (left, right):
        axes.tick_params(axis="x", rotation=45)
    return _svg(figure)


def scores(values: dict[str, Floats], threshold: float) -> str:
    """How scores of two groups of rows are spread, with the threshold."""
    figure, axes = _axes()
    edges = np.linspace(0, 1, 41)
    for (name, found), colour in zip(values.items(), (_BLUE, _ORANGE), strict=False):
        axes.hist(
            found, bins=edges, weights=np.full(len(found), 100 / len(found)), histtype="step", color=colour, label=name
        )
    axes.axvline(threshold, color=_GREEN, linestyle="--", linewidth=1)
    axes.set(xlabel="score", ylabel="per cent of rows", yscale="log")
    axes.legend(frameon=False)
    return _svg(figure)


def _figure(width: float, height: float) -> Figure:
    mpl.rcParams.update(_STYLE)
    return Figure(figsize=(width, height), layout="constrained")


def _axes(width: float = 4.6, height: float = 2.8) -> tuple[Figure, Any]:
    figure = _figure(width, height)
    return figure, figure.subplots()


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
