"""What Karpenter may do: start, tag and stop machines of its own cluster, and read its queue of warnings.

Source: Karpenter 1.14, CloudFormation reference (charts and policies of 2026-08-21), read 2026-11-23. Its
instance profile is made here, so that it needs no right to make any; prices come with its image.
"""

from __future__ import annotations

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform

# Warnings older than this are of no use: the machine is gone.
RETENTION_SECONDS = 300

# EventBridge patterns by what they warn of.
EVENTS: dict[str, Document] = {
    "health": {"source": ["aws.health"], "detail-type": ["AWS Health Event"]},
    "spot": {"source": ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"]},
    "rebalance": {"source": ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"]},
    "state": {"source": ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"]},
    "reservation": {"source": ["aws.ec2"], "detail-type": ["EC2 Capacity Reservation Instance Interruption Warning"]},
}
READS = (
    "ec2:DescribeCapacityReservations",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribePlacementGroups",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSpotPriceHistory",
    "ec2:DescribeSubnets",
)
MADE = ("fleet", "instance", "launch-template", "network-interface", "spot-instances-request", "volume")
USED = ("capacity-reservation", "placement-group", "security-group", "subnet")


def controller_policy(platform: Platform, queue_arn: str, key_arn: str, profile_arn: str) -> Document:
    """Return the policy of Karpenter's own role, pinned to the tags that it puts on what it makes."""
    cluster = names.cluster_name(platform)
    owned = f"kubernetes.io/cluster/{cluster}"
    pool = "karpenter.sh/nodepool"
    own = [names.service_arn(platform, "ec2", f"{kind}/*") for kind in MADE]
    used = [names.service_arn(platform, "ec2", f"{kind}/*") for kind in USED]
    public = [f"arn:{platform.partition}:ec2:{platform.region}::{kind}/*" for kind in ("image", "snapshot")]
    asked = {f"aws:RequestTag/{owned}": "owned", "aws:RequestTag/eks:eks-cluster-name": cluster}
    started = {"ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"]}
    tagged = {f"aws:ResourceTag/{owned}": "owned"}
    pooled = {f"aws:ResourceTag/{pool}": "*"}
    launch = ["ec2:CreateFleet", "ec2:RunInstances"]
    return document(
        [
            allow("UseNetwork", launch, [*public, *used]),
            allow("UseTemplates", launch, own[2], StringEquals=tagged, StringLike=pooled),
            allow(
                "Start",
                [*launch, "ec2:CreateLaunchTemplate"],
                own,
                StringEquals=asked,
                StringLike={f"aws:RequestTag/{pool}": "*"},
            ),
            allow(
                "TagNew",
                ["ec2:CreateTags"],
                own,
                StringEquals={**asked, **started},
                StringLike={f"aws:RequestTag/{pool}": "*"},
            ),
            _name(platform, tagged, pooled),
            allow(
                "Stop",
                ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
                [own[1], own[2]],
                StringEquals=tagged,
                StringLike=pooled,
            ),
            allow("Look", READS, "*", StringEquals={"aws:RequestedRegion": platform.region}),
            allow(
                "FindImages",
                ["ssm:GetParameter"],
                f"arn:{platform.partition}:ssm:{platform.region}::parameter/aws/service/*",
            ),
            allow("Profile", ["iam:GetInstanceProfile"], profile_arn),
            allow("ListProfiles", ["iam:ListInstanceProfiles"], "*"),
            allow(
                "PassNodeRole",
                ["iam:PassRole"],
                names.role_arn(platform, "node"),
                StringEquals={"iam:PassedToService": f"ec2.{dns_suffix(platform.partition)}"},
            ),
            allow("FindCluster", ["eks:DescribeCluster"], names.service_arn(platform, "eks", f"cluster/{cluster}")),
            allow("Warnings", ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"], queue_arn),
            allow("ReadWarnings", ["kms:Decrypt"], key_arn),
            allow("GrantToVolumes", ["kms:CreateGrant"], key_arn, Bool={"kms:GrantIsForAWSResource": "true"}),
        ]
    )


def queue_policy(platform: Platform, queue_arn: str) -> Document:
    """Return the policy of the queue of warnings: rules of the environment send, nothing comes without TLS."""
    rules = names.service_arn(platform, "events", f"rule/{names.resource_name(platform, '*')}")
    statements: list[Statement] = [
        {
            "Sid": "SentByRules",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": {
                "StringEquals": {"aws:SourceAccount": platform.account_id},
                "ArnLike": {"aws:SourceArn": rules},
            },
        },
        {
            "Sid": "DenyPlainTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": queue_arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]
    return document(statements)


def _name(platform: Platform, tagged: Document, pooled: Document) -> Document:
    keys = {"aws:TagKeys": ["Name", "eks:eks-cluster-name", "karpenter.sh/nodeclaim"]}
    return allow(
        "NameMachines",
        ["ec2:CreateTags"],
        names.service_arn(platform, "ec2", "instance/*"),
        StringEquals=tagged,
        StringLike=pooled,
        ForAllValues_StringEquals=keys,
    )
