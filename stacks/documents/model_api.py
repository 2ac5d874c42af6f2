"""Documents of the API before an endpoint: its role, its access log, the rules of its firewall."""

from __future__ import annotations

import json
from typing import Any

from stacks import names
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

# WAF Developer Guide, "AWS Managed Rules rule groups list", read 2026-11-25. The body size rule of the common set
# refuses what is larger than 8 KB; a model's request may be, so that one counts only.
MANAGED_RULES = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
}
ACCESS_LOG_FIELDS = {
    "requestId": "$context.requestId",
    "at": "$context.requestTime",
    "caller": "$context.identity.caller",
    "userArn": "$context.identity.userArn",
    "apiKeyId": "$context.identity.apiKeyId",
    "address": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "path": "$context.resourcePath",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "latencyMs": "$context.responseLatency",
    "modelLatencyMs": "$context.integrationLatency",
    "firewall": "$context.wafResponseCode",
}
REQUEST_SCHEMA = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "Request",
    "type": ["object", "array"],
}


def invoke_only(platform: Platform, endpoint_name: str) -> Document:
    """Return what the API does as its role: it invokes one endpoint."""
    arn = names.service_arn(platform, "sagemaker", f"endpoint/{endpoint_name}")
    return document([allow("InvokeEndpoint", ["sagemaker:InvokeEndpoint"], arn)])


def trust() -> Document:
    """Return the trust of that role. API Gateway sends no source with the request; a role is passed in its own account.

    Source: API Gateway Developer Guide, "API Gateway permissions model for invoking an API", read 2026-11-25.
    """
    return document(
        [
            {
                "Sid": "AssumedByApi",
                "Effect": "Allow",
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ]
    )


def endpoint_uri(platform: Platform, endpoint_name: str) -> str:
    """Return the address of the endpoint as API Gateway names an action of a service."""
    path = f"runtime.sagemaker:path//endpoints/{endpoint_name}/invocations"
    return f"arn:{platform.partition}:apigateway:{platform.region}:{path}"


def access_log_format() -> str:
    """Return one line of JSON a request: who, what, how long; never the request itself."""
    return json.dumps(ACCESS_LOG_FIELDS)


def firewall_rules(requests_per_address: int, prefix: str) -> list[Any]:
    """Return the rules of the firewall: AWS's lists, then a limit an address."""
    rules: list[dict[str, Any]] = [
        {
            "name": name,
            "priority": place,
            "override_action": {"none": {}},
            "statement": {
                "managed_rule_group_statement": {
                    "name": name,
                    "vendor_name": "AWS",
                    "rule_action_overrides": [{"name": rule, "action_to_use": {"count": {}}} for rule in counted],
                }
            },
            "visibility_config": visibility(f"{prefix}-{name}"),
        }
        for place, (name, counted) in enumerate(MANAGED_RULES.items(), 1)
    ]
    return [
        *rules,
        {
            "name": "PerAddress",
            "priority": len(rules) + 1,
            "action": {"block": {}},
            "statement": {
                "rate_based_statement": {
                    "limit": requests_per_address,
                    "aggregate_key_type": "IP",
                    "evaluation_window_sec": 300,
                }
            },
            "visibility_config": visibility(f"{prefix}-per-address"),
        },
    ]


def visibility(metric_name: str) -> Any:
    """Return what is counted of a rule; no requests are sampled, for they hold data."""
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric_name, "sampled_requests_enabled": False}
