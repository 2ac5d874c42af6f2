"""Twins of the controls over notebooks, workspaces, experiment tracking, file systems, names and classes."""

from __future__ import annotations

from typing import Any

from policy_twins.build import KEY_ARN, Twin, changed, resource, twin
from policy_twins.s3 import RAW, bucket
from policy_twins.security import IT, identity

from modelkeel.graph import Resource

TRAINING = {"program": "training"}
NOTEBOOK = {
    "notebook": resource(
        "sagemaker/notebookInstance:NotebookInstance",
        "desk",
        **TRAINING,
        directInternetAccess="Disabled",
        subnetId="subnet-1",
        securityGroups=["sg-1"],
        rootAccess="Disabled",
        kmsKeyId=KEY_ARN,
        instanceType="ml.m7i.large",
        instanceMetadataServiceConfiguration={"minimumInstanceMetadataServiceVersion": "2"},
        platformIdentifier="notebook-al2023-v1",
    )
}


def idle(state: str = "ENABLED") -> dict[str, Any]:
    settings = {"appLifecycleManagement": {"idleSettings": {"lifecycleManagement": state}}}
    return {"jupyterLabAppSettings": settings, "codeEditorAppSettings": settings}


STUDIO = {
    "domain": resource(
        "sagemaker/domain:Domain",
        "studio",
        **TRAINING,
        appNetworkAccessType="VpcOnly",
        authMode="SSO",
        kmsKeyId=KEY_ARN,
        defaultUserSettings={**idle(), "sharingSettings": {"notebookOutputOption": "Disabled"}},
    ),
    "profile": resource(
        "sagemaker/userProfile:UserProfile",
        "ann",
        **TRAINING,
        userSettings={"sharingSettings": {"notebookOutputOption": "Allowed", "s3KmsKeyId": KEY_ARN}},
    ),
    "space": resource("sagemaker/space:Space", "ann", **TRAINING, spaceSettings={"appType": "JupyterLab"}),
}
SHARED = {**idle(), "sharingSettings": {"notebookOutputOption": "Allowed"}}
_ROLE = identity()["role"]
TRACKING = {
    "role": _ROLE,
    "server": resource(
        "sagemaker/mlflowTrackingServer:MlflowTrackingServer",
        "runs",
        **TRAINING,
        refs={"roleArn": _ROLE},
        artifactStoreUri="s3://shop-runs/mlflow",
        trackingServerName="shop-prod-runs",
    ),
    **{f"runs-{name}": part for name, part in bucket("runs").items()},
}
SECOND_SERVER = resource(
    "sagemaker/mlflowTrackingServer:MlflowTrackingServer",
    "more",
    **TRAINING,
    refs={"roleArn": _ROLE},
    artifactStoreUri="s3://shop-runs/more",
)
FILES = {
    "efs": resource("efs/fileSystem:FileSystem", "home", encrypted=True, kmsKeyId=KEY_ARN),
    "lustre": resource(
        "fsx/lustreFileSystem:LustreFileSystem", "data", deploymentType="PERSISTENT_2", kmsKeyId=KEY_ARN
    ),
}
TOPIC = {"topic": resource("sns/topic:Topic", "alerts", name="shop-prod-alerts", kmsMasterKeyId=KEY_ARN)}


def tagged(word: str | None) -> list[Resource]:
    return changed(RAW, "bucket", tags={"data-classification": word})


TWINS: dict[str, Twin] = {
    "notebook-without-internet": twin(NOTEBOOK.values(), changed(NOTEBOOK, "notebook", directInternetAccess="Enabled")),
    "notebook-in-vpc": twin(NOTEBOOK.values(), changed(NOTEBOOK, "notebook", securityGroups=None)),
    "notebook-without-root": twin(NOTEBOOK.values(), changed(NOTEBOOK, "notebook", rootAccess="Enabled")),
    "notebook-own-key": twin(NOTEBOOK.values(), changed(NOTEBOOK, "notebook", kmsKeyId=None)),
    "notebook-metadata-tokens": twin(
        NOTEBOOK.values(),
        changed(
            NOTEBOOK, "notebook", instanceMetadataServiceConfiguration={"minimumInstanceMetadataServiceVersion": "1"}
        ),
    ),
    "notebook-platform-supported": twin(
        NOTEBOOK.values(), changed(NOTEBOOK, "notebook", platformIdentifier="notebook-al2-v2")
    ),
    "studio-in-vpc": twin(STUDIO.values(), changed(STUDIO, "domain", appNetworkAccessType="PublicInternetOnly")),
    "studio-own-key": twin(STUDIO.values(), changed(STUDIO, "domain", kmsKeyId=None)),
    "studio-single-sign-on": twin(STUDIO.values(), changed(STUDIO, "domain", authMode="IAM")),
    "studio-stops-when-idle": twin(STUDIO.values(), changed(STUDIO, "domain", defaultUserSettings={})),
    "studio-sharing-encrypted": twin(STUDIO.values(), changed(STUDIO, "domain", defaultUserSettings=SHARED)),
    "tracking-server-own-role-and-bucket": twin(
        TRACKING.values(), changed(TRACKING, "server", artifactStoreUri="s3://elsewhere/mlflow")
    ),
    "file-system-own-key": twin(FILES.values(), changed(FILES, "lustre", kmsKeyId=None)),
    "data-store-classified": twin(tagged("restricted"), tagged("secret-ish")),
    "name-begins-with-project": twin(TOPIC.values(), changed(TOPIC, "topic", name="alerts")),
}

MORE_VIOLATIONS = [
    ("notebook-without-internet", changed(NOTEBOOK, "notebook", directInternetAccess=None)),
    ("notebook-in-vpc", changed(NOTEBOOK, "notebook", subnetId=None)),
    ("notebook-without-root", changed(NOTEBOOK, "notebook", rootAccess=None)),
    ("notebook-metadata-tokens", changed(NOTEBOOK, "notebook", instanceMetadataServiceConfiguration=None)),
    ("notebook-platform-supported", changed(NOTEBOOK, "notebook", platformIdentifier=None)),
    ("studio-in-vpc", changed(STUDIO, "domain", appNetworkAccessType=None)),
    ("studio-stops-when-idle", changed(STUDIO, "profile", userSettings=idle("DISABLED"))),
    ("studio-stops-when-idle", changed(STUDIO, "space", spaceSettings=idle("DISABLED"))),
    (
        "studio-sharing-encrypted",
        changed(STUDIO, "profile", userSettings={"sharingSettings": {"notebookOutputOption": "Allowed"}}),
    ),
    ("tracking-server-own-role-and-bucket", [*TRACKING.values(), SECOND_SERVER]),
    ("file-system-own-key", changed(FILES, "efs", encrypted=False)),
    ("file-system-own-key", changed(FILES, "efs", kmsKeyId=None)),
    ("file-system-own-key", changed(FILES, "lustre", deploymentType="SCRATCH_2", kmsKeyId=None)),
    ("data-store-classified", tagged("")),
    ("name-begins-with-project", changed(IT, "policy", name="training-of-others")),
]
