"""AWS clients of a run, and how long it waits for what AWS itself takes away."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3

from operations.problem import OperationError

POLL_SECONDS = 15
LONGEST_WAIT_SECONDS = 2400
"""Network interfaces of deleted endpoints and functions go within minutes, at times in half an hour."""


@dataclass
class Services:
    """AWS clients by name, made when they are first asked for."""

    region: str
    sleep: Callable[[float], None] = time.sleep
    made: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = boto3.client(name, region_name=self.region)
        return self.made[name]

    def wait(self, waited: float, what: str) -> float:
        """Sleep once more; return for how long that makes it.

        Raises:
            OperationError: it has been long enough.
        """
        if waited >= LONGEST_WAIT_SECONDS:
            minutes = f"{waited / 60:.0f} minutes"
            raise OperationError(f"{what} are still there", f"after {minutes}", "run the same target again later")
        self.sleep(POLL_SECONDS)
        return waited + POLL_SECONDS
