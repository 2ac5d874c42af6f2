"""Documents of the tooling account: what its key, bucket, images and registry let the environments' roles do.

A principal is an environment's account, and a condition names the roles: a role that does not exist yet cannot be a
principal, and one that was made again would no longer be the one that was named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stacks import names, shared_registry
from stacks.documents.image_repository import PULL
from stacks.documents.key import USE, administration, dns_suffix, use_through
from stacks.documents.registry import package_arns, registry_policy
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

PUSH = (
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
READ_REGISTRY = ("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages")
Environments = Mapping[str, str]


def key_policy(shared: Platform, environments: Environments) -> Document:
    """Return the policy of the key of models and images: the account's own use, and that of the environments' jobs."""
    domain = dns_suffix(shared.partition)
    via = [f"{service}.{shared.region}.{domain}" for service in ("s3", "sagemaker")]
    ci = [names.role_arn(home, "ci-*") for home in _homes(shared, environments)]
    return document(
        [
            administration(shared),
            *use_through(shared, ("ecr", "s3", "sagemaker")),
            {
                **_for_roles("JobsUse", shared, environments, shared_registry.READERS, USE),
                "Resource": "*",
                "Condition": {
                    "ArnEquals": {"aws:PrincipalArn": roles(shared, environments, shared_registry.READERS)},
                    "StringEquals": {"kms:CallerAccount": accounts(environments), "kms:ViaService": via},
                },
            },
            # The programs ask for the ARN behind the alias: nobody chooses the id of a key.
            {
                "Sid": "CiFinds",
                "Effect": "Allow",
                "Principal": {"AWS": roots(shared, environments)},
                "Action": "kms:DescribeKey",
                "Resource": "*",
                "Condition": {"ArnLike": {"aws:PrincipalArn": ci}},
            },
        ]
    )


def bucket_statements(shared: Platform, environments: Environments) -> list[Document]:
    """Return the statements of the models bucket: all environments read, each writes below its own folder."""
    bucket = names.bucket_arn(shared, shared_registry.MODELS)
    readers = shared_registry.READERS
    find = _for_roles("FindModels", shared, environments, readers, ("s3:GetBucketLocation", "s3:ListBucket"))
    read = _for_roles("ReadModels", shared, environments, readers, ("s3:GetObject", "s3:GetObjectVersion"))
    return [
        {**find, "Resource": bucket},
        {**read, "Resource": f"{bucket}/{shared_registry.MODELS}/*"},
        *(
            {
                **_for_roles(
                    f"Write{home.environment.capitalize()}",
                    shared,
                    {home.environment: home.account_id},
                    shared_registry.WRITERS,
                    ("s3:AbortMultipartUpload", "s3:PutObject"),
                ),
                "Resource": f"{bucket}/{shared_registry.models_folder(home)}/*",
            }
            for home in _homes(shared, environments)
        ),
    ]


def repository_policy(shared: Platform, environments: Environments, pushers: Sequence[str]) -> Document:
    """Return the policy of the image repository: jobs and CI of the environments pull, CI of `pushers` pushes.

    An image is built once: the first environment pushes it, the others run the same one.
    """
    pullers = [*roles(shared, environments, shared_registry.READERS), *roles(shared, environments, ("ci-deploy",))]
    first = {name: environments[name] for name in pushers}
    return document(
        [
            {
                "Sid": "JobsPull",
                "Effect": "Allow",
                "Principal": {"AWS": roots(shared, environments)},
                "Action": [*PULL, "ecr:DescribeImages"],
                "Condition": {"ArnEquals": {"aws:PrincipalArn": sorted(pullers)}},
            },
            _for_roles("CiPushes", shared, first, ("ci-deploy",), PUSH),
            {
                "Sid": "DenyOtherAccounts",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "ecr:*",
                "Condition": {
                    "StringNotEquals": {
                        "aws:PrincipalAccount": sorted({shared.account_id, *environments.values()}),
                    },
                    "Bool": {"aws:PrincipalIsAWSService": "false"},
                },
            },
        ]
    )


def shared_registry_policy(
    shared: Platform, environments: Environments, group: str, approver_role_arns: Sequence[str]
) -> Document:
    """Return the policy of the registry group: environments read and register, few approve, CI makes models of it.

    Source: Amazon SageMaker AI Developer Guide, "Deploy a Model Version from a Different Account"; actions and
    condition keys: Service Authorization Reference; read 2026-11-25.
    """
    arn = shared_registry.group_arn(shared, group)
    packages = package_arns(arn)
    own = [f"arn:{h.partition}:iam::{h.account_id}:role{names.role_path(h)}*" for h in _homes(shared, environments)]
    pending = {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}
    statuses = {"sagemaker:ModelApprovalStatus": ["Approved", "PendingManualApproval", "Rejected"]}
    registering = roles(shared, environments, ("pipeline",))
    root = {"AWS": roots(shared, environments)}

    def granted(sid: str, actions: Sequence[str], where: Sequence[str], **condition: object) -> Document:
        return {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": root,
            "Action": list(actions),
            "Resource": list(where),
            "Condition": condition,
        }

    deployers = roles(shared, environments, ("ci-deploy", "pipeline"))
    return document(
        [
            granted("FindGroup", ["sagemaker:DescribeModelPackageGroup"], [arn], ArnLike={"aws:PrincipalArn": own}),
            granted("ReadVersions", READ_REGISTRY, [arn, packages], ArnLike={"aws:PrincipalArn": own}),
            granted("MakeModels", ["sagemaker:CreateModel"], [packages], ArnEquals={"aws:PrincipalArn": deployers}),
            granted(
                "Register",
                ["sagemaker:CreateModelPackage"],
                [arn, packages],
                ArnEquals={"aws:PrincipalArn": registering},
                StringEquals=pending,
            ),
            granted(
                "Approve",
                ["sagemaker:UpdateModelPackage"],
                [packages],
                ArnLike={"aws:PrincipalArn": sorted(approver_role_arns)},
                StringEquals=statuses,
            ),
            *registry_policy(arn, approver_role_arns)["Statement"],
        ]
    )


def entry(home: Platform, purpose: str) -> Document:
    """Return what a role does with which CI comes in: it becomes one role of one environment, and nothing else."""
    return document(
        [
            allow("EnterEnvironment", ["sts:AssumeRole"], names.role_arn(home, f"ci-{purpose}")),
            allow("WhoAmI", ["sts:GetCallerIdentity"], "*"),
        ]
    )


def entry_boundary(shared: Platform, environments: Environments) -> Document:
    """Return the boundary of all roles with which CI comes in."""
    ci = [names.role_arn(home, f"ci-{purpose}") for home in _homes(shared, environments) for purpose in PURPOSES]
    return document(
        [
            allow("EnterEnvironments", ["sts:AssumeRole"], sorted(ci)),
            allow("WhoAmI", ["sts:GetCallerIdentity"], "*"),
        ]
    )


def delivery(platform: Platform) -> Document:
    """Return what CI of an environment does in the tooling account: find the key, read versions, push the image.

    The repository's own policy decides which environment pushes.
    """
    shared = shared_registry.tooling(platform)
    if shared is None:
        return document([])
    images = names.service_arn(shared, "ecr", f"repository/{names.resource_name(shared, '*')}")
    packages = [names.service_arn(shared, "sagemaker", f"model-package/{names.resource_name(shared, '*')}")]
    return document(
        [
            allow("SharedImages", [*PULL, *PUSH], images),
            allow("SharedVersions", [*READ_REGISTRY, "sagemaker:CreateModel"], packages),
            *finding(platform)["Statement"],
        ]
    )


def finding(platform: Platform) -> Document:
    """Return what a preview asks of the tooling account: the ARN of the key behind its alias."""
    shared = shared_registry.tooling(platform)
    if shared is None:
        return document([])
    alias = {"kms:ResourceAliases": names.key_alias(shared, shared_registry.MODELS)}
    keys = names.service_arn(shared, "kms", "key/*")
    return document([allow("SharedKey", ["kms:DescribeKey"], keys, ForAnyValue_StringEquals=alias)])


PURPOSES = ("deploy", "preview")


def roles(shared: Platform, environments: Environments, components: Sequence[str]) -> list[str]:
    """Return the ARNs of the roles `components` of every environment, sorted."""
    return sorted(names.role_arn(home, role) for home in _homes(shared, environments) for role in components)


def accounts(environments: Environments) -> list[str]:
    """Return the accounts of the environments, each once."""
    return sorted(set(environments.values()))


def roots(shared: Platform, environments: Environments) -> list[str]:
    """Return the principals that stand for the accounts of the environments, each once."""
    return sorted({names.account_root_arn(home) for home in _homes(shared, environments)})


def _homes(shared: Platform, environments: Environments) -> list[Platform]:
    return [shared_registry.environment(shared, name, account) for name, account in environments.items()]


def _for_roles(
    sid: str, shared: Platform, environments: Environments, components: Sequence[str], actions: Sequence[str]
) -> Document:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": roots(shared, environments)},
        "Action": list(actions),
        "Condition": {"ArnEquals": {"aws:PrincipalArn": roles(shared, environments, components)}},
    }
