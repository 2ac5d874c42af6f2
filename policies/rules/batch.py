"""AWS Batch: compute that stays in the network and ends somewhere, jobs that own no machine."""

from __future__ import annotations

from collections.abc import Iterator

from ..container import containers
from ..values import at, is_set
from ..view import Breach, Resource


def batch_compute_bounded(environment: Resource) -> Iterator[Breach]:
    """BAT-001. That its subnets give no public address is judged where the subnets are."""
    compute = environment["computeResources"]
    if compute is None:
        # An unmanaged environment: whoever starts its instances is judged instead.
        return
    for key in ("subnets", "securityGroupIds"):
        if not is_set(at(compute, key)):
            yield Breach("jobs run outside the network", f"computeResources.{key}")
    if not at(compute, "maxVcpus"):
        yield Breach("the environment grows without a bound", "computeResources.maxVcpus")


def batch_job_unprivileged(definition: Resource) -> Iterator[Breach]:
    """BAT-002. Secrets in its environment are the finding of another control."""
    for path, container in containers(definition):
        if at(container, "privileged") is True or at(container, "securityContext", "privileged") is True:
            yield Breach("the job's container owns the machine that it runs on", f"{path}.privileged")
