"""What the deploy role may create, change and delete: the resource types of the programs, by the project's names."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents.boundary import role_boundaries, role_pattern
from stacks.documents.key import ADMINISTRATION, USE
from stacks.documents.statement import Document, allow, document, merged
from stacks.settings import Platform

# Services that roles of the environment are handed to, and nothing else.
PASSED_TO = (
    "backup.amazonaws.com",
    "events.amazonaws.com",
    "firehose.amazonaws.com",
    "sagemaker.amazonaws.com",
    "scheduler.amazonaws.com",
    "states.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
)
LINKED_ROLE_SERVICE = "sagemaker.application-autoscaling.amazonaws.com"


def identities(platform: Platform, *, cluster: bool = False) -> Document:
    """Return the making of roles under the boundary, and the passing of them to known services."""
    roles = role_pattern(platform)
    policies = f"arn:{platform.partition}:iam::{platform.account_id}:policy{names.role_path(platform)}*"
    boundaries = role_boundaries(platform, cluster=cluster)
    boundary = {"iam:PermissionsBoundary": boundaries if cluster else boundaries[0]}
    attached = {"iam:PolicyARN": policies}
    linked = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role/*"
    change = ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"]
    manage = ["iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion"]
    return document(
        [
            allow("CreateRoles", ["iam:CreateRole"], roles, StringEquals=boundary),
            allow("ChangeRoles", change, roles),
            allow("AttachOwnPolicies", ["iam:AttachRolePolicy", "iam:DetachRolePolicy"], roles, ArnLike=attached),
            allow("ManagePolicies", [*manage, "iam:TagPolicy", "iam:UntagPolicy"], policies),
            allow("PassRoles", ["iam:PassRole"], roles, StringEquals={"iam:PassedToService": list(PASSED_TO)}),
            allow(
                "LinkedRoles",
                ["iam:CreateServiceLinkedRole"],
                linked,
                StringEquals={"iam:AWSServiceName": LINKED_ROLE_SERVICE},
            ),
        ]
    )


def storage(platform: Platform) -> Document:
    """Return the management of keys, buckets, catalogue, streams, queries and log groups; no objects are read."""
    own = _Own(platform)
    tagged = {f"aws:ResourceTag/{key}": value for key, value in own.tags.items()}
    requested = {f"aws:RequestTag/{key}": value for key, value in own.tags.items()}
    keys = names.service_arn(platform, "kms", "key/*")
    aliases = {"kms:ResourceAliases": names.key_alias(platform, "*")}
    granted = {"kms:GrantIsForAWSResource": "true"}
    alias_actions = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
    return document(
        [
            allow("CreateKeys", ["kms:CreateKey"], "*", StringEquals=requested),
            allow("TagKeys", ["kms:TagResource"], keys, StringEquals=requested),
            allow("ManageKeys", ADMINISTRATION, keys, StringEquals=tagged),
            allow("Aliases", alias_actions, own.arn("kms", f"{names.key_alias(platform, '*')}", named=False)),
            allow("UseKeys", USE, keys, ForAnyValue_StringLike=aliases, Null={"kms:ViaService": "false"}),
            allow("GrantKeys", ["kms:CreateGrant"], keys, ForAnyValue_StringLike=aliases, Bool=granted),
            allow("Buckets", BUCKET_ACTIONS, f"{names.bucket_arn_prefix(platform, platform.environment)}*"),
            allow("Catalogue", CATALOGUE_ACTIONS, own.catalogue()),
            allow("SecurityConfigurations", _SECURITY_CONFIGURATIONS, "*"),
            allow("Streams", STREAM_ACTIONS, own.arn("kinesis", "stream/")),
            allow("Deliveries", DELIVERY_ACTIONS, own.arn("firehose", "deliverystream/")),
            allow("Workgroups", WORKGROUP_ACTIONS, own.arn("athena", "workgroup/")),
            allow("LogGroups", LOG_GROUP_ACTIONS, own.log_groups()),
            allow("LogDelivery", LOG_DELIVERY_ACTIONS, "*"),
            allow("DataScans", SCAN_ACTIONS, names.service_arn(platform, "macie2", "classification-job/*")),
        ]
    )


def network(platform: Platform) -> Document:
    """Return the management of the VPC: what exists is changed only where it carries the project's tags."""
    own = _Own(platform)
    everything = names.service_arn(platform, "ec2", "*")
    tagged = {f"aws:ResourceTag/{key}": value for key, value in own.tags.items()}
    return document(
        [
            allow("CreateNetwork", NETWORK_CREATION, everything),
            allow("ChangeNetwork", NETWORK_CHANGES, everything, StringEquals=tagged),
            # EC2 tests the tags of one of the two resources that an association has, not of the association.
            allow("Associations", ["ec2:AssociateRouteTable", "ec2:DisassociateRouteTable"], everything),
            # Lists, rules and logs of names have ids that are not chosen.
            allow("Names", NAME_ACTIONS, names.service_arn(platform, "route53resolver", "*")),
        ]
    )


