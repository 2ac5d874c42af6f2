"""What an update asks of an endpoint, exported so that what is live can be compared with it."""

from __future__ import annotations

from typing import Any

import pulumi

Variant = dict[str, Any]
"""What was asked of one variant; values of None are left out."""


def endpoint(
    endpoint_name: str,
    endpoint_config_name: pulumi.Input[str],
    variants: list[Variant],
    *,
    capture_percent: int | None = None,
    network_isolation: bool = False,
    has_hours: bool = False,
) -> pulumi.Output[str]:
    """Return the export `<mode>_asked` (JSON): the endpoint, its configuration, variants, capture and isolation.

    `has_hours` says that the endpoint may be away by its schedule. What a mode does not have is left out.
    """
    document = {
        "endpoint_name": endpoint_name,
        "endpoint_config_name": endpoint_config_name,
        "variants": [{key: value for key, value in variant.items() if value is not None} for variant in variants],
        "capture_percent": capture_percent,
        "network_isolation": network_isolation,
        "has_hours": has_hours,
    }
    return pulumi.Output.json_dumps({key: value for key, value in document.items() if value is not None})
