"""What the pods of a team may do on a shared platform: read what is shared, and read and write what is the team's.

Objects of a team lie below `<purpose>/teams/<team>/`, those for all teams below `<purpose>/shared/`. A role names its
team in full: nothing that a pod says of itself widens it.
"""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names, placement
from stacks.documents.grant import Grants
from stacks.documents.statement import Document, allow, document

READ = ("s3:GetObject", "s3:GetObjectVersion")
WRITE = ("s3:AbortMultipartUpload", "s3:PutObject")


def prefix(purpose: str, team: str) -> str:
    """Return below what the objects of `purpose` lie that are the team's alone."""
    return f"{purpose}/teams/{team}/"


def training_pod(grants: Grants, team: str) -> Document:
    """Return what a training pod of `team` may do: read shared features and its own data, write its own models."""
    return document(
        [
            allow("ReadOwn", READ, _objects(grants, ("curated", "models"), team)),
            allow("ReadShared", READ, [f"{_bucket(grants, 'features')}/features/shared/*"]),
            allow("WriteOwn", WRITE, _objects(grants, ("curated", "models"), team)),
            *_listing(grants, ("curated", "features", "models"), team),
            grants.use_keys(["data", "features", "models"], ("s3",)),
            _metrics(grants, team),
        ]
    )


def serving_pod(grants: Grants, team: str) -> Document:
    """Return what a model server of `team` may do: read its own models and shared features, record what it answers."""
    return document(
        [
            allow("ReadOwn", READ, _objects(grants, ("models",), team)),
            allow("ReadShared", READ, [f"{_bucket(grants, 'features')}/features/shared/*"]),
            allow("Record", WRITE, _objects(grants, ("capture",), team)),
            *_listing(grants, ("features", "models"), team),
            grants.use_keys(["capture", "features", "models"], ("s3",)),
            _metrics(grants, team),
        ]
    )


def _objects(grants: Grants, purposes: Sequence[str], team: str) -> list[str]:
    return [f"{_bucket(grants, purpose)}/{prefix(purpose, team)}*" for purpose in purposes]


def _listing(grants: Grants, purposes: Sequence[str], team: str) -> list[Document]:
    """A list names objects: whoever lists a whole bucket learns what other teams have."""
    buckets = sorted({_bucket(grants, purpose) for purpose in purposes})
    below = [f"{purpose}/{part}/*" for purpose in purposes for part in (f"teams/{team}", "shared")]
    return [
        allow("FindBuckets", ["s3:GetBucketLocation"], buckets),
        allow("ListOwnAndShared", ["s3:ListBucket"], buckets, StringLike={"s3:prefix": below}),
    ]


def _bucket(grants: Grants, purpose: str) -> str:
    return names.bucket_arn(grants.platform, placement.bucket_of(purpose, grants.buckets))


def _metrics(grants: Grants, team: str) -> Document:
    namespace = f"{grants.platform.project}/{grants.platform.environment}/{team}"
    return allow("Metrics", ["cloudwatch:PutMetricData"], "*", StringEquals={"cloudwatch:namespace": namespace})
