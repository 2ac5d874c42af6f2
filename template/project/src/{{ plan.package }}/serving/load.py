"""Load test of one server process: requests leave on a schedule, whether or not answers come back in time.

A client that waits for an answer before it sends the next request hides slow answers; this one does not (open loop):
latency counts from the moment at which a request was due.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..settings import Serving

_CONNECTIONS = 16


@dataclass(frozen=True)
class Latency:
    """Milliseconds from due to answered. `late` is how late the client itself sent, at the 99th percentile."""

    rate: float
    requests: int
    failed: int
    p50: float
    p99: float
    p999: float
    late: float


def rate_of_one_core(serving: Serving) -> float:
    """The part of the promised peak that falls on one core: peak_rps over all cores of the fleet."""
    return serving.peak_rps / (serving.instances * vcpus(serving.instance_type))


def vcpus(instance_type: str) -> int:
    """Cores of an instance of the c, m and r families, by its size: large has 2, xlarge 4, 2xlarge 8, and so on."""
    size = instance_type.rsplit(".", maxsplit=1)[-1]
    return 2 if size == "large" else 4 * int(size.removesuffix("xlarge") or 1)


async def run(host: str, port: int, bodies: Sequence[bytes], *, rate: float) -> Latency:
    """Send `bodies` to /invocations at `rate` requests a second and measure the answers."""
    connections = [await asyncio.open_connection(host, port) for _ in range(_CONNECTIONS)]
    queue: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    took: list[float] = []
    late: list[float] = []
    failed = 0
    loop = asyncio.get_running_loop()

    async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal failed
        while (entry := await queue.get()) is not None:
            due, body = entry
            late.append(loop.time() - due)
            writer.write(_request(host, body))
            status = await _answer(reader)
            took.append(loop.time() - due)
            failed += status != 200

    senders = [asyncio.create_task(send(*connection)) for connection in connections]
    start = loop.time() + 0.05
    for number, body in enumerate(bodies):
        due = start + number / rate
        if (wait := due - loop.time()) > 0:
            await asyncio.sleep(wait)
        queue.put_nowait((due, body))
    for _ in connections:
        queue.put_nowait(None)
    await asyncio.gather(*senders)
    for _, writer in connections:
        writer.close()
    p50, p99, p999 = (float(value) * 1000 for value in np.quantile(took, [0.5, 0.99, 0.999]))
    return Latency(rate, len(took), failed, p50, p99, p999, float(np.quantile(late, 0.99)) * 1000)


def _request(host: str, body: bytes) -> bytes:
    head = f"POST /invocations HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    length = next(int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length"))
    await reader.readexactly(length)
    return int(lines[0].split()[1])


def body_of(event: dict[str, Any]) -> bytes:
    """An event of a table as a request; fields that are missing are left out."""
    sent = {key: value for key, value in event.items() if not (isinstance(value, float) and math.isnan(value))}
    return json.dumps(sent, default=_text).encode()


def _text(value: Any) -> str:
    return str(value.isoformat())
