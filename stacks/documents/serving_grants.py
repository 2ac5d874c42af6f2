"""What the role of model containers may do besides, by the way the model serves."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents.grant import Grants
from stacks.documents.statement import Document, allow, document


def of_modes(grants: Grants, modes: Sequence[str]) -> Document:
    """Return the permissions that the endpoint role needs beyond those of a real-time endpoint.

    An asynchronous endpoint reads requests from S3 and tells topics of its answers, both as this role (SageMaker
    Developer Guide, "Asynchronous inference: prerequisites", read 2026-11-25).
    """
    return document(_asynchronous(grants) if "async" in modes else [])


def _asynchronous(grants: Grants) -> list[Document]:
    topics = names.service_arn(grants.platform, "sns", names.resource_name(grants.platform, "async-*"))
    read, find = grants.read(["capture"])
    return [
        {**read, "Sid": "ReadRequests"},
        {**find, "Sid": "FindRequests"},
        allow("TellAnswers", ["sns:Publish"], topics),
        {**grants.use_keys(["logs"], ("sns",)), "Sid": "EncryptNotices"},
    ]