def learning(platform: Platform) -> Document:
    """Return the management of SageMaker, images and scaling; approving a model is not among it."""
    own = _Own(platform)
    scalable = names.service_arn(platform, "application-autoscaling", "scalable-target/*")
    return document(
        [
            allow("SageMaker", SAGEMAKER_ACTIONS, own.sagemaker()),
            # What updates have left behind is found by name, which a list cannot be scoped to.
            allow("FindRetired", RETIRED_LISTS, "*"),
            allow("Tracking", TRACKING_ACTIONS, names.service_arn(platform, "sagemaker", "mlflow-app/*")),
            allow("Images", IMAGE_ACTIONS, own.arn("ecr", "repository/")),
            allow("ImageLogin", ["ecr:GetAuthorizationToken"], "*"),
            allow("Scaling", SCALING_ACTIONS, scalable),
        ]
    )


def operations(platform: Platform) -> Document:
    """Return the management of alarms, topics, queues, schedules, state machines, tables, vaults and budgets."""
    own = _Own(platform)
    account = platform.account_id
    dashboards = f"arn:{platform.partition}:cloudwatch::{account}:dashboard/{own.name}"
    schedules = [
        own.arn("scheduler", "schedule-group/"),
        names.service_arn(platform, "scheduler", f"schedule/*/{own.name}"),
    ]
    return document(
        [
            allow("Alarms", ALARM_ACTIONS, own.arn("cloudwatch", "alarm:")),
            allow("Dashboards", ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"], dashboards),
            allow("Topics", TOPIC_ACTIONS, own.arn("sns", "")),
            allow("Queues", QUEUE_ACTIONS, own.arn("sqs", "")),
            allow("Rules", RULE_ACTIONS, own.arn("events", "rule/")),
            allow("Schedules", SCHEDULE_ACTIONS, schedules),
            allow("StateMachines", STATE_MACHINE_ACTIONS, own.arn("states", "stateMachine:")),
            allow("Tables", TABLE_ACTIONS, own.arn("dynamodb", "table/")),
            allow(
                "Parameters", PARAMETER_ACTIONS, names.service_arn(platform, "ssm", f"parameter/{platform.project}/*")
            ),
            allow("Vaults", VAULT_ACTIONS, own.arn("backup", "backup-vault:")),
            # The ids of plans are not chosen; only their tags say whose they are.
            allow("Plans", BACKUP_PLAN_ACTIONS, names.service_arn(platform, "backup", "backup-plan:*")),
            allow("MountVaults", ["backup-storage:MountCapsule"], "*"),
            # Monitors of costs have ids that are not chosen.
            allow("Anomalies", ANOMALY_ACTIONS, f"arn:{platform.partition}:ce::{account}:anomaly*"),
            allow("Budgets", BUDGET_ACTIONS, f"arn:{platform.partition}:budgets::{account}:budget/{own.name}"),
        ]
    )


class _Own:
    """ARN patterns of what the environment owns."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.name = names.resource_name(platform, "*")
        self.tags = {"project": platform.project, "env": platform.environment}

    def arn(self, service: str, prefix: str, *, named: bool = True) -> str:
        return names.service_arn(self._platform, service, f"{prefix}{self.name}" if named else prefix)

    def sagemaker(self) -> list[str]:
        return [self.arn("sagemaker", f"{kind}/") for kind in SAGEMAKER_KINDS]

    def log_groups(self) -> list[str]:
        prefixes = (
            names.log_group_name(self._platform, ""),
            "/aws/events/",
            "/aws/sagemaker/",
            "/aws/vendedlogs/states/",
        )
        return [names.service_arn(self._platform, "logs", f"log-group:{prefix}*") for prefix in prefixes]

    def catalogue(self) -> list[str]:
        database = names.database_name(self._platform)
        suffixes = ("catalog", f"database/{database}", f"table/{database}/*")
        return [names.service_arn(self._platform, "glue", suffix) for suffix in suffixes]


def by_part(platform: Platform, *, cluster: bool = False) -> dict[str, Document]:
    """Return the documents of the deploy role by the part of the platform that each manages."""
    return {
        "platform": merged(identities(platform, cluster=cluster), network(platform)),
        "storage": storage(platform),
        "learning": learning(platform),
        "operations": operations(platform),
    }


def _crud(service: str, *actions: str) -> Sequence[str]:
    return tuple(f"{service}:{action}" for action in actions)


BUCKET_ACTIONS = _crud(
    "s3",
    *("CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "ListBucket"),
    *("PutBucketLogging", "PutBucketNotification", "PutBucketObjectLockConfiguration"),
    *("PutBucketOwnershipControls", "PutBucketPolicy", "PutBucketPublicAccessBlock", "PutBucketTagging"),
    *("PutBucketVersioning", "PutEncryptionConfiguration", "PutLifecycleConfiguration"),
    *("TagResource", "UntagResource"),
)
CATALOGUE_ACTIONS = _crud(
    "glue", "CreateDatabase", "CreateTable", "DeleteDatabase", "GetTable", "TagResource", "UpdateDatabase"
)
_SECURITY_CONFIGURATIONS = _crud("glue", "CreateSecurityConfiguration", "DeleteSecurityConfiguration")
STREAM_ACTIONS = _crud(
    "kinesis",
    *("AddTagsToStream", "CreateStream", "DecreaseStreamRetentionPeriod", "DeleteStream"),
    *("IncreaseStreamRetentionPeriod", "RemoveTagsFromStream", "StartStreamEncryption", "TagResource"),
    *("UntagResource", "UpdateShardCount", "UpdateStreamMode"),
)
DELIVERY_ACTIONS = _crud(
    "firehose",
    *("CreateDeliveryStream", "DeleteDeliveryStream", "TagDeliveryStream", "UntagDeliveryStream", "UpdateDestination"),
)
WORKGROUP_ACTIONS = _crud(
    "athena", "CreateWorkGroup", "DeleteWorkGroup", "TagResource", "UntagResource", "UpdateWorkGroup"
)
LOG_GROUP_ACTIONS = _crud(
    "logs",
    *("AssociateKmsKey", "CreateLogGroup", "CreateLogStream", "DeleteLogGroup", "DeleteLogStream"),
    *("DeleteMetricFilter", "PutMetricFilter", "PutRetentionPolicy", "TagResource", "UntagResource"),
)
LOG_DELIVERY_ACTIONS = _crud(
    "logs",
    *("CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "ListLogDeliveries", "UpdateLogDelivery"),
    *("DescribeResourcePolicies", "PutResourcePolicy"),
)
SCAN_ACTIONS = _crud("macie2", "CreateClassificationJob", "TagResource", "UpdateClassificationJob")
NETWORK_CREATION = _crud(
    "ec2",
    *("AllocateAddress", "CreateFlowLogs", "CreateInternetGateway", "CreateNatGateway", "CreateRouteTable"),
    *("CreateSecurityGroup", "CreateSubnet", "CreateTags", "CreateVpc", "CreateVpcEndpoint"),
)
NETWORK_CHANGES = _crud(
    "ec2",
    *("AttachInternetGateway", "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CreateRoute"),
    *("DeleteFlowLogs", "DeleteInternetGateway", "DeleteNatGateway", "DeleteRoute", "DeleteRouteTable"),
    *("DeleteSecurityGroup", "DeleteSubnet", "DeleteTags", "DeleteVpc", "DeleteVpcEndpoints"),
    *("DetachInternetGateway", "ModifySecurityGroupRules", "ModifySubnetAttribute", "ModifyVpcAttribute"),
    *("ModifyVpcEndpoint", "ReleaseAddress", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"),
    "UpdateSecurityGroupRuleDescriptionsIngress",
)
NAME_ACTIONS = _crud(
    "route53resolver",
    *("AssociateFirewallRuleGroup", "AssociateResolverQueryLogConfig", "CreateFirewallDomainList"),
    *("CreateFirewallRule", "CreateFirewallRuleGroup", "CreateResolverQueryLogConfig", "DeleteFirewallDomainList"),
    *("DeleteFirewallRule", "DeleteFirewallRuleGroup", "DeleteResolverQueryLogConfig"),
    *("DisassociateFirewallRuleGroup", "DisassociateResolverQueryLogConfig", "TagResource", "UntagResource"),
    *("UpdateFirewallDomains", "UpdateFirewallRule", "UpdateFirewallRuleGroupAssociation"),
)
SAGEMAKER_KINDS = (
    *("endpoint", "endpoint-config", "feature-group", "mlflow-tracking-server", "model", "model-card"),
    *("model-package", "model-package-group", "pipeline"),
)
SAGEMAKER_ACTIONS = _crud(
    "sagemaker",
    *("AddTags", "CreateEndpoint", "CreateEndpointConfig", "CreateFeatureGroup", "CreateModel", "CreateModelCard"),
    *(
        "DeleteModelCard",
        "UpdateModelCard",
        "CreateModelPackageGroup",
        "CreatePipeline",
        "DeleteEndpoint",
        "DeleteEndpointConfig",
    ),
    *("DeleteFeatureGroup", "DeleteModel", "DeleteModelPackageGroup", "DeleteModelPackageGroupPolicy"),
    *("DeletePipeline", "DeleteTags", "PutModelPackageGroupPolicy", "UpdateEndpoint"),
    *("UpdateEndpointWeightsAndCapacities", "UpdateFeatureGroup", "UpdatePipeline"),
)
RETIRED_LISTS = ("sagemaker:ListEndpointConfigs", "sagemaker:ListInferenceComponents", "sagemaker:ListModels")
TRACKING_ACTIONS = _crud("sagemaker", "AddTags", "CreateMlflowApp", "DeleteMlflowApp", "DeleteTags", "UpdateMlflowApp")
IMAGE_ACTIONS = _crud(
    "ecr",
    *("BatchCheckLayerAvailability", "BatchGetImage", "CompleteLayerUpload", "CreateRepository"),
    *("DeleteLifecyclePolicy", "DeleteRepository", "DeleteRepositoryPolicy", "GetDownloadUrlForLayer"),
    *("InitiateLayerUpload", "PutImage", "PutImageScanningConfiguration", "PutImageTagMutability"),
    *("PutLifecyclePolicy", "SetRepositoryPolicy", "TagResource", "UntagResource", "UploadLayerPart"),
)
SCALING_ACTIONS = _crud(
    "application-autoscaling",
    *("DeleteScalingPolicy", "DeregisterScalableTarget", "PutScalingPolicy", "RegisterScalableTarget"),
    *("TagResource", "UntagResource"),
)
ALARM_ACTIONS = _crud(
    "cloudwatch",
    *("DeleteAlarms", "PutCompositeAlarm", "PutMetricAlarm", "SetAlarmState", "TagResource", "UntagResource"),
)
TOPIC_ACTIONS = _crud(
    "sns",
    *("CreateTopic", "DeleteTopic", "SetSubscriptionAttributes", "SetTopicAttributes", "Subscribe", "TagResource"),
    *("Unsubscribe", "UntagResource"),
)
QUEUE_ACTIONS = _crud("sqs", "CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue")
RULE_ACTIONS = _crud("events", "DeleteRule", "PutRule", "PutTargets", "RemoveTargets", "TagResource", "UntagResource")
SCHEDULE_ACTIONS = _crud(
    "scheduler",
    *("CreateSchedule", "CreateScheduleGroup", "DeleteSchedule", "DeleteScheduleGroup", "TagResource"),
    *("UntagResource", "UpdateSchedule"),
)
STATE_MACHINE_ACTIONS = _crud(
    "states",
    *("CreateStateMachine", "DeleteStateMachine", "TagResource", "UntagResource", "UpdateStateMachine"),
)
TABLE_ACTIONS = _crud(
    "dynamodb",
    *("CreateTable", "DeleteTable", "TagResource", "UntagResource", "UpdateContinuousBackups"),
    *("UpdateTable", "UpdateTimeToLive"),
)
PARAMETER_ACTIONS = _crud("ssm", "AddTagsToResource", "DeleteParameter", "PutParameter", "RemoveTagsFromResource")
VAULT_ACTIONS = _crud(
    "backup",
    *("CreateBackupVault", "DeleteBackupVault", "DeleteBackupVaultAccessPolicy", "PutBackupVaultAccessPolicy"),
    *("PutBackupVaultLockConfiguration", "TagResource", "UntagResource"),
)
BACKUP_PLAN_ACTIONS = _crud(
    "backup",
    *("CreateBackupPlan", "CreateBackupSelection", "DeleteBackupPlan", "DeleteBackupSelection"),
    *("TagResource", "UntagResource", "UpdateBackupPlan"),
)
BUDGET_ACTIONS = _crud("budgets", "ModifyBudget", "TagResource", "UntagResource")
ANOMALY_ACTIONS = _crud(
    "ce",
    *("CreateAnomalyMonitor", "CreateAnomalySubscription", "DeleteAnomalyMonitor", "DeleteAnomalySubscription"),
    *("TagResource", "UntagResource", "UpdateAnomalyMonitor", "UpdateAnomalySubscription"),
)
