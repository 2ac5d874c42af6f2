"""Configuration of the API before an endpoint; keys `serving:api_*`."""

from __future__ import annotations

from dataclasses import dataclass

CALLERS = ("iam", "key")


@dataclass(frozen=True, kw_only=True)
class ApiSettings:
    """Who calls the API, and how often."""

    PREFIX = "api_"

    callers: str
    """`iam`: requests are signed by a role that may invoke the API; `key`: they carry a key, from anywhere."""
    requests_per_sec: int
    """Requests a second that the API takes in the long run; above it callers get 429."""
    burst_requests: int
    """Requests that may arrive at the same moment beyond that."""
    requests_per_address: int
    """Requests that one address may send in five minutes before the firewall blocks it, 10 to 2,000,000,000."""
    log_retention_days: int
    """Days for which access logs are kept; one of the periods CloudWatch accepts."""
    domain_name: str = ""
    """Name under which the API is called; needs `certificate_arn`. Empty: under the address that AWS gives."""
    certificate_arn: str = ""
    """ACM certificate of that name, in the Region of the API."""
    trust_store_uri: str = ""
    """S3 URI of the certificates of authorities whose clients may connect (mutual TLS); empty: no client proves it."""

    def __post_init__(self) -> None:
        """Refuse unknown callers, and a name without a certificate.

        Raises:
            ValueError: names the key, what it holds and what is allowed.
        """
        if self.callers not in CALLERS:
            raise ValueError(f"serving:api_callers is {self.callers!r}, allowed: {', '.join(CALLERS)}")
        if self.domain_name and not self.certificate_arn:
            raise ValueError("serving:api_domain_name needs serving:api_certificate_arn, a certificate of that name")
        if self.trust_store_uri and not self.domain_name:
            raise ValueError("serving:api_trust_store_uri needs serving:api_domain_name: mutual TLS is the name's")
