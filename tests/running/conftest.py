"""The package `operations` of the generated repository, and the account that its tests stand on."""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "template" / "project"
# Appended: `stacks` and `policies` are links in there, and ours come first.
sys.path.append(str(PROJECT))
