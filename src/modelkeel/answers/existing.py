"""Questions about what an organization has already and the project is to use."""

from __future__ import annotations

from modelkeel.answers.kind import BucketName, KeyArn, SubnetId, VpcId
from modelkeel.answers.question import question
from modelkeel.answers.section import Section


class ExistingAnswers(Section):
    """Networks, keys and data that others own."""

    existing_vpc_ids: dict[str, VpcId] = question(
        {},
        help="The VPC of each environment, where a network team gives one.",
        changes="The network that jobs, endpoints and private endpoints join.",
        example={"prod": "vpc-0a1b2c3d4e5f60718"},
        when={"network": ("existing",)},
    )
    existing_subnet_ids: dict[str, tuple[SubnetId, ...]] = question(
        {},
        help="Private subnets of each environment, in two or more zones.",
        changes="Where jobs and endpoints run.",
        example={"prod": ["subnet-0a1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60718"]},
        when={"network": ("existing",)},
    )
    existing_key_arns: dict[str, KeyArn] = question(
        {},
        help="A KMS key for each environment that a security team gives; none leaves keys to this project.",
        changes="The key of buckets, logs and volumes; keys of its own are then not made.",
        example={"prod": "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
    )
    existing_data_buckets: dict[str, BucketName] = question(
        {},
        help="A bucket of raw data that exists in each environment's account; it is read, never changed.",
        changes="Where raw data is read from; a raw bucket of its own is then not made.",
        example={"prod": "acme-raw-data"},
    )
