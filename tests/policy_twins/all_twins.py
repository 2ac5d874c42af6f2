"""All twins by control."""

from __future__ import annotations

from policy_twins import (
    account,
    backup,
    balancer,
    compute,
    copies,
    devices,
    edges,
    machine_learning,
    role_chains,
    s3,
    security,
    workspace,
)
from policy_twins.build import TAGS

_MODULES = (account, backup, balancer, compute, devices, machine_learning, role_chains, s3, security, workspace)
TWINS = {control: twin for module in _MODULES for control, twin in module.TWINS.items()}
MORE_VIOLATIONS = [*(row for module in _MODULES for row in module.MORE_VIOLATIONS), *edges.REFUSED]
# What is wrong lies in names that the parts give each other: no mutant of another graph can be made of it.
VIOLATIONS_BY_NAME = [*copies.REFUSED, *role_chains.REFUSED]
MORE_PASSES = [*balancer.ACCEPTED, *edges.ACCEPTED, *copies.ACCEPTED, *role_chains.ACCEPTED]
HIGH_RISK = {**TAGS, "ai-risk": "high-annex-iii"}
TAGS_OF = {"backup-covers-stores": backup.SOC2, "endpoint-bias-watched": HIGH_RISK, "model-card-present": HIGH_RISK}
__all__ = ["MORE_PASSES", "MORE_VIOLATIONS", "TAGS", "TAGS_OF", "TWINS", "VIOLATIONS_BY_NAME"]
