"""Configuration of the internal load balancer before what serves; keys `serving:balancer_*`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stacks.settings import SettingsError


@dataclass(frozen=True, kw_only=True)
class BalancerSettings:
    """Who reaches it, under which certificate, and what is too much."""

    PREFIX: ClassVar[str] = "balancer_"

    certificate_arn: str
    """ACM certificate of the name under which callers reach it, in its Region; the name leads to its address."""
    caller_cidrs: list[str]
    """Address ranges that may call: the network's, and those of networks that are joined to it."""
    deletion_protection: bool
    """Elastic Load Balancing refuses to delete it until this is off."""
    trust_store_arn: str = ""
    """Trust store of the authorities whose clients may call (mutual TLS); empty: no client proves who it is."""
    idle_seconds: int = 60
    """Seconds without a byte after which a connection is ended; longer than the slowest answer."""
    latency_p99_ms: int
    """99th percentile of what the target takes that raises an alarm, in milliseconds."""
    error_percent: float = 1.0
    """Share of requests answered 5xx that raises an alarm."""
    log_retention_days: int
    """Days for which logs of the function behind it are kept; one of the periods CloudWatch accepts."""
    network_cidr: str = ""
    """Servers in the cluster: range of the network that it stands in, from which it reaches them."""
    concurrency: int = 0
    """SageMaker: requests that the function behind it passes on at once, kept free for it; 0: what the account has."""

    def __post_init__(self) -> None:
        """Refuse a listener that nobody may reach, or that ends connections before an answer.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        if not self.caller_cidrs:
            raise SettingsError("serving:balancer_caller_cidrs is empty: name the address ranges that may call")
        if "0.0.0.0/0" in self.caller_cidrs:
            raise SettingsError("serving:balancer_caller_cidrs names 0.0.0.0/0, expected ranges of networks of yours")
        if not 1 <= self.idle_seconds <= 4000:
            raise SettingsError(f"serving:balancer_idle_seconds is {self.idle_seconds}, allowed: 1 to 4000")
