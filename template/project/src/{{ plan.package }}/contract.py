"""Job entry point `python -m <package>.contract`: no training on data that breaks the contract."""

from __future__ import annotations

from . import jobs, storage
from .data import contract


def main() -> None:
    """Check the input, count what was refused, keep the refused rows for the owner of the source."""
    events, labels = jobs.read_tables(jobs.input_folder("data"))
    checked = contract.check(events)
    output = jobs.output_folder()
    facts = {"rows": len(checked.valid), "quarantined": len(checked.quarantined), "labels": len(labels)}
    storage.write_json(output / "contract.json", facts)
    if not checked.quarantined.empty:
        storage.write_table(output / "quarantine.parquet", checked.quarantined)


if __name__ == "__main__":
    jobs.run(main)
