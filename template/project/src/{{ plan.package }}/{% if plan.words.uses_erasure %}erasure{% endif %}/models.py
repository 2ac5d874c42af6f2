"""Model versions that learned before an erasure, marked in the registry: who retires or retrains them can see it."""

from __future__ import annotations

from datetime import date
from typing import Any

MARK = "trained_before_erasure"


def mark(sagemaker: Any, group: str, today: date) -> list[str]:
    """Mark every version of the group with the day of the latest erasure after it; return those that carry the mark.

    The approval of a version is left as it is: whether a model may go on is a person's decision.
    """
    marked = []
    pages = sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    for row in (row for page in pages for row in page["ModelPackageSummaryList"]):
        arn = row["ModelPackageArn"]
        facts = sagemaker.describe_model_package(ModelPackageName=arn).get("CustomerMetadataProperties", {})
        if facts.get(MARK, "") < today.isoformat():
            changed = facts | {MARK: today.isoformat()}
            sagemaker.update_model_package(ModelPackageArn=arn, CustomerMetadataProperties=changed)
        marked.append(arn)
    return marked
