"""Entry point on a device: `python -m <package>.edge.device` looks at each day's readings and says what is left.

Greengrass starts it with the release's folder, after the recipe has held this code against its signature; the model is
held against its own here, so nothing that the team did not sign runs or is asked anything. A day's readings are a
Parquet file `<day number>.parquet` in the folder of readings, its columns those of `readings.COLUMNS`; who collects
them on the device writes it whole and then renames it. Each day's alert is a line of `alerts.jsonl` in the folder of
state, which the collector sends with what it sends.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from .. import features, readings, storage
from . import package
from .component import Alert, Component

MODEL, CODE, FACTS = "model.zip", "code.zip", "device.json"
ALERTS, SEEN = "alerts.jsonl", "seen.json"
_PAUSE_SECONDS = 600.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at every day that was not looked at yet; then, unless told to look once, wait for the next."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", type=Path, required=True, help="folder of model.zip and its signature")
    parser.add_argument("--public-key", type=Path, required=True, help="public half of the signing key, PEM")
    parser.add_argument("--readings", type=Path, required=True, help="folder of device.json and the days' files")
    parser.add_argument("--state", type=Path, required=True, help="folder that stays over restarts and releases")
    parser.add_argument("--once", action="store_true", help="look once and end")
    chosen = parser.parse_args(arguments)
    content = package.open_signed(chosen.release / MODEL, chosen.public_key.read_bytes())
    while True:
        for alert in look(chosen.readings, chosen.state, content):
            print(json.dumps(asdict(alert)), flush=True)
        if chosen.once:
            return 0
        time.sleep(_PAUSE_SECONDS)


def look(readings_folder: Path, state_folder: Path, content: package.Content) -> list[Alert]:
    """The alerts of the days that are new; where power is lost in between, a day may be told twice and counts once."""
    facts = storage.read_json(readings_folder / FACTS)
    seen = _seen(state_folder)
    made = []
    for day in sorted((path for path in readings_folder.glob("*.parquet")), key=lambda path: int(path.stem)):
        number = int(day.stem)
        if number <= seen:
            continue
        component = Component(facts["device"], facts["device_type"], content, _state(state_folder / str(seen)))
        table = storage.read_table(day)
        columns = {name: table[name].to_numpy(dtype=np.float64) for name in readings.COLUMNS[2:]}
        alert = component.end_of_day(number, number - int(facts["installed_day"]), columns)
        component.keep(state_folder / str(number))
        with (state_folder / ALERTS).open("a") as lines:
            lines.write(json.dumps({"day": number, **asdict(alert)}) + "\n")
        # From here on the day counts; the state before it is of no more use.
        storage.write_json(state_folder / SEEN, {"day": number})
        shutil.rmtree(state_folder / str(seen), ignore_errors=True)
        seen = number
        made.append(alert)
    return made


def _seen(folder: Path) -> int:
    return int(storage.read_json(folder / SEEN)["day"]) if (folder / SEEN).is_file() else -1


def _state(folder: Path) -> features.State:
    kept = folder / "state.parquet"
    return features.State.from_frame(storage.read_table(kept)) if kept.is_file() else features.State.empty()


if __name__ == "__main__":
    raise SystemExit(main())
