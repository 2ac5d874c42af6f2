"""What the schedules of an endpoint's hours may do."""

from __future__ import annotations

from stacks import names
from stacks.documents.statement import Document, allow, document
from stacks.documents.workflow_role import key_statement
from stacks.settings import Platform


def permissions(platform: Platform, endpoint: str, volume_key: str, queue_key: str) -> Document:
    """Return the deletion and the creation of `endpoint`, and the keeping of what could not be started.

    Whoever creates an endpoint must be able to grant the key of its volumes (SageMaker API Reference,
    CreateEndpointConfig, KmsKeyId, read 2026-11-25).
    """
    own = names.service_arn(platform, "sagemaker", f"endpoint/{endpoint}")
    configurations = names.service_arn(platform, "sagemaker", f"endpoint-config/{names.resource_name(platform, '*')}")
    queues = names.service_arn(platform, "sqs", names.resource_name(platform, "endpoint-*"))
    return document(
        [
            allow("Stop", ["sagemaker:DeleteEndpoint"], own),
            allow("Start", ["sagemaker:AddTags", "sagemaker:CreateEndpoint"], [own, configurations]),
            allow("GrantVolumeKey", ["kms:CreateGrant"], volume_key, Bool={"kms:GrantIsForAWSResource": "true"}),
            allow("Undelivered", ["sqs:SendMessage"], queues),
            key_statement(queue_key),
        ]
    )
