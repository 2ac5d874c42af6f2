"""What CI may look at to compare a stack with what is live: configuration, never data nor secrets."""

from __future__ import annotations

from stacks import names
from stacks.documents.statement import Document, allow, deny, document
from stacks.settings import Platform

# Reading configuration cannot be scoped by name: most describe and list actions take no resource.
READS = (
    "access-analyzer:GetAnalyzer",
    "access-analyzer:ListTagsForResource",
    "application-autoscaling:Describe*",
    "application-autoscaling:ListTagsForResource",
    "athena:GetWorkGroup",
    "athena:ListTagsForResource",
    "backup:DescribeBackupVault",
    "backup:GetBackup*",
    "backup:ListTags",
    "budgets:ListTagsForResource",
    "budgets:ViewBudget",
    "ce:GetAnomalyMonitors",
    "ce:GetAnomalySubscriptions",
    "ce:ListTagsForResource",
    "cloudformation:GetResource",
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrail",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:ListTags",
    "cloudwatch:Describe*",
    "cloudwatch:GetDashboard",
    "cloudwatch:ListTagsForResource",
    "config:Describe*",
    "dynamodb:Describe*",
    "dynamodb:ListTagsOfResource",
    "ec2:Describe*",
    "ec2:Get*",
    "ecr:DescribeRepositories",
    "ecr:GetLifecyclePolicy",
    "ecr:GetRepositoryPolicy",
    "ecr:ListTagsForResource",
    "eks:Describe*",
    "eks:ListAssociatedAccessPolicies",
    "eks:ListPodIdentityAssociations",
    "eks:ListTagsForResource",
    "events:DescribeRule",
    "events:ListTagsForResource",
    "events:ListTargetsByRule",
    "firehose:DescribeDeliveryStream",
    "firehose:ListTagsForDeliveryStream",
    "glue:GetDataCatalogEncryptionSettings",
    "glue:GetDatabase",
    "glue:GetDatabases",
    "glue:GetSecurityConfiguration",
    "glue:GetTags",
    "guardduty:Get*",
    "guardduty:ListTagsForResource",
    "iam:GetAccountPasswordPolicy",
    "iam:GetInstanceProfile",
    "iam:GetOpenIDConnectProvider",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListEntitiesForPolicy",
    "iam:ListInstanceProfilesForRole",
    "iam:ListPolicyTags",
    "iam:ListPolicyVersions",
    "iam:ListRolePolicies",
    "iam:ListRoleTags",
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:ListTagsForStream",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "logs:Describe*",
    "logs:ListTagsForResource",
    "macie2:DescribeClassificationJob",
    "macie2:GetMacieSession",
    "route53resolver:Get*",
    "route53resolver:List*",
    "s3:GetAccelerateConfiguration",
    "s3:GetBucket*",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListTagsForResource",
    "sagemaker:Describe*",
    "sagemaker:GetModelPackageGroupPolicy",
    "sagemaker:ListTags",
    "scheduler:GetSchedule",
    "scheduler:GetScheduleGroup",
    "scheduler:ListTagsForResource",
    "securityhub:DescribeHub",
    "securityhub:GetEnabledStandards",
    "sns:GetSubscriptionAttributes",
    "sns:GetTopicAttributes",
    "sns:ListTagsForResource",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ListQueueTags",
    "ssm:DescribeParameters",
    "ssm:ListTagsForResource",
    "states:DescribeStateMachine",
    "states:ListStateMachineVersions",
    "states:ListTagsForResource",
    "states:ValidateStateMachineDefinition",
)

# Not granted above, denied besides: a policy added to the role later must not open them.
CONTENTS = (
    "athena:GetQueryResults",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ec2:GetConsoleOutput",
    "ec2:GetConsoleScreenshot",
    "ec2:GetPasswordData",
    "kinesis:GetRecords",
    "sagemaker:BatchGetRecord",
    "sagemaker:GetRecord",
    "sagemaker:InvokeEndpoint",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
)


def read_configuration(platform: Platform) -> Document:
    """Return reading of the configuration of every resource type that the programs register."""
    region = {"aws:RequestedRegion": [platform.region, *_GLOBAL_REGIONS]}
    switches = names.service_arn(platform, "ssm", f"parameter/{platform.project}/{platform.environment}/*")
    return document(
        [
            allow("ReadConfiguration", READS, "*", StringEquals=region),
            # The parameters of the programs are switches in clear text; a secret belongs to Secrets Manager.
            allow("ReadSwitches", ["ssm:GetParameter", "ssm:GetParameters"], switches),
            deny("NoContents", CONTENTS, "*"),
        ]
    )


# IAM and budgets answer from one region, whatever the platform's is.
_GLOBAL_REGIONS = ("us-east-1", "us-gov-west-1", "cn-north-1")
