"""An API that callers outside the network reach: it checks who calls and what, and invokes one endpoint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents import model_api as documents
from stacks.serving.api_settings import ApiSettings
from stacks.settings import Platform

STAGE = "live"
PATH = "predictions"
LONGEST_MILLISECONDS = 29_000
"""API Gateway Developer Guide, "Quotas": integration timeout of a Regional API without a raise, read 2026-11-25."""


@dataclass(frozen=True, kw_only=True)
class ModelApiArgs:
    """The API invokes the endpoint of `endpoint_name` as a role of its own; a stage's access goes to a log group."""

    platform: Platform
    settings: ApiSettings
    endpoint_name: str
    boundary_arn: pulumi.Input[str]
    log_group_arn: pulumi.Input[str]


class ModelApi(pulumi.ComponentResource):
    """`POST /predictions` with JSON; signed by a role, or with a key that a usage plan limits."""

    address: pulumi.Output[str]
    stage_arn: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ModelApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:ModelApi", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform, settings = args.platform, args.settings
        full_name = names.resource_name(platform, name)
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=full_name,
                path=names.role_path(platform),
                description="The API before the endpoint",
                trust=documents.trust(),
                permissions=documents.invoke_only(platform, args.endpoint_name),
                boundary_arn=args.boundary_arn,
            ),
            child,
        )
        api = aws.apigateway.RestApi(
            name,
            name=full_name,
            description=f"Predictions of {platform.project} in {platform.environment}",
            endpoint_configuration={"types": "REGIONAL"},
            disable_execute_api_endpoint=bool(settings.domain_name),
            opts=child,
        )
        parts = _method(name, args, api, role.arn, child)
        stage = _stage(name, args, api, parts, self)
        if settings.callers == "key":
            _plan(name, full_name, settings, api, stage, child)
        self.address = _named(name, settings, api, stage, child) or pulumi.Output.concat(stage.invoke_url, "/", PATH)
        self.stage_arn = stage.arn
        self.invoke_arn = pulumi.Output.concat(stage.execution_arn, f"/POST/{PATH}")
        self.register_outputs({"address": self.address, "stage_arn": self.stage_arn})


def _stage(
    name: str,
    args: ModelApiArgs,
    api: aws.apigateway.RestApi,
    parts: list[pulumi.Resource],
    parent: pulumi.Resource,
) -> aws.apigateway.Stage:
    child = pulumi.ResourceOptions(parent=parent)
    settings = args.settings
    # A deployment is a picture of the API: what the picture shows decides when another is taken.
    seen = hashlib.sha256(
        json.dumps([settings.callers, args.endpoint_name, documents.REQUEST_SCHEMA]).encode()
    ).hexdigest()
    deployment = aws.apigateway.Deployment(
        name,
        rest_api=api.id,
        triggers={"method": seen},
        opts=pulumi.ResourceOptions(parent=parent, depends_on=parts),
    )
    stage = aws.apigateway.Stage(
        name,
        rest_api=api.id,
        deployment=deployment.id,
        stage_name=STAGE,
        access_log_settings={"destination_arn": args.log_group_arn, "format": documents.access_log_format()},
        opts=child,
    )
    aws.apigateway.MethodSettings(
        name,
        rest_api=api.id,
        stage_name=stage.stage_name,
        method_path="*/*",
        settings={
            "metrics_enabled": True,
            "logging_level": "ERROR",
            "data_trace_enabled": False,
            "caching_enabled": False,
            "throttling_rate_limit": settings.requests_per_sec,
            "throttling_burst_limit": settings.burst_requests,
        },
        opts=child,
    )
    return stage


