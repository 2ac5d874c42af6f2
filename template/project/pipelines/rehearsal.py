"""The pipeline's steps on this machine, one after the other, in the folders that SageMaker would give them.

The same entry points, the same inputs and outputs, the same condition: what passes here fails on AWS only for reasons
of AWS. It is a test of the definition, and no scheduler: it runs the four steps and stops.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OPT = "/opt/ml"


@dataclass
class Rehearsal:
    """A run of `definition` below `folder`; `data` stands for the data in S3."""

    definition: dict[str, Any]
    folder: Path
    data: Path

    def run(self) -> str:
        """Run all steps and return how the pipeline ends: `registered`, or what the refusing step says.

        Raises:
            RuntimeError: a job failed, with what it said.
        """
        for step in self.definition["Steps"]:
            arguments = step["Arguments"]
            match step["Type"]:
                case "Processing":
                    self._process(step["Name"], arguments)
                case "Training":
                    self._train(arguments)
                case "Callback":
                    self._ask()
                case "Condition":
                    return self._decide(arguments)
        return "ended without a decision"

    def _process(self, name: str, arguments: dict[str, Any]) -> None:
        root = self.folder / name
        for given in arguments["ProcessingInputs"]:
            source = given["S3Input"]
            target = root / Path(source["LocalPath"]).relative_to(_OPT)
            shutil.copytree(self._source(source["S3Uri"]), target, dirs_exist_ok=True)
        self._job(root, arguments["AppSpecification"]["ContainerEntrypoint"])

    def _train(self, arguments: dict[str, Any]) -> None:
        root = self.folder / "Train"
        for channel in arguments["InputDataConfig"]:
            shutil.copytree(self.data, root / "input" / "data" / channel["ChannelName"], dirs_exist_ok=True)
        self._job(root, arguments["AlgorithmSpecification"]["ContainerEntrypoint"])
        artifact = self.folder / "artifact"
        artifact.mkdir(exist_ok=True)
        with tarfile.open(artifact / "model.tar.gz", "w:gz") as packed:
            for path in sorted((root / "model").iterdir()):
                packed.add(path, path.name)

    def _ask(self) -> None:
        """What a cluster does with the request: its job fetches the data and leaves the packed model."""
        artifact = self.folder / "artifact" / "model.tar.gz"
        told = {"RUN": "rehearsal", "INPUT_URI": str(self.data), "MODEL_URI": str(artifact)}
        told["CHECKPOINT_URI"] = str(self.folder / "checkpoints")
        self._job(self.folder / "Train", ["python", "-m", f"{self._package()}.cluster"], told)

    def _package(self) -> str:
        first = self.definition["Steps"][0]["Arguments"]["AppSpecification"]["ContainerEntrypoint"]
        return str(first[-1]).split(".", maxsplit=1)[0]

    def _source(self, uri: dict[str, str]) -> Path:
        return self.data if uri["Get"] == "Parameters.InputDataUri" else self.folder / "artifact"

    def _job(self, root: Path, command: list[str], told: dict[str, str] | None = None) -> None:
        environment = os.environ | {
            "ML_ROOT": str(root.resolve()),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            **(told or {}),
        }
        done = subprocess.run(
            [sys.executable, *command[1:]], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip() or f"{command} ended with {done.returncode}")

    def _decide(self, arguments: dict[str, Any]) -> str:
        passed = all(self._holds(condition) for condition in arguments["Conditions"])
        (end,) = arguments["IfSteps"] if passed else arguments["ElseSteps"]
        return "registered" if end["Type"] == "RegisterModel" else str(end["Arguments"]["ErrorMessage"])

    def _holds(self, condition: dict[str, Any]) -> bool:
        path = condition["LeftValue"]["Std:JsonGet"]["Path"].split(".")
        value: Any = json.loads((self.folder / "Evaluate" / "processing" / "output" / "evaluation.json").read_text())
        for key in path:
            value = value[key]
        limit = condition["RightValue"]
        return bool(value >= limit if condition["Type"] == "GreaterThanOrEqualTo" else value <= limit)
