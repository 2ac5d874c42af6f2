"""Names and tags by which people, bills and permissions find what belongs together."""

from __future__ import annotations

from collections.abc import Iterator

from ..values import Value, at, is_set
from ..view import Breach, Resource, View

CLASSES = frozenset({"public", "internal", "confidential", "restricted"})
CLASSIFICATION = "data-classification"
NAME_KEYS = {
    "aws:s3/bucket:Bucket": "bucket",
    "aws:sagemaker/domain:Domain": "domainName",
    "aws:sagemaker/featureGroup:FeatureGroup": "featureGroupName",
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": "trackingServerName",
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": "modelPackageGroupName",
    "aws:sagemaker/pipeline:Pipeline": "pipelineName",
}


FIXED = frozenset({"dms-cloudwatch-logs-role", "dms-vpc-role"})
"""Roles that AWS looks for by name. AWS DMS User Guide, "Creating the IAM roles to use with AWS DMS", 2026-11-26."""


def data_store_classified(store: Resource, view: View) -> Iterator[Breach]:
    """LF-001. A store's own tag wins over the provider's; a word that nobody knows classifies nothing."""
    own = at(store["tags"], CLASSIFICATION)
    found = own if own is not None else view.tags(store).get(CLASSIFICATION)
    if not is_set(found) and own is None:
        # That a project has no classification at all is the finding of another control, once.
        return
    if found not in CLASSES:
        known = ", ".join(sorted(CLASSES))
        yield Breach(f"the data are classified as {found!r}, expected one of {known}", f"tags.{CLASSIFICATION}")


def name_begins_with_project(resource: Resource, view: View) -> Iterator[Breach]:
    """NAM-001. Boundaries, roles and log deliveries are pinned to names that begin with the project's."""
    project = view.tags(resource).get("project")
    key = NAME_KEYS.get(resource.type, "name")
    name: Value = resource[key]
    if not isinstance(project, str) or not project or not isinstance(name, str) or name in FIXED:
        # Pulumi makes a name from the logical one where none is given.
        return
    if not any(_plain(part).startswith(_plain(project)) for part in name.split("/")):
        yield Breach(f"the name {name!r} does not begin with {project!r}", key)


def _plain(text: str) -> str:
    return text.lower().replace("_", "-")
