"""Every output has the same bytes in every process: nothing depends on the order of a set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PROGRAM = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from cost.platform_graph import platform
from report_html.report_inputs import report
from modelkeel import cost, diagram
bill = cost.price(platform())
for text in (cost.dumps(bill), diagram.svg(platform()), diagram.mermaid(platform()), report()):
    print(hashlib.sha256(text.encode()).hexdigest())
"""


def digests(seed: int) -> list[str]:
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(TESTS)], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.slow
def test_hash_seeds_change_no_byte() -> None:
    first = digests(0)

    assert len(set(first)) == 4
    assert [digests(seed) for seed in (1, 4242)] == [first, first]
