"""What the pods of the teams may do, by EKS Pod Identity: each team writes below its own prefix only."""

from __future__ import annotations

from stacks import names, placement
from stacks.documents.grant import Grants
from stacks.documents.statement import Document, allow, document

# EKS Pod Identity tags the session of a pod with its namespace, which is the team's.
NAMESPACE = "${aws:PrincipalTag/kubernetes-namespace}"


def training_pod(grants: Grants) -> Document:
    """Return what a training pod may do: read data, features and models, write its team's models and checkpoints."""
    bucket = names.bucket_arn(grants.platform, placement.bucket_of("models", grants.buckets))
    own = f"{bucket}/models/{NAMESPACE}/*"
    return document(
        [
            *grants.read(["curated", "features", "models"]),
            allow("WriteOwnModels", ["s3:AbortMultipartUpload", "s3:PutObject"], own),
            grants.use_keys(["data", "features", "models"], ("s3",)),
            _metrics(grants),
        ]
    )


def serving_pod(grants: Grants) -> Document:
    """Return what a model server may do: read models, send metrics."""
    return document([*grants.read(["models"]), grants.use_keys(["models"], ("s3",)), _metrics(grants)])


def pipeline_pod(grants: Grants) -> Document:
    """Return what the training of the pipeline may do: read features and models, write models and checkpoints."""
    return document(
        [
            *grants.read(["curated", "features", "models"]),
            grants.write(["models"]),
            grants.use_keys(["data", "features", "models"], ("s3",)),
            _metrics(grants),
        ]
    )


def requests_pod(grants: Grants) -> Document:
    """Return what the taker of requests may do: receive them from the queue, and answer the pipelines that asked."""
    take = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"]
    answers = [f"sagemaker:SendPipelineExecutionStep{outcome}" for outcome in ("Failure", "Success")]
    queue = names.service_arn(grants.platform, "sqs", names.resource_name(grants.platform, names.TRAINING_REQUESTS))
    return document(
        [
            allow("TakeRequests", take, queue),
            grants.use_keys(["logs"], ("sqs",)),
            # An answer is checked by its token; the action takes no resource.
            allow("AnswerPipelines", answers, "*"),
        ]
    )


def _metrics(grants: Grants) -> Document:
    namespaces = [f"{grants.platform.project}/{grants.platform.environment}*"]
    return allow("Metrics", ["cloudwatch:PutMetricData"], "*", StringLike={"cloudwatch:namespace": namespaces})
