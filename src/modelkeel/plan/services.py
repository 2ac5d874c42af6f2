"""Which AWS services are reached through private endpoints."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan import change_capture, edge
from modelkeel.plan.cluster import Cluster
from modelkeel.plan.compliance import Regime
from modelkeel.plan.serving_modes import ServingModes
from modelkeel.plan.storage import Storage


def interface_endpoints(
    answers: Answers,
    regime: Regime,
    modes: ServingModes,
    storage: Storage,
    cluster: Cluster,
    *,
    governed: bool,
    kill_switch: bool,
) -> tuple[str, ...]:
    """Return the services that code in the network calls, as their endpoint service name ends, sorted."""
    wanted = {"ecr.api", "ecr.dkr", "logs", "sagemaker.api", "sts"}
    if edge.has_rings(answers, regime):
        # The job that packs a version has KMS sign it.
        wanted |= {"kms"}
    if regime.regulated or modes.has_endpoint:
        wanted |= {"kms", "monitoring"}
    if modes.has_sagemaker_endpoint:
        wanted |= {"sagemaker.runtime"}
    if storage.online_features:
        wanted |= {"sagemaker.featurestore-runtime"}
    if storage.stream:
        wanted |= {"kinesis-streams", "kinesis-firehose"}
    if regime.regulated:
        wanted |= {"athena", "glue", "secretsmanager", "events"}
    if change_capture.is_asked(answers):
        wanted |= {"kms", "logs", "secretsmanager"}
    if governed:
        wanted |= {"sqs", "states"}
    if governed and kill_switch:
        wanted |= {"appconfigdata"}
    if cluster.used:
        wanted |= {"ec2", "eks", "eks-auth", "kms", "monitoring"}
    if modes.servers is not None and answers.exposure == "internal_alb":
        wanted |= {"elasticloadbalancing"}
    if cluster.karpenter:
        wanted |= {"sqs", "ssm"}
    return tuple(sorted(wanted))
