"""Twins of the controls over load balancers."""

from __future__ import annotations

from policy_twins.build import changed, resource, twin

_LOGS = {"enabled": True, "bucket": "shop-prod-logs", "prefix": "balancer"}
BALANCER = {
    "balancer": resource(
        "lb/loadBalancer:LoadBalancer",
        "balancer",
        loadBalancerType="application",
        internal=True,
        dropInvalidHeaderFields=True,
        desyncMitigationMode="strictest",
        accessLogs=_LOGS,
    )
}
_REDIRECT = [{"type": "redirect", "redirect": {"protocol": "HTTPS", "statusCode": "HTTP_301"}}]
LISTENER = {
    "listener": resource(
        "lb/listener:Listener",
        "listener",
        protocol="HTTPS",
        sslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        defaultActions=[{"type": "fixed-response"}],
    )
}

TWINS = {
    "balancer-guarded": twin(BALANCER.values(), changed(BALANCER, "balancer", dropInvalidHeaderFields=False)),
    "balancer-over-tls": twin(LISTENER.values(), changed(LISTENER, "listener", protocol="HTTP", sslPolicy=None)),
}
MORE_VIOLATIONS = (
    ("balancer-guarded", changed(BALANCER, "balancer", accessLogs={**_LOGS, "enabled": False})),
    ("balancer-guarded", changed(BALANCER, "balancer", desyncMitigationMode="monitor")),
    ("balancer-over-tls", changed(LISTENER, "listener", sslPolicy="ELBSecurityPolicy-2016-08")),
    ("balancer-over-tls", changed(LISTENER, "listener", sslPolicy=None)),
)
ACCEPTED = (
    ("balancer-guarded", changed(BALANCER, "balancer", desyncMitigationMode=None)),
    (
        "balancer-guarded",
        changed(BALANCER, "balancer", loadBalancerType="network", dropInvalidHeaderFields=None),
    ),
    ("balancer-over-tls", changed(LISTENER, "listener", protocol="HTTP", sslPolicy=None, defaultActions=_REDIRECT)),
)
