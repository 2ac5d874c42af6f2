"""Model versions that learned before an erasure, marked in the registry: who retires or retrains them can see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from botocore.exceptions import ClientError

MARK = "trained_before_erasure"


def mark(sagemaker: Any, group: str, today: date) -> tuple[list[str], list[str]]:
    """Mark every version of the group with the day of the latest erasure after it.

    Return the versions that carry the mark, and those that another account keeps and lets nobody here mark. The
    approval of a version is left as it is: whether a model may go on is a person's decision.
    """
    marked: list[str] = []
    refused: list[str] = []
    pages = sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    for row in (row for page in pages for row in page["ModelPackageSummaryList"]):
        arn = row["ModelPackageArn"]
        facts = sagemaker.describe_model_package(ModelPackageName=arn).get("CustomerMetadataProperties", {})
        if facts.get(MARK, "") < today.isoformat():
            changed = facts | {MARK: today.isoformat()}
            try:
                sagemaker.update_model_package(ModelPackageArn=arn, CustomerMetadataProperties=changed)
            except ClientError as error:
                if error.response["Error"]["Code"] != "AccessDeniedException":
                    raise
                refused.append(arn)
                continue
        marked.append(arn)
    return marked, refused
