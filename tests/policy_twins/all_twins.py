"""All twins by control."""

from __future__ import annotations

from policy_twins import account, backup, compute, edges, machine_learning, role_chains, s3, security, workspace
from policy_twins.build import TAGS

_MODULES = (account, backup, compute, machine_learning, role_chains, s3, security, workspace)
TWINS = {control: twin for module in _MODULES for control, twin in module.TWINS.items()}
MORE_VIOLATIONS = [*(row for module in _MODULES for row in module.MORE_VIOLATIONS), *edges.REFUSED]
MORE_PASSES = [*edges.ACCEPTED, *role_chains.MORE_PASSES]
HIGH_RISK = {**TAGS, "ai-risk": "high-annex-iii"}
TAGS_OF = {"backup-covers-stores": backup.SOC2, "endpoint-bias-watched": HIGH_RISK, "model-card-present": HIGH_RISK}
__all__ = ["MORE_PASSES", "MORE_VIOLATIONS", "TAGS", "TAGS_OF", "TWINS"]
