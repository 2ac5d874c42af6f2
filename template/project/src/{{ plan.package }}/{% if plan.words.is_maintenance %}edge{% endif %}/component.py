"""The component on a device: a day of its own messages in, an alert out, with the state of that one device on disk.

The same two functions as at night (`readings.of_day`, `features.advance`) run here over one device, so the device and
the cloud cannot come to differ by code. It works offline: alerts wait in a file until the stream manager takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .. import features, readings, storage
from .package import Content

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Alert:
    """What a device says of itself at the end of a day."""

    device: str
    remaining_days: float
    fails_within: float
    unlike: float
    due: bool
    version: str


@dataclass
class Component:
    """One device: its name, type, what it runs, and what it remembers."""

    device: str
    device_type: str
    content: Content
    state: features.State

    def end_of_day(self, number: int, age_days: float, messages: Mapping[str, Floats]) -> Alert:
        """Sum up the day's messages (columns as `readings` has them) and say what is left.

        A value that no sensor can show is left out, as at night.
        """
        clean = {name: readings.within_limits(name, values) for name, values in messages.items()}
        count = len(next(iter(clean.values())))
        day = readings.of_day(np.zeros(count, dtype=np.int64), 1, clean)
        columns = {**day, "number": np.array([number]), "age_days": np.array([age_days])}
        row = features.advance(
            self.state, self.state.places([self.device]), columns | {"device_type": np.array([self.device_type])}
        )
        log_days, unlike = self.content.runtime.run(row.astype(np.float32))
        fails = float(self.content.lives.failed_by(log_days, float(self.content.horizon_days))[0])
        return Alert(
            self.device,
            float(self.content.lives.mean(log_days)[0]),
            fails,
            float(unlike[0]),
            fails > self.content.act_above or float(unlike[0]) > 1,
            self.content.version,
        )

    def keep(self, folder: Path) -> None:
        """Write the state, whole or not at all: a device loses power at any moment."""
        storage.write_table(folder / "state.parquet", self.state.to_frame())
