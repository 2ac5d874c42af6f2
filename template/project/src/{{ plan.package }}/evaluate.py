"""Job entry point `python -m <package>.evaluate`: run the gates, write evaluation.json and the model card.

The pipeline's condition step reads evaluation.json and stops there; a gate that the condition does not know stops
here.
"""

from __future__ import annotations

from . import jobs, settings, storage
from .gates import card, gate
from .training import model as models


def main() -> None:
    """Judge the model of the train step on the holdout period of the same data."""
    given = settings.current()
    data = jobs.read_examples(jobs.input_folder("data"))
    model = models.load(jobs.unpack(jobs.input_folder("model")))
    results = gate.run(model, data, given)
    output = jobs.output_folder()
    storage.write_json(output / "evaluation.json", gate.evaluation(results))
    storage.write_text(output / "card.md", card.write(model, results, given, author="pipeline"))
    gate.enforce([result for result in results if result.gate not in ("quality", "fairness")])


if __name__ == "__main__":
    jobs.run(main)
