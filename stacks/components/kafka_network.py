"""Who reaches the brokers of a Kafka cluster: those who carry the clients' security group, on one port."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform

IAM_PORT = 9098
"""Amazon MSK Developer Guide, "Port information": SASL with IAM, within AWS."""


@dataclass(frozen=True, kw_only=True)
class KafkaNetworkArgs:
    """The network that brokers and clients are in."""

    platform: Platform
    vpc_id: pulumi.Input[str]


class KafkaNetwork(pulumi.ComponentResource):
    """Two groups: brokers let clients in and talk to each other, clients reach the brokers and nothing else."""

    broker_security_group_id: pulumi.Output[str]
    client_security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: KafkaNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:KafkaNetwork", name, None, opts)
        brokers = self._group(f"{name}-brokers", args, "Brokers of the Kafka cluster")
        clients = self._group(f"{name}-clients", args, "Clients of the Kafka cluster")
        self._ingress(f"{name}-from-clients", brokers, clients, "Clients by IAM over TLS")
        self._egress(f"{name}-to-brokers", clients, brokers, "Brokers by IAM over TLS")
        self.broker_security_group_id = brokers.id
        self.client_security_group_id = clients.id
        self.register_outputs({"client_security_group_id": clients.id})

    def _group(self, name: str, args: KafkaNetworkArgs, description: str) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            name,
            vpc_id=args.vpc_id,
            description=description,
            tags={"Name": names.resource_name(args.platform, name)},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _ingress(self, name: str, into: aws.ec2.SecurityGroup, other: aws.ec2.SecurityGroup, description: str) -> None:
        aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=into.id,
            description=description,
            ip_protocol="tcp",
            from_port=IAM_PORT,
            to_port=IAM_PORT,
            referenced_security_group_id=other.id,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _egress(self, name: str, out_of: aws.ec2.SecurityGroup, other: aws.ec2.SecurityGroup, description: str) -> None:
        aws.vpc.SecurityGroupEgressRule(
            name,
            security_group_id=out_of.id,
            description=description,
            ip_protocol="tcp",
            from_port=IAM_PORT,
            to_port=IAM_PORT,
            referenced_security_group_id=other.id,
            opts=pulumi.ResourceOptions(parent=self),
        )
