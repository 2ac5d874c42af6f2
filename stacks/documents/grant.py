"""Statements that several roles are made of, each scoped to the environment's own resources."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from stacks import names, placement, shared_registry
from stacks.documents import given
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, allow
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class Grants:
    """Makes statements for the roles of one environment, which has these buckets and these keys."""

    platform: Platform
    buckets: Collection[str]
    key_classes: Collection[str]
    requests_training: bool = False
    given_raw_bucket: str = ""

    @property
    def tooling(self) -> Platform | None:
        """The account of what all environments share; None where there is none."""
        return shared_registry.tooling(self.platform)

    def read(self, purposes: Sequence[str]) -> list[Document]:
        """Return reading of the objects of `purposes`, and listing of their buckets."""
        arns = self._bucket_arns(purposes)
        if self.tooling and "models" in purposes:
            arns.append(names.bucket_arn(self.tooling, "models"))
        if self.given_raw_bucket and "raw" in purposes:
            arns.append(given.bucket_arn(self.platform, self.given_raw_bucket))
        return [
            allow("ReadObjects", ["s3:GetObject", "s3:GetObjectVersion"], [f"{arn}/*" for arn in arns]),
            allow("ListBuckets", ["s3:GetBucketLocation", "s3:ListBucket"], arns),
        ]

    def write(self, purposes: Sequence[str]) -> Document:
        """Return writing of objects of `purposes`; never deletion: lifecycle rules do that."""
        objects = [f"{arn}/*" for arn in self._bucket_arns(purposes)]
        if self.tooling and "models" in purposes:
            folder = shared_registry.models_folder(self.platform)
            objects.append(f"{names.bucket_arn(self.tooling, 'models')}/{folder}/*")
        return allow("WriteObjects", ["s3:AbortMultipartUpload", "s3:PutObject"], objects)

    def given_data(self) -> list[Document]:
        """Return decryption of raw data that others own; none where there is no such data."""
        return [given.decrypt_objects(self.platform, self.given_raw_bucket)] if self.given_raw_bucket else []

    def keys(self, data_classes: Sequence[str], services: Sequence[str] = ("s3", "sagemaker")) -> list[Document]:
        """Return use of the keys of `data_classes` through `services`, and the granting of them to AWS's jobs."""
        granted = {"kms:GrantIsForAWSResource": "true"}
        grant = allow(
            "GrantKeys",
            ["kms:CreateGrant"],
            names.service_arn(self.platform, "kms", "key/*"),
            Bool=granted,
            ForAnyValue_StringEquals=self._aliases(data_classes),
        )
        return [self.use_keys(data_classes, services), grant]

    def use_keys(self, data_classes: Sequence[str], services: Sequence[str]) -> Document:
        """Return use of the keys of `data_classes` through `services`."""
        domain = dns_suffix(self.platform.partition)
        via = {"kms:ViaService": [f"{service}.{self.platform.region}.{domain}" for service in services]}
        return allow(
            "UseKeys",
            ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
            self._key_arns(data_classes),
            ForAnyValue_StringEquals=self._aliases(data_classes),
            StringEquals=via,
        )

    def decrypt_schedules(self, data_class: str) -> Document:
        """Return decryption of the inputs of the environment's schedules, which Scheduler does as the role."""
        held = placement.key_of(data_class, self.key_classes)
        schedules = names.service_arn(
            self.platform, "scheduler", f"schedule/*/{names.resource_name(self.platform, '*')}"
        )
        return allow(
            "DecryptSchedules",
            ["kms:Decrypt"],
            names.service_arn(self.platform, "kms", "key/*"),
            ForAnyValue_StringEquals={"kms:ResourceAliases": [names.key_alias(self.platform, held)]},
            ArnLike={"kms:EncryptionContext:aws:scheduler:schedule:arn": schedules},
        )

    def container(self) -> list[Document]:
        """Return what any SageMaker container needs: its image, its log, its network interfaces, its metrics."""
        platform = self.platform
        pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        log = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        namespaces = {"cloudwatch:namespace": ["/aws/sagemaker/*", f"{platform.project}/{platform.environment}*"]}
        return [
            allow("PullImages", pull, self.own_and_shared("ecr", "repository/")),
            allow("RegistryToken", ["ecr:GetAuthorizationToken"], "*"),
            allow("Logs", log, names.service_arn(platform, "logs", "log-group:/aws/sagemaker/*")),
            allow("Metrics", ["cloudwatch:PutMetricData"], "*", StringLike=namespaces),
            *self.interfaces(),
        ]

    def interfaces(self) -> list[Document]:
        """Return the network interfaces of jobs in the VPC; describing cannot be scoped."""
        arns = [names.service_arn(self.platform, "ec2", f"{kind}/*") for kind in _INTERFACE_PARTS]
        create = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"]
        permission = ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterfacePermission"]
        describe = [
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ]
        return [
            allow("Interfaces", create, arns),
            allow("InterfacePermissions", permission, arns[0]),
            allow("DescribeNetwork", describe, "*"),
        ]

    def pass_roles(self, roles: Sequence[str]) -> Document:
        """Return the passing of named roles of the environment to SageMaker, and to nothing else."""
        arns = [names.role_arn(self.platform, role) for role in roles]
        return allow(
            "PassRoles", ["iam:PassRole"], arns, StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"}
        )

    def own(self, service: str, prefix: str) -> str:
        """Return the ARN pattern of the environment's resources of `service`, whose names carry its prefix."""
        return names.service_arn(self.platform, service, f"{prefix}{names.resource_name(self.platform, '*')}")

    def own_and_shared(self, service: str, prefix: str) -> str | list[str]:
        """Return `own`, and beside it the resources of the tooling account that all environments share."""
        if self.tooling is None:
            return self.own(service, prefix)
        shared = names.service_arn(self.tooling, service, f"{prefix}{names.resource_name(self.tooling, '*')}")
        return [self.own(service, prefix), shared]

    def registry(self) -> list[str]:
        """Return the ARN patterns of the registry's versions and groups."""
        kinds = ("model-package/", "model-package-group/")
        found = [self.own_and_shared("sagemaker", kind) for kind in kinds]
        return [arn for each in found for arn in ([each] if isinstance(each, str) else each)]

    def any_of(self, kinds: Sequence[str]) -> list[str]:
        """Return ARN patterns of all SageMaker resources of `kinds`: pipelines name their jobs themselves."""
        return [names.service_arn(self.platform, "sagemaker", f"{kind}/*") for kind in kinds]

    def _aliases(self, data_classes: Sequence[str]) -> dict[str, list[str]]:
        """Keys are named by their aliases: identity is deployed before the keys exist."""
        held = sorted({placement.key_of(name, self.key_classes) for name in data_classes})
        aliases = [names.key_alias(self.platform, name) for name in held]
        if self.tooling and "models" in data_classes:
            aliases.append(names.key_alias(self.tooling, "models"))
        return {"kms:ResourceAliases": aliases}

    def _key_arns(self, data_classes: Sequence[str]) -> str | list[str]:
        own = names.service_arn(self.platform, "kms", "key/*")
        if self.tooling is None or "models" not in data_classes:
            return own
        return [own, names.service_arn(self.tooling, "kms", "key/*")]

    def _bucket_arns(self, purposes: Sequence[str]) -> list[str]:
        held = sorted({placement.bucket_of(purpose, self.buckets) for purpose in purposes})
        return [names.bucket_arn(self.platform, purpose) for purpose in held]


_INTERFACE_PARTS = ("network-interface", "security-group", "subnet")
