"""Who may read and write the models that a multi-model endpoint loads: whoever writes there puts a model live.

Source: SageMaker Developer Guide, "Multi-model endpoint security": whoever may invoke such an endpoint may invoke any
model below its prefix; read 2026-11-26.
"""

from __future__ import annotations

from stacks import names
from stacks.documents.grant import Grants
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform

PREFIX = "models/released"
RELEASERS = ("ci-deploy", "break-glass")
ROLE = "multi_model"


def folder_uri(bucket_name: str) -> str:
    """Return the S3 prefix of the released models, with the slash that SageMaker wants."""
    return f"s3://{bucket_name}/{PREFIX}/"


def guard(platform: Platform, bucket_arn: str) -> Statement:
    """Return the bucket statement that refuses every writer but the deploy role and the emergency role.

    Jobs may write models elsewhere in the bucket; here they would go around registry and approval.
    """
    writers = [names.role_arn(platform, RELEASERS[0]), names.person_arn(platform, RELEASERS[1])]
    return {
        "Sid": "OnlyReleases",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"],
        "Resource": f"{bucket_arn}/{PREFIX}/*",
        "Condition": {"ArnNotEquals": {"aws:PrincipalArn": writers}},
    }


def hosting(grants: Grants, online: bool) -> Document:
    """Return what containers of a multi-model endpoint may do: find and read released models, write what is captured.

    Source: SageMaker Developer Guide, "Create a multi-model endpoint": the execution role lists and reads the prefix.
    """
    bucket = names.bucket_arn(grants.platform, "models")
    within = {"s3:prefix": [f"{PREFIX}/*"]}
    return document(
        [
            allow("FindReleased", ["s3:ListBucket"], bucket, StringLike=within),
            allow("ReadReleased", ["s3:GetObject", "s3:GetObjectVersion"], f"{bucket}/{PREFIX}/*"),
            grants.write(["capture"]),
            *grants.keys(["models", "capture"]),
            *grants.container(),
        ]
    )


def releasing(platform: Platform) -> Document:
    """Return what a release does: read registered models, put them under the prefix, take away what was withdrawn."""
    bucket = names.bucket_arn(platform, "models")
    release = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]
    return document(
        [
            allow("FindModels", ["s3:ListBucket"], bucket),
            allow("ReadRegistered", ["s3:GetObject"], f"{bucket}/*"),
            allow("Release", release, f"{bucket}/{PREFIX}/*"),
            *finding_image(platform)["Statement"],
        ]
    )


def finding_image(platform: Platform) -> Document:
    """Return what a preview reads besides: the digest of the image that all models share."""
    images = names.service_arn(platform, "ecr", f"repository/{names.resource_name(platform, '*')}")
    return document([allow("FindImage", ["ecr:DescribeImages"], images)])
