"""How a job starts in the project's image, and where SageMaker puts its data.

`python -m <package>.<step>` reads and writes the folders below; the modules of the same names in the project's
package are the other side of this contract. Steps:

- `contract` reads input/data and writes contract.json to output; a broken contract exits with an error.
- `train` is a training job: /opt/ml/input/data/train, /opt/ml/model, /opt/ml/checkpoints.
- `evaluate` reads input/data and input/model (model.tar.gz), writes output/evaluation.json with `quality.<metric>`
  and `fairness.gap`.
- `drift` reads input/records and, from the model.tar.gz in input/baseline, baseline.parquet; it writes
  output/summary.json with `drifted_share`, `prediction_shift` and `records`. The environment variable
  DRIFT_WINDOW names the window.
- `quality` reads input/records, input/events (events*.parquet), input/labels (labels*.parquet) and, from the
  model.tar.gz in input/model, reasons.json; it writes output/summary.json with `quality.<metric>`, `bias_gap`,
  `attribution_agreement`, `labelled`, `labelled_share` and counts of labels. QUALITY_WINDOW names the window,
  QUALITY_NOW is the moment of the run.
- `edge_release` reads the model.tar.gz in input/model and writes model.zip, code.zip and a signature of each to output;
  MODEL_VERSION is the version in the registry, SIGNING_KEY_ARN the key of KMS that signs.
"""

from __future__ import annotations

WORK = "/opt/ml/processing"
STEPS = ("contract", "train", "evaluate", "drift", "quality", "edge_release")


def entrypoint(package: str, step: str) -> list[str]:
    """Return the command of a job that runs `step` of the project's `package`.

    Raises:
        ValueError: there is no such step.
    """
    if step not in STEPS:
        raise ValueError(f"no step {step!r}: {', '.join(STEPS)}")
    return ["python", "-m", f"{package}.{step}"]


def input_folder(name: str) -> str:
    """Return the folder into which a processing job's input `name` is copied."""
    return f"{WORK}/input/{name}"


def output_folder() -> str:
    """Return the folder whose files a processing job leaves in S3."""
    return f"{WORK}/output"
