"""A shared file system beside the GPUs, over the objects that it reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.documents.lustre import LUSTRE_PORTS, storage_problem
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class Repository:
    """Objects below `uri` appear below `folder`; what is written there goes back to S3 where `exports` is set."""

    name: str
    folder: str
    uri: pulumi.Input[str]
    exports: bool = False


@dataclass(frozen=True, kw_only=True)
class LustreFileSystemArgs:
    """`subnet_id` is in the zone of the machines; `client_security_group_id` is theirs.

    `throughput_mbps_per_tib` is 125, 250, 500 or 1,000; `efa` holds for life and is decided at creation.
    """

    platform: Platform
    vpc_id: pulumi.Input[str]
    subnet_id: pulumi.Input[str]
    client_security_group_id: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    storage_gib: int
    throughput_mbps_per_tib: int
    efa: bool
    backup_days: int
    repositories: Sequence[Repository]

    def __post_init__(self) -> None:
        """Refuse a size that FSx does not make.

        Raises:
            ValueError: names the setting and the sizes around it.
        """
        problem = storage_problem(self.storage_gib, self.throughput_mbps_per_tib, efa=self.efa)
        if problem:
            raise ValueError(f"lustre:storage_gib {problem}")


class LustreFileSystem(pulumi.ComponentResource):
    """FSx for Lustre in one zone, encrypted, compressed, with data repositories in S3. Stateful: protected."""

    file_system_id: pulumi.Output[str]
    mount_name: pulumi.Output[str]
    dns_name: pulumi.Output[str]

    def __init__(self, name: str, args: LustreFileSystemArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:training:LustreFileSystem", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name, vpc_id=args.vpc_id, description="Shared file system of training", tags={"Name": name}, opts=child
        )
        rules = _rules(name, group, args, child)
        # FSx writes only to groups whose name begins so.
        log = log_group(
            name,
            log_group_name=f"/aws/fsx/{names.resource_name(args.platform, name)}",
            kms_key_arn=args.log_key_arn,
            retention_days=args.log_retention_days,
            opts=child,
        )
        system = aws.fsx.LustreFileSystem(
            name,
            subnet_ids=args.subnet_id,
            security_group_ids=[group.id],
            deployment_type="PERSISTENT_2",
            storage_type="SSD",
            storage_capacity=args.storage_gib,
            per_unit_storage_throughput=args.throughput_mbps_per_tib,
            metadata_configuration={"mode": "AUTOMATIC"},
            efa_enabled=args.efa,
            file_system_type_version="2.15",
            data_compression_type="LZ4",
            kms_key_id=args.kms_key_arn,
            log_configuration={"destination": log.arn.apply(lambda arn: f"{arn}:*"), "level": "WARN_ERROR"},
            automatic_backup_retention_days=args.backup_days,
            skip_final_backup=args.backup_days == 0,
            copy_tags_to_backups=True,
            weekly_maintenance_start_time="7:02:00",
            tags={"Name": names.resource_name(args.platform, name)},
            # The servers start with the group's rules: without them creation fails.
            opts=pulumi.ResourceOptions(parent=self, protect=True, depends_on=rules),
        )
        for repository in args.repositories:
            _repository(f"{name}-{repository.name}", system, repository, child)
        self.file_system_id = system.id
        self.mount_name = system.mount_name
        self.dns_name = system.dns_name
        self.register_outputs({"file_system_id": self.file_system_id})


def _rules(
    name: str, group: aws.ec2.SecurityGroup, args: LustreFileSystemArgs, child: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Lustre speaks both ways between servers and clients; EFA takes all traffic between them."""
    clients = args.client_security_group_id
    pairs = {"servers": (group.id, group.id), "clients": (group.id, clients), "machines": (clients, group.id)}
    ports = (("all", None, None),) if args.efa else LUSTRE_PORTS
    rules: list[pulumi.Resource] = []
    for pair, (owner, peer) in pairs.items():
        for label, first, last in ports:
            protocol = "-1" if first is None else "tcp"
            rules.append(
                aws.vpc.SecurityGroupIngressRule(
                    f"{name}-{pair}-{label}",
                    security_group_id=owner,
                    description="Lustre",
                    ip_protocol=protocol,
                    from_port=first,
                    to_port=last,
                    referenced_security_group_id=peer,
                    opts=child,
                )
            )
            rules.append(
                aws.vpc.SecurityGroupEgressRule(
                    f"{name}-{pair}-{label}",
                    security_group_id=owner,
                    description="Lustre",
                    ip_protocol=protocol,
                    from_port=first,
                    to_port=last,
                    referenced_security_group_id=peer,
                    opts=child,
                )
            )
    return rules


def _repository(
    name: str, system: aws.fsx.LustreFileSystem, repository: Repository, child: pulumi.ResourceOptions
) -> None:
    # Deleted files stay objects: lifecycle rules of the bucket delete, nobody else.
    aws.fsx.DataRepositoryAssociation(
        name,
        file_system_id=system.id,
        file_system_path=f"/{repository.folder}",
        data_repository_path=repository.uri,
        batch_import_meta_data_on_create=True,
        delete_data_in_filesystem=False,
        s3={
            "auto_import_policy": {"events": ["NEW", "CHANGED", "DELETED"]},
            "auto_export_policy": {"events": ["NEW", "CHANGED"]} if repository.exports else None,
        },
        opts=child,
    )
