"""What people have opened in a SageMaker Studio domain. With any of it in there, the domain stays."""

from __future__ import annotations

from typing import Any

from operations.services import Services


def empty(services: Services, domain: str) -> None:
    """Delete the apps of a domain, then its spaces, then its profiles: each stays while one before it is there."""
    sagemaker = services["sagemaker"]
    waited = 0.0
    while apps := [row for row in _rows(sagemaker, "list_apps", "Apps", domain) if row["Status"] != "Deleted"]:
        for row in apps:
            if row["Status"] in {"InService", "Failed"}:
                owner = {key: row[key] for key in ("UserProfileName", "SpaceName") if row.get(key)}
                sagemaker.delete_app(DomainId=domain, AppType=row["AppType"], AppName=row["AppName"], **owner)
        waited = services.wait(waited, f"apps of {domain}")
    for kind, operation, listed, key in (
        ("spaces", "list_spaces", "Spaces", "SpaceName"),
        ("profiles", "list_user_profiles", "UserProfiles", "UserProfileName"),
    ):
        delete = sagemaker.delete_space if key == "SpaceName" else sagemaker.delete_user_profile
        waited = 0.0
        while rows := _rows(sagemaker, operation, listed, domain):
            for row in rows:
                if row["Status"] != "Deleting":
                    delete(**{"DomainId": domain, key: row[key]})
            waited = services.wait(waited, f"{kind} of {domain}")


def _rows(sagemaker: Any, operation: str, key: str, domain: str) -> list[dict[str, Any]]:
    pages = sagemaker.get_paginator(operation).paginate(DomainIdEquals=domain)
    return [row for page in pages for row in page[key]]
