"""The organization's trail, named by the program that makes it and by the one that keeps its files."""

from __future__ import annotations

import dataclasses

from stacks import names
from stacks.settings import Platform

PURPOSE = "org-trail"
"""Bucket and key in the log account; an account's own trail has the purpose `trail`."""


def trail_name(platform: Platform) -> str:
    """Return the name of the trail."""
    return names.resource_name(platform, PURPOSE)


def trail_arn(platform: Platform, management_account_id: str) -> str:
    """Return the ARN of the trail in the management account, which is there whatever account asks."""
    home = dataclasses.replace(platform, account_id=management_account_id)
    return names.service_arn(home, "cloudtrail", f"trail/{trail_name(home)}")


def archive(platform: Platform, log_account_id: str) -> Platform:
    """Return the platform of the log account as the organization program sees it."""
    return dataclasses.replace(platform, account_id=log_account_id)
