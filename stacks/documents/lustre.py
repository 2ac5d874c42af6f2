"""What FSx for Lustre accepts: sizes by throughput, ports."""

from __future__ import annotations

LUSTRE_PORTS = (("lustre", 988, 988), ("lustre-more", 1018, 1023))
"""Ports of Lustre traffic; Amazon FSx for Lustre User Guide, "File system access control with Amazon VPC"."""

THROUGHPUTS_MBPS_PER_TIB = (125, 250, 500, 1000)
SMALLEST_GIB = 1200
STEP_GIB = 2400
# "Increasing storage capacity" and "Working with EFA-enabled file systems", read 2026-11-25: with EFA a file system
# grows in steps that depend on its throughput.
EFA_STEP_GIB = {125: 38_400, 250: 19_200, 500: 9600, 1000: 4800}


def step_gib(throughput_mbps_per_tib: int, *, efa: bool) -> int:
    """Return the step in which a persistent SSD file system of the throughput grows, in GiB."""
    return EFA_STEP_GIB[throughput_mbps_per_tib] if efa else STEP_GIB


def storage_problem(storage_gib: int, throughput_mbps_per_tib: int, *, efa: bool) -> str:
    """Return what is wrong with a size, as the end of a sentence; empty for a size that FSx makes."""
    if throughput_mbps_per_tib not in THROUGHPUTS_MBPS_PER_TIB:
        allowed = ", ".join(map(str, THROUGHPUTS_MBPS_PER_TIB))
        return f"goes with a throughput of {throughput_mbps_per_tib} MB/s per TiB, allowed: {allowed}"
    step = step_gib(throughput_mbps_per_tib, efa=efa)
    if storage_gib > 0 and storage_gib % step == 0:
        return ""
    if storage_gib == SMALLEST_GIB and not efa:
        return ""
    below = storage_gib // step * step or (SMALLEST_GIB if not efa else step)
    above = (storage_gib // step + 1) * step
    kind = "with EFA" if efa else "without EFA"
    return (
        f"is {storage_gib}: at {throughput_mbps_per_tib} MB/s per TiB {kind} FSx makes multiples of {step} GiB"
        + ("" if efa else f" or {SMALLEST_GIB}")
        + f"; nearest: {below}, {above}"
    )
