"""A serverless MLflow app for experiments, with a role of its own."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.statement import allow, document
from stacks.documents.workflow_role import key_statement, trust
from stacks.settings import Platform

PREFIX = "mlflow"


@dataclass(frozen=True, kw_only=True)
class ExperimentTrackingArgs:
    """Artifacts lie below `models/mlflow/` in `bucket_name`, encrypted with `kms_key_arn`."""

    platform: Platform
    bucket_name: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]


class ExperimentTracking(pulumi.ComponentResource):
    """The app never registers models by itself: a model reaches the registry through the pipeline's gate."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: ExperimentTrackingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:training:ExperimentTracking", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, name)
        permissions = pulumi.Output.all(bucket=args.bucket_arn, key=args.kms_key_arn).apply(
            lambda given: document(
                [
                    allow(
                        "Artifacts",
                        ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                        f"{given['bucket']}/models/{PREFIX}/*",
                    ),
                    allow(
                        "ListArtifacts",
                        ["s3:ListBucket"],
                        given["bucket"],
                        StringLike={"s3:prefix": [f"models/{PREFIX}/*"]},
                    ),
                    key_statement(given["key"]),
                ]
            )
        )
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=full_name,
                path=names.role_path(args.platform),
                description="Reads and writes the artifacts of experiments",
                trust=trust(
                    args.platform, "sagemaker.amazonaws.com", names.service_arn(args.platform, "sagemaker", "*")
                ),
                permissions=permissions,
                boundary_arn=names.boundary_arn(args.platform),
            ),
            child,
        )
        app = aws.sagemaker.MlflowApp(
            name,
            name=full_name,
            artifact_store_uri=pulumi.Output.format("s3://{0}/models/{1}", args.bucket_name, PREFIX),
            role_arn=role.arn,
            account_default_status="DISABLED",
            model_registration_mode="AutoModelRegistrationDisabled",
            weekly_maintenance_window_start="Sun:03:00",
            # The runs are recorded evidence of how a model came to be.
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.arn = app.arn
        self.register_outputs({"arn": self.arn})
