"""Small graphs of one stack, as a program registers it."""

from __future__ import annotations

from typing import Any

from modelkeel.graph import Graph, Resource, Stack

BUCKET, KEY, SUBNET = "aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:ec2/subnet:Subnet"
POLICY, TABLE, VPC = "aws:s3/bucketPolicy:BucketPolicy", "aws:dynamodb/table:Table", "aws:ec2/vpc:Vpc"


def resource(token: str, name: str, inputs: dict[str, Any] | None = None, **different: Any) -> Resource:
    """Return a resource of the data program."""
    return Resource(urn=urn(token, name), type=token, name=name, inputs=inputs or {}, **different)


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:dev::shop-data::{token}::{name}"


def graph(*resources: Resource, region: str = "eu-west-1", program: str = "data") -> Graph:
    stack = Stack(program=program, stack="dev", account="111122223333", region=region, resources=resources)
    return Graph(project="shop", environment="dev", fidelity="simulate", stacks=(stack,), tool_version="0")
