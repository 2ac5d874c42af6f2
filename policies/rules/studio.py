"""Workspaces and experiment tracking: behind the network, one sign-on, encrypted, off when nobody works."""

from __future__ import annotations

from collections.abc import Iterator

from ..identity import ROLE
from ..values import Undetermined, Value, at, is_set
from ..view import Breach, Resource, View

DOMAIN = "aws:sagemaker/domain:Domain"
SPACE = "aws:sagemaker/space:Space"
BUCKET = "aws:s3/bucket:Bucket"
# Apps that run an instance until somebody stops them.
APPS = ("jupyterLabAppSettings", "codeEditorAppSettings")


def studio_in_vpc(domain: Resource) -> Iterator[Breach]:
    """SM-010. Left out, apps reach the internet through a network of AWS's."""
    if domain["appNetworkAccessType"] != "VpcOnly":
        yield Breach("workspaces reach the internet past the network", "appNetworkAccessType")


def studio_own_key(domain: Resource) -> Iterator[Breach]:
    """SM-011. Home folders and volumes of the domain."""
    if not is_set(domain["kmsKeyId"]):
        yield Breach("home folders and volumes are not encrypted with a key of ours", "kmsKeyId")


def studio_single_sign_on(domain: Resource) -> Iterator[Breach]:
    """SM-012."""
    mode = domain["authMode"]
    if mode != "SSO":
        yield Breach(f"authMode is {mode!r}: people come in without the single sign-on", "authMode")


def studio_stops_when_idle(resource: Resource) -> Iterator[Breach]:
    """SM-013. A domain decides for all apps; a profile or a space may not undo it."""
    is_domain = resource.type == DOMAIN
    blocks = ("defaultUserSettings", "defaultSpaceSettings") if is_domain else _own_block(resource)
    for block in blocks:
        settings = resource[block]
        if block == "defaultSpaceSettings" and settings is None:
            continue
        for app in APPS if block != "defaultSpaceSettings" else APPS[:1]:
            idle = at(settings, app, "appLifecycleManagement", "idleSettings")
            state = _state(idle)
            if state == "DISABLED" or (is_domain and state != "ENABLED"):
                yield Breach("the app runs on when nobody works", f"{block}.{app}.appLifecycleManagement.idleSettings")


def _own_block(resource: Resource) -> tuple[str]:
    return ("spaceSettings",) if resource.type == SPACE else ("userSettings",)


def _state(idle: Value) -> str:
    # A space names a time only; whether an app stops at all is the domain's to say.
    found = at(idle, "lifecycleManagement")
    return "" if found is None else str(found)


def studio_sharing_encrypted(resource: Resource) -> Iterator[Breach]:
    """SM-014. A shared notebook carries the rows that its cells printed."""
    block = "defaultUserSettings" if resource.type == DOMAIN else "userSettings"
    sharing = at(resource[block], "sharingSettings")
    if at(sharing, "notebookOutputOption") == "Allowed" and not is_set(at(sharing, "s3KmsKeyId")):
        yield Breach("shared output is not encrypted with a key of ours", f"{block}.sharingSettings.s3KmsKeyId")


def tracking_server_own_role_and_bucket(server: Resource, view: View) -> Iterator[Breach]:
    """SM-081. Artefacts go to a bucket of the project, by a role that nothing else has."""
    uri = server["artifactStoreUri"]
    name = str(uri).removeprefix("s3://").split("/", 1)[0]
    if view.named(BUCKET, name) is None:
        if "data" not in view.programs:
            raise Undetermined("the data program is not among the stacks that were read")
        yield Breach(f"artefacts are written to {name}, which is no bucket of the project", "artifactStoreUri")
    role = view.points_to(server, "roleArn", ROLE)
    if role is None:
        return
    for kind, key in (("aws:sagemaker/domain:Domain", "executionRole"), ("aws:lambda/function:Function", "role")):
        for other in view.referrers(role, kind, key):
            yield Breach(f"the server's role is {other.name}'s as well", "roleArn")
    for other in view.referrers(role, server.type, "roleArn"):
        if other.urn != server.urn:
            yield Breach(f"the server's role is {other.name}'s as well", "roleArn")
