"""What the deploy role may do besides, by the way the model serves."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents import released_models, request_recording
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

COMPONENT_ACTIONS = (
    "sagemaker:AddTags",
    "sagemaker:CreateInferenceComponent",
    "sagemaker:DeleteInferenceComponent",
    "sagemaker:DeleteTags",
    "sagemaker:UpdateInferenceComponent",
    "sagemaker:UpdateInferenceComponentRuntimeConfig",
)
# Cloud Control acts with the rights of its caller, so these open nothing that the other statements do not.
CLOUD_CONTROL_ACTIONS = (
    "cloudformation:CancelResourceRequest",
    "cloudformation:CreateResource",
    "cloudformation:DeleteResource",
    "cloudformation:GetResource",
    "cloudformation:GetResourceRequestStatus",
    "cloudformation:UpdateResource",
)


def by_part(platform: Platform, modes: Sequence[str]) -> dict[str, Document]:
    """Return the further documents of the deploy role; none where the provider itself makes all that serves."""
    found = {"components": components(platform)} if "inference_components" in modes else {}
    if {"serverless", "inference_components"} & {*modes}:
        found["recorders"] = document([request_recording.encrypting(platform)])
    return found | ({"releases": released_models.releasing(platform)} if "multi_model" in modes else {})


def components(platform: Platform) -> Document:
    """Return the management of inference components."""
    own = names.service_arn(platform, "sagemaker", f"inference-component/{names.resource_name(platform, '*')}")
    return document(
        [
            allow("InferenceComponents", COMPONENT_ACTIONS, own),
            allow("CloudControl", CLOUD_CONTROL_ACTIONS, "*"),
        ]
    )
