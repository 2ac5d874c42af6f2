"""Resource policy of the alert topic."""

from __future__ import annotations

from stacks.documents.statement import Document, document
from stacks.settings import Platform

PUBLISHERS = ("budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com")


def topic_policy(platform: Platform, topic_arn: str) -> Document:
    """Return the policy of a topic that alarms, rules and budgets of this account publish to, over TLS.

    Roles of the account publish by their own policies.
    """
    return document(
        [
            {
                "Sid": "ServicesOfThisAccount",
                "Effect": "Allow",
                "Principal": {"Service": list(PUBLISHERS)},
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {"StringEquals": {"aws:SourceAccount": platform.account_id}},
            },
            _deny_plain_transport(topic_arn),
        ]
    )


def result_topic_policy(topic_arn: str) -> Document:
    """Return the policy of a topic that roles of the account publish to by their own policies, over TLS."""
    return document([_deny_plain_transport(topic_arn)])


def _deny_plain_transport(topic_arn: str) -> Document:
    return {
        "Sid": "DenyPlainTransport",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
