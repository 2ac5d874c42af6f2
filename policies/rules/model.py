"""Models and their registry: isolated, in the network, from a registered package, under a closed policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..document import Statement, statements
from ..pipeline import PIPELINE, steps
from ..principal import account_of
from ..values import NotConcerned, Undetermined, Value, at, is_set, listed
from ..view import Breach, Resource, View

MODEL = "aws:sagemaker/model:Model"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
GROUP = "aws:sagemaker/modelPackageGroup:ModelPackageGroup"
CARD = "aws:sagemaker/modelCard:ModelCard"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
PRINCIPAL = "aws:PrincipalArn"
MANY = "MultiModel"
_BY_DIGEST = re.compile(r"^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[^:@]+@sha256:[0-9a-f]{64}$")


class _Container(NamedTuple):
    block: Value
    path: str


def _containers(model: Resource) -> Iterator[_Container]:
    if model["primaryContainer"] is not None:
        yield _Container(model["primaryContainer"], "primaryContainer")
    for index, block in enumerate(listed(model["containers"])):
        yield _Container(block, f"containers[{index}]")


def model_isolated(model: Resource) -> Iterator[Breach]:
    """SM-020."""
    if model["enableNetworkIsolation"] is not True:
        yield Breach("the model's container can reach the network", "enableNetworkIsolation")


def model_in_vpc(model: Resource, view: View) -> Iterator[Breach]:
    """SM-021. A serverless endpoint takes no model in a network; regimes that want isolation refuse its model."""
    if _only_serverless(model, view):
        raise NotConcerned
    for key in ("subnets", "securityGroupIds"):
        if not is_set(at(model["vpcConfig"], key)):
            yield Breach("the model runs outside the network", f"vpcConfig.{key}")


def _only_serverless(model: Resource, view: View) -> bool:
    # A model that Pulumi names has no name in its inputs: who depends on it tells the same.
    named = model["name"] is not None
    configurations = view.of(CONFIGURATION) if named else view.referrers(model, CONFIGURATION, "productionVariants")
    variants = [
        variant
        for configuration in configurations
        for variant in listed(configuration["productionVariants"])
        if not named or at(variant, "modelName") == model["name"]
    ]
    return bool(variants) and all(at(variant, "serverlessConfig") is not None for variant in variants)


def model_image_pinned(model: Resource) -> Iterator[Breach]:
    """SM-022. A model package pins its image itself."""
    for block, path in _containers(model):
        image = at(block, "image")
        if image is not None and not _BY_DIGEST.match(image):
            yield Breach(f"the image {image!r} is not named by its digest in a private ECR repository", f"{path}.image")


def model_from_registry(resource: Resource, view: View) -> Iterator[Breach]:
    """SM-060. What is deployed was registered, and what is trained is registered in a group that exists.

    What a multi-model endpoint loads is the matter of `released_models_guarded`.
    """
    if resource.type == MODEL:
        for block, path in _containers(resource):
            if at(block, "mode") == MANY:
                continue
            if not is_set(at(block, "modelPackageName")):
                yield Breach("the model does not come from a registered model package", f"{path}.modelPackageName")
        return
    registered = [step for step in steps(resource) if step.kind == "RegisterModel"]
    if not registered and any(step.kind in {"Training", "Tuning"} for step in steps(resource)):
        yield Breach("the models that the pipeline trains are not registered", "pipelineDefinition.Steps")
    for step in registered:
        name = at(step.arguments, "ModelPackageGroupName")
        if isinstance(name, str) and view.named(GROUP, name.rsplit("/", 1)[-1]) is None and not _group(view, name):
            if account_of(name) not in {None, *view.accounts(resource)}:
                raise Undetermined(f"{name} is of another account, its program is not among the stacks that were read")
            yield Breach(f"there is no model package group {name}", f"{step.path}.ModelPackageGroupName")


def released_models_guarded(model: Resource, view: View) -> Iterator[Breach]:
    """SM-066. What lies below the prefix of a multi-model endpoint is live: jobs must not be able to write there."""
    many = [(at(block, "modelDataUrl"), path) for block, path in _containers(model) if at(block, "mode") == MANY]
    if not many:
        raise NotConcerned
    for uri, path in many:
        if not isinstance(uri, str) or not uri.startswith("s3://"):
            raise Undetermined("the prefix of the models is decided at run time")
        name, _, prefix = uri.removeprefix("s3://").partition("/")
        bucket = view.named(BUCKET, name)
        if bucket is None and "data" not in view.programs:
            raise Undetermined("the data program is not among the stacks that were read")
        policies = [] if bucket is None else view.referrers(bucket, BUCKET_POLICY, "bucket")
        rows = [row for policy in policies for row in statements(policy["policy"])]
        if not any(_guards(row, f"{name}/{prefix}") for row in rows):
            yield Breach(f"whoever writes to {name} can put a model live below {prefix}", f"{path}.modelDataUrl")


def _guards(statement: Statement, prefix: str) -> bool:
    """Tell whether it denies writing below `prefix` to all but principals that a condition names."""
    operators = [operator.lower() for operator, _, _ in statement.condition(PRINCIPAL)]
    return (
        statement.effect == "Deny"
        and statement.is_public
        and statement.covers("s3:PutObject")
        and any(prefix.startswith(resource.rpartition(":")[2].rstrip("*")) for resource in statement.resources)
        and any(operator.startswith(("arnnot", "stringnot")) for operator in operators)
    )


def _group(view: View, name: str) -> bool:
    return any(group["modelPackageGroupName"] == name for group in view.of(GROUP))


def model_group_policy_closed(policy: Resource, view: View) -> Iterator[Breach]:
    """SM-062."""
    own = view.accounts(policy)
    for statement in statements(policy["resourcePolicy"]):
        if not statement.allows or statement.conditioned_on("aws:PrincipalOrgID", "aws:PrincipalArn"):
            continue
        path = f"resourcePolicy.{statement.path}"
        if statement.is_public:
            yield Breach("everybody may use the registry", path)
        for account in sorted({account_of(name) or "" for _, name in statement.principals} - {""} - own):
            if own:
                yield Breach(f"account {account} may use the registry", path)


def model_card_present(group: Resource, view: View) -> Iterator[Breach]:
    """SM-063. A card is a resource, or travels with each version that the pipeline registers."""
    with_card = any(
        is_set(at(step.arguments, "ModelCard"))
        for pipeline in view.of(PIPELINE)
        for step in steps(pipeline)
        if step.kind == "RegisterModel"
    )
    if not with_card and not view.of(CARD):
        yield Breach("the group's models have no model card")


def model_artifacts_locked(pipeline: Resource, view: View) -> Iterator[Breach]:
    """SM-064."""
    for step in steps(pipeline):
        uri = at(step.arguments, "OutputDataConfig", "S3OutputPath") if step.kind == "Training" else None
        if not isinstance(uri, str) or not uri.startswith("s3://"):
            continue
        name = uri.removeprefix("s3://").split("/", 1)[0]
        bucket = view.named(BUCKET, name)
        if bucket is None:
            if "data" not in view.programs:
                raise Undetermined("the data program is not among the stacks that were read")
            yield Breach(f"models are written to {name}, which is no bucket of the project", step.path)
        elif bucket["objectLockEnabled"] is not True:
            yield Breach("a model can be deleted for good: its bucket has no Object Lock", "objectLockEnabled", bucket)


def feature_group_own_keys(group: Resource) -> Iterator[Breach]:
    """SM-070."""
    online = group["onlineStoreConfig"]
    if at(online, "enableOnlineStore") and not is_set(at(online, "securityConfig", "kmsKeyId")):
        yield Breach(
            "the online store is not encrypted with a key of ours", "onlineStoreConfig.securityConfig.kmsKeyId"
        )
    offline = group["offlineStoreConfig"]
    if offline is not None and not is_set(at(offline, "s3StorageConfig", "kmsKeyId")):
        path = "offlineStoreConfig.s3StorageConfig.kmsKeyId"
        yield Breach("the offline store is not encrypted with a key of ours", path)


def feature_group_forgets(group: Resource) -> Iterator[Breach]:
    """SM-071."""
    online = group["onlineStoreConfig"]
    if at(online, "enableOnlineStore") and not is_set(at(online, "ttlDuration", "value")):
        yield Breach("personal data stay in the online store for ever", "onlineStoreConfig.ttlDuration")
