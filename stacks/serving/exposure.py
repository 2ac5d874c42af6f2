"""The way in for callers outside the network, where the answers ask for one."""

from __future__ import annotations

import pulumi

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.model_api import ModelApi, ModelApiArgs
from stacks.components.web_firewall import WebFirewall, WebFirewallArgs
from stacks.serving.api_settings import ApiSettings
from stacks.serving.ground import Exports, Ground
from stacks.settings import load


def deploy(ground: Ground) -> Exports:
    """Create the API and its firewall; return the exports `api_address` and `api_invoke_arn`.

    It stands before a model is approved: until then it answers that none does.
    """
    settings = load(ApiSettings, "serving", ApiSettings.PREFIX)
    platform = ground.platform
    groups = {
        "api-access": names.log_group_name(platform, "api"),
        "api-firewall": f"aws-waf-logs-{names.resource_name(platform, 'api')}",
    }
    logs = {
        name: log_group(
            name,
            log_group_name=full_name,
            kms_key_arn=ground.foundation.require("logs_key_arn"),
            retention_days=settings.log_retention_days,
            opts=ground.opts,
        )
        for name, full_name in groups.items()
    }
    api = ModelApi(
        "api",
        ModelApiArgs(
            platform=platform,
            settings=settings,
            endpoint_name=ground.endpoint_name("endpoint"),
            boundary_arn=names.boundary_arn(platform),
            log_group_arn=logs["api-access"].arn,
        ),
        ground.opts,
    )
    WebFirewall(
        "api-firewall",
        WebFirewallArgs(
            platform=platform,
            protected_arn=api.stage_arn,
            requests_per_address=settings.requests_per_address,
            log_group_arn=logs["api-firewall"].arn,
        ),
        ground.opts,
    )
    exports: dict[str, pulumi.Input[str]] = {"api_address": api.address, "api_invoke_arn": api.invoke_arn}
    return exports
