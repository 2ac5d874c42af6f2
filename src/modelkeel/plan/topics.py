"""The topics of a plan together: what the settings, the words and the texts are made of."""

from __future__ import annotations

from dataclasses import dataclass

from modelkeel.plan.accounts import Accounts
from modelkeel.plan.backup import Backup
from modelkeel.plan.cluster import Cluster
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.plan.floor import Floor
from modelkeel.plan.machines import Machines
from modelkeel.plan.monitoring import Monitoring
from modelkeel.plan.network import Network
from modelkeel.plan.serving import Serving
from modelkeel.plan.serving_modes import ServingModes
from modelkeel.plan.storage import Storage
from modelkeel.plan.training import Training


@dataclass(frozen=True, kw_only=True)
class Topics:
    """Every topic, decided."""

    regime: Regime
    accounts: Accounts
    network: Network
    storage: Storage
    training: Training
    cluster: Cluster
    machines: Machines
    serving: Serving
    modes: ServingModes
    monitoring: Monitoring
    backup: Backup
    floor: Floor
    operations: tuple[Decision, ...]

    def decisions(self) -> tuple[Decision, ...]:
        """Return all decisions in the order in which DECISIONS.md tells them."""
        topics = (
            self.accounts,
            self.regime,
            self.serving,
            self.modes,
            self.training,
            self.cluster,
            self.machines,
            self.storage,
            self.network,
            self.monitoring,
            self.backup,
            self.floor,
        )
        return (*(decision for topic in topics for decision in topic.decisions), *self.operations)
