"""The model card: written from facts that other steps recorded, so that it cannot say what was not measured."""

from __future__ import annotations

from ..settings import Settings
from ..training.model import Model
from .result import Result


def write(model: Model, results: list[Result], settings: Settings, *, author: str) -> str:
    """The card as Markdown."""
    lineage = model.facts["lineage"]
    figures = {result.gate: result.figures for result in results}
    rows = model.facts["rows"]
    parts = [
        f"# Model card: {settings.project.name}",
        _facts(
            {
                "Owner": settings.project.owner,
                "Trained by": author,
                "Data": f"{lineage.get('name', '?')} version {lineage.get('version', '?')}, made by "
                f"{lineage.get('made_by', '?')}, {lineage.get('first', '?')} to {lineage.get('last', '?')}",
                "Rows": ", ".join(f"{name} {count:,}" for name, count in rows.items()),
                "Algorithm": f"gradient-boosted trees, {model.facts['rounds']} rounds, seed {model.facts['seed']}",
                "Parameters": ", ".join(f"{key} {value:.4g}" for key, value in model.facts["parameters"].items()),
                "Threshold": f"{model.threshold:.4f}, chosen by cost on the validation period",
            }
        ),
        "## Gates",
        _table(("gate", "passed", "why"), [(r.gate, "yes" if r.passed else "NO", r.why) for r in results]),
        "## Fairness: false-positive rate against everybody else",
        _table(
            ("attribute", "group", "harmless rows", "ratio", "interval"),
            [
                (
                    e["attribute"],
                    e["group"],
                    f"{e['rows']:,}",
                    f"{e['ratio']:.2f}",
                    "{low:.2f} to {high:.2f}".format(**e),
                )
                for e in figures["fairness"]["ratios"]
            ],
        ),
        "## What the model looks at",
        _table(
            ("input", "mean absolute contribution in log-odds"),
            [(name, f"{weight:.3f}") for name, weight in list(figures["explanation"]["importance"].items())[:10]],
        ),
        "## Limits",
        "Judged on one holdout period that follows the training period; groups smaller than "
        f"{settings.gates.smallest_group} harmless rows are not judged. Figures on synthetic data say that the code "
        "works, not how well it will do on real data.",
    ]
    return "\n\n".join(parts) + "\n"


def _facts(entries: dict[str, str]) -> str:
    return "\n".join(f"- **{name}**: {text}" for name, text in entries.items())


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)
