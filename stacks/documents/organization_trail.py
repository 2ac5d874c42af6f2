"""Documents of the organization's trail: what CloudTrail may do with the bucket and the key in the log account."""

from __future__ import annotations

from stacks.documents.bucket import trail_delivery
from stacks.documents.key import administration, use_through
from stacks.documents.statement import Document, document
from stacks.settings import Platform

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}


def bucket_statements(
    bucket_arn: str, management_account_id: str, organization_id: str, trail_arn: str, prefix: str
) -> list[Document]:
    """Return the statements with which one organization trail writes the files of every account.

    Files of the management account lie below its number, those of members below the organization's id. Source:
    AWS CloudTrail User Guide, "Creating a trail for an organization with the AWS CLI", read 2026-11-25.
    """
    own = trail_delivery(bucket_arn, management_account_id, trail_arn, prefix)
    condition = own[-1]["Condition"]
    return [
        *own,
        {
            "Sid": "TrailWritesMembers",
            "Effect": "Allow",
            "Principal": CLOUDTRAIL,
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/{prefix}/AWSLogs/{organization_id}/*",
            "Condition": condition,
        },
    ]


def key_policy(platform: Platform, management_account_id: str, trail_arn: str) -> Document:
    """Return the policy of the key: the trail encrypts, auditors of the log account decrypt through S3.

    Source: AWS CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail", read 2026-11-25.
    """
    context = f"arn:{platform.partition}:cloudtrail:*:{management_account_id}:trail/*"
    source = {"aws:SourceArn": trail_arn}
    return document(
        [
            administration(platform),
            *use_through(platform, ("s3",)),
            {
                "Sid": "TrailEncrypts",
                "Effect": "Allow",
                "Principal": CLOUDTRAIL,
                "Action": "kms:GenerateDataKey",
                "Resource": "*",
                "Condition": {
                    "StringEquals": source,
                    "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": context},
                },
            },
            {
                "Sid": "TrailReads",
                "Effect": "Allow",
                "Principal": CLOUDTRAIL,
                "Action": ["kms:Decrypt", "kms:DescribeKey"],
                "Resource": "*",
                "Condition": {"StringEquals": source},
            },
            # The trail is made by somebody of the management account, whom KMS asks whether the key is there.
            {
                "Sid": "ManagementFinds",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{platform.partition}:iam::{management_account_id}:root"},
                "Action": "kms:DescribeKey",
                "Resource": "*",
                "Condition": {"StringEquals": {"kms:CallerAccount": management_account_id}},
            },
        ]
    )
