"""How a job starts in the project's image, and where SageMaker puts its data.

`python -m <package>.container STEP` reads and writes the folders below: the module in the project's package is the
other side of this contract. Steps:

- `contract` reads input/data, writes output (contract report); a broken contract exits with an error.
- `train` is a training job: /opt/ml/input/data/train, /opt/ml/model, /opt/ml/checkpoints.
- `evaluate` reads input/data and input/model (model.tar.gz), writes output/evaluation.json with `quality.<metric>`
  and `fairness.gap`.
- `drift` reads input/records and input/baseline, writes output/summary.json with `drifted_share`,
  `prediction_shift` and `records`; the environment variable DRIFT_WINDOW names the window.
"""

from __future__ import annotations

WORK = "/opt/ml/processing"
STEPS = ("contract", "train", "evaluate", "drift")


def entrypoint(package: str, step: str) -> list[str]:
    """Return the command of a job that runs `step` of the project's `package`.

    Raises:
        ValueError: there is no such step.
    """
    if step not in STEPS:
        raise ValueError(f"no step {step!r}: {', '.join(STEPS)}")
    return ["python", "-m", f"{package}.container", step]


def input_folder(name: str) -> str:
    """Return the folder into which a processing job's input `name` is copied."""
    return f"{WORK}/input/{name}"


def output_folder() -> str:
    """Return the folder whose files a processing job leaves in S3."""
    return f"{WORK}/output"
