"""Job entry point `python -m <package>.train`: train on the channel `train`, leave the model in /opt/ml/model."""

from __future__ import annotations

from . import jobs, settings
from .monitoring import drift
from .training import model as models
from .training import train as training


def main() -> None:
    """Train; a job that a reclaimed spot instance ended goes on from /opt/ml/checkpoints."""
    given = settings.current()
    root = jobs.root()
    folder = root / "input" / "data" / "train"
    data = jobs.read_examples(folder)
    lineage = {"name": "train", "made_by": "pipeline", "sha256": jobs.digests(folder)}
    made = training.train(data, given, lineage=lineage, checkpoints=root / "checkpoints")
    models.save(made, root / "model")
    drift.save_baseline(drift.baseline_of(made, data, given), root / "model" / "baseline.parquet")


if __name__ == "__main__":
    jobs.run(main)