def _method(
    name: str,
    args: ModelApiArgs,
    api: aws.apigateway.RestApi,
    role_arn: pulumi.Output[str],
    child: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    signed = args.settings.callers == "iam"
    place = aws.apigateway.Resource(name, rest_api=api.id, parent_id=api.root_resource_id, path_part=PATH, opts=child)
    model = aws.apigateway.Model(
        name,
        rest_api=api.id,
        name="Request",
        content_type="application/json",
        schema=json.dumps(documents.REQUEST_SCHEMA),
        opts=child,
    )
    validator = aws.apigateway.RequestValidator(
        name,
        rest_api=api.id,
        name="body-and-parameters",
        validate_request_body=True,
        validate_request_parameters=True,
        opts=child,
    )
    method = aws.apigateway.Method(
        name,
        rest_api=api.id,
        resource_id=place.id,
        http_method="POST",
        authorization="AWS_IAM" if signed else "NONE",
        api_key_required=not signed,
        request_models={"application/json": model.name},
        request_validator_id=validator.id,
        opts=child,
    )
    integration = aws.apigateway.Integration(
        name,
        rest_api=api.id,
        resource_id=place.id,
        http_method=method.http_method,
        type="AWS",
        integration_http_method="POST",
        uri=documents.endpoint_uri(args.platform, args.endpoint_name),
        credentials=role_arn,
        # Only JSON is passed on: anything else is answered with 415 before it reaches the model.
        passthrough_behavior="NEVER",
        request_templates={"application/json": "$input.body"},
        request_parameters={"integration.request.header.Content-Type": "'application/json'"},
        timeout_milliseconds=LONGEST_MILLISECONDS,
        opts=child,
    )
    answers = [
        answer
        for status, pattern in (("200", ""), ("400", "4\\d{2}"), ("503", "5\\d{2}"))
        for answer in _answer(name, status, pattern, (api, place, method, integration), child)
    ]
    return [integration, *answers]


def _answer(
    name: str,
    status: str,
    pattern: str,
    parts: tuple[aws.apigateway.RestApi, aws.apigateway.Resource, aws.apigateway.Method, aws.apigateway.Integration],
    child: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    api, place, method, integration = parts
    said = aws.apigateway.MethodResponse(
        f"{name}-{status}",
        rest_api=api.id,
        resource_id=place.id,
        http_method=method.http_method,
        status_code=status,
        opts=child,
    )
    # The model's own words stay inside: an error tells the caller that there is one.
    templates = {} if status == "200" else {"application/json": json.dumps({"message": _MESSAGES[status]})}
    given = aws.apigateway.IntegrationResponse(
        f"{name}-{status}",
        rest_api=api.id,
        resource_id=place.id,
        http_method=method.http_method,
        status_code=said.status_code,
        selection_pattern=pattern or None,
        response_templates=templates or None,
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[integration])),
    )
    return [said, given]


_MESSAGES = {"400": "the request is not one that the model takes", "503": "the model does not answer"}


def _plan(
    name: str,
    full_name: str,
    settings: ApiSettings,
    api: aws.apigateway.RestApi,
    stage: aws.apigateway.Stage,
    child: pulumi.ResourceOptions,
) -> None:
    plan = aws.apigateway.UsagePlan(
        name,
        name=full_name,
        description="What one key may ask for",
        api_stages=[{"api_id": api.id, "stage": stage.stage_name}],
        throttle_settings={"rate_limit": settings.requests_per_sec, "burst_limit": settings.burst_requests},
        opts=child,
    )
    key = aws.apigateway.ApiKey(name, name=full_name, description="The first caller", enabled=True, opts=child)
    aws.apigateway.UsagePlanKey(name, key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id, opts=child)


def _named(
    name: str,
    settings: ApiSettings,
    api: aws.apigateway.RestApi,
    stage: aws.apigateway.Stage,
    child: pulumi.ResourceOptions,
) -> pulumi.Output[str] | None:
    if not settings.domain_name:
        return None
    domain = aws.apigateway.DomainName(
        name,
        domain_name=settings.domain_name,
        regional_certificate_arn=settings.certificate_arn,
        security_policy="TLS_1_2",
        endpoint_configuration={"types": "REGIONAL"},
        mutual_tls_authentication=({"truststore_uri": settings.trust_store_uri} if settings.trust_store_uri else None),
        opts=child,
    )
    aws.apigateway.BasePathMapping(
        name, rest_api=api.id, stage_name=stage.stage_name, domain_name=domain.domain_name, opts=child
    )
    return pulumi.Output.concat("https://", domain.domain_name, "/", PATH)
