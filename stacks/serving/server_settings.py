"""Configuration of vLLM in the Kubernetes cluster; keys `serving:eks_*`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stacks.settings import SettingsError


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """What one server has for itself, how many there are, how long one takes to start."""

    PREFIX: ClassVar[str] = "eks_"

    tensor_parallel: int
    """GPUs of one server, over which the model is split."""
    cpus: int
    """CPUs that one server asks for."""
    memory_gib: int
    """Memory of one server in GiB."""
    disk_gib: int
    """Room for the model on the machine's disks in GiB."""
    context_tokens: int
    """Longest prompt and answer together, in tokens."""
    most_sequences: int
    """Requests that one server answers at once; more wait in its queue."""
    min_servers: int
    """Least servers."""
    max_servers: int
    """Most servers."""
    concurrent_requests_per_server: int
    """Requests at once and server at which servers are added."""
    spread_over_zones: bool
    """A server starts only where its zone has no more of them than the others."""
    load_seconds: int
    """Seconds in which a server must have loaded the model from its machine's disk, and be healthy."""
    fetch_seconds: int
    """Seconds in which the model is fetched and unpacked."""
    machine_seconds: int = 900
    """Seconds in which a machine starts and pulls the server's image."""
    drain_seconds: int = 120
    """Seconds that a server which ends has for the requests that it answers."""
    package: str
    """Python package in the project's image: `python -m <package>.language_server` fetches and measures."""
    buckets: list[str]
    """Purposes with a bucket of their own, as in `data:buckets`."""
    key_classes: list[str]
    """Data classes with a key of their own, as in `foundation:key_classes`."""
    image_tag: str
    """Tag of the project's image; the same one that training uses."""
    image_registry: str = ""
    """Registry with a copy of vLLM's image, for a network without a way out; empty: its own."""
    image: str = ""
    """Another image of vLLM, best by its digest; empty: that of stacks/servers.toml."""
    extra_arguments: str = ""
    """Further arguments of `vllm serve`, as on a command line: `--enable-prefix-caching`."""
    awake_from: str = ""
    """When the servers come in the morning, five fields of cron; empty: they stay. Not for production."""
    awake_until: str = ""
    """When they go in the evening; given whenever the other is."""
    hours_timezone: str = "UTC"
    """IANA time zone of the two."""

    def __post_init__(self) -> None:
        """Refuse sizes that no Deployment takes, and servers that would go and never come back.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        if not 1 <= self.min_servers <= self.max_servers:
            raise SettingsError(
                f"serving:eks_min_servers is {self.min_servers} and serving:eks_max_servers {self.max_servers}, "
                "expected 1 <= min_servers <= max_servers"
            )
        if self.tensor_parallel not in {1, 2, 4, 8, 16}:
            raise SettingsError(f"serving:eks_tensor_parallel is {self.tensor_parallel}, allowed: 1, 2, 4, 8, 16")
        if not 1 <= self.concurrent_requests_per_server <= self.most_sequences:
            raise SettingsError(
                f"serving:eks_concurrent_requests_per_server is {self.concurrent_requests_per_server}, allowed: 1 to "
                f"serving:eks_most_sequences, {self.most_sequences}: above it requests wait before servers are added"
            )
        if bool(self.awake_from) != bool(self.awake_until):
            raise SettingsError(
                "serving:eks_awake_from and serving:eks_awake_until go together: "
                f"got {self.awake_from!r} and {self.awake_until!r}"
            )
