"""Resource policies of queues."""

from __future__ import annotations

from stacks.documents.statement import Document, Statement, allow, document

MAX_RETENTION_SECONDS = 1_209_600
"""Longest that SQS keeps a message: 14 days (Amazon SQS Developer Guide, message quotas)."""


def queue_policy(queue_arn: str) -> Document:
    """Return the policy that refuses everything sent without TLS; who may send is left to IAM."""
    return document(
        [
            {
                "Sid": "DenyPlainTransport",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": queue_arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ]
    )


def receive(queue_arn: str, key_arn: str) -> list[Statement]:
    """Return what taking messages from an encrypted queue takes."""
    take = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    return [allow("TakeMessages", take, queue_arn), allow("ReadMessages", ["kms:Decrypt"], key_arn)]
