"""The command that asks AWS for more."""

from __future__ import annotations

from modelkeel.quotas.need import QuotaNeed


def command(need: QuotaNeed, code: str = "") -> str:
    """Return the shell line that requests the need; without a code the line looks it up by the quota's name.

    `code` is one that the account told. The lookup stays without quotes: the AWS CLI prints text page by page.
    """
    place = f"--region {need.region} --service-code {need.service}"
    known = need.code or code
    if not known:
        lookup = f"aws service-quotas list-aws-default-service-quotas {place}"
        known = f"$({lookup} --query \"Quotas[?QuotaName=='{need.name}'].QuotaCode\" --output text)"
    request = f"aws service-quotas request-service-quota-increase {place} --desired-value {need.needed}"
    return f"{request} --quota-code {known}"
