"""Load balancers: what they take, who is told of it, and by what line callers come."""

from __future__ import annotations

from collections.abc import Iterator

from ..values import at, listed
from ..view import Breach, Resource

CAREFUL = ("defensive", "strictest")
# Elastic Load Balancing, "Security policies for your Application Load Balancer": all others take TLS 1.0 or 1.1.
MODERN_POLICIES = ("ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-3-", "ELBSecurityPolicy-TLS-1-2-")
ENCRYPTED = ("HTTPS", "TLS")


def balancer_guarded(balancer: Resource) -> Iterator[Breach]:
    """LB-001. A network load balancer reads no headers."""
    if balancer["loadBalancerType"] in {None, "application"}:
        if balancer["dropInvalidHeaderFields"] is not True:
            yield Breach("malformed headers are passed on", "dropInvalidHeaderFields")
        mode = balancer["desyncMitigationMode"]
        if mode not in {None, *CAREFUL}:
            yield Breach(
                f"desyncMitigationMode is {mode!r}, expected one of {', '.join(CAREFUL)}", "desyncMitigationMode"
            )
    if at(balancer["accessLogs"], "enabled") is not True:
        yield Breach("nobody can tell who called: access logs are off", "accessLogs.enabled")


def balancer_over_tls(listener: Resource) -> Iterator[Breach]:
    """LB-002. A listener that only redirects may take plain HTTP."""
    actions = listed(listener["defaultActions"])
    if actions and all(at(action, "type") == "redirect" for action in actions):
        return
    protocol, policy = listener["protocol"], listener["sslPolicy"]
    if protocol not in ENCRYPTED:
        yield Breach(f"protocol is {protocol!r}, expected HTTPS", "protocol")
    elif not str(policy or "").startswith(MODERN_POLICIES):
        yield Breach(f"sslPolicy is {policy!r}, expected one that takes TLS 1.2 and 1.3 only", "sslPolicy")
