"""What the audit trail says when somebody touches the guard rails, as CloudWatch Logs filter patterns.

The events are those of the CIS AWS Foundations Benchmark, section "Monitoring", as the Security Hub controls
CloudWatch.1 to CloudWatch.14 list them (Security Hub User Guide, read 2026-11-23). Those controls compare
patterns letter by letter, so a pattern carries nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SecurityEvent:
    """`control` is the Security Hub control that asks for the alarm; `title` says what happened."""

    control: str
    title: str
    pattern: str


def by_name(*event_names: str, source: str | None = None) -> str:
    """Return the pattern of events with one of the names, of one source if that is given."""
    matches = " || ".join(f"($.eventName={name})" for name in event_names)
    return f"{{{matches}}}" if source is None else f"{{($.eventSource={source}) && ({matches})}}"


_IAM_CHANGES = (
    *("DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy"),
    *("PutUserPolicy", "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion"),
    *("AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy"),
    "DetachGroupPolicy",
)
_BUCKET_CHANGES = (
    *("PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication"),
    *("DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"),
)
_CONFIG_CHANGES = (
    *("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"),
)
_SECURITY_GROUP_CHANGES = (
    *("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress"),
    *("RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup"),
)
_ACL_CHANGES = (
    *("CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry"),
    *("ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"),
)
_GATEWAY_CHANGES = (
    *("CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway"),
    *("DeleteInternetGateway", "DetachInternetGateway"),
)
_ROUTE_CHANGES = (
    *("CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable"),
    *("DeleteRoute", "DisassociateRouteTable"),
)
_VPC_CHANGES = (
    *("CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection"),
    *("DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc", "DetachClassicLinkVpc"),
    *("DisableVpcClassicLink", "EnableVpcClassicLink"),
)

SECURITY_EVENTS = {
    "root-use": SecurityEvent(
        control="CloudWatch.1",
        title="The root user acted",
        pattern=(
            '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}'
        ),
    ),
    "unauthorized-calls": SecurityEvent(
        control="CloudWatch.2",
        title="Calls were refused for lack of permission",
        pattern='{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
    ),
    "sign-in-without-mfa": SecurityEvent(
        control="CloudWatch.3",
        title="A user signed in to the console without MFA",
        pattern=(
            '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && '
            '($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }'
        ),
    ),
    "iam-changes": SecurityEvent(
        control="CloudWatch.4",
        title="An IAM policy changed",
        pattern=by_name(*_IAM_CHANGES, source="iam.amazonaws.com"),
    ),
    "trail-changes": SecurityEvent(
        control="CloudWatch.5",
        title="The audit trail changed",
        pattern=by_name("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    ),
    "sign-in-failures": SecurityEvent(
        control="CloudWatch.6",
        title="Sign-ins to the console failed",
        pattern='{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
    ),
    "key-loss": SecurityEvent(
        control="CloudWatch.7",
        title="A key was disabled or is to be deleted",
        pattern=by_name("DisableKey", "ScheduleKeyDeletion", source="kms.amazonaws.com"),
    ),
    "bucket-policy-changes": SecurityEvent(
        control="CloudWatch.8",
        title="A bucket's policy or retention changed",
        pattern=by_name(*_BUCKET_CHANGES, source="s3.amazonaws.com"),
    ),
    "config-changes": SecurityEvent(
        control="CloudWatch.9",
        title="AWS Config changed or stopped",
        pattern=by_name(*_CONFIG_CHANGES, source="config.amazonaws.com"),
    ),
    "security-group-changes": SecurityEvent(
        control="CloudWatch.10", title="A security group changed", pattern=by_name(*_SECURITY_GROUP_CHANGES)
    ),
    "network-acl-changes": SecurityEvent(
        control="CloudWatch.11", title="A network ACL changed", pattern=by_name(*_ACL_CHANGES)
    ),
    "gateway-changes": SecurityEvent(
        control="CloudWatch.12", title="A network gateway changed", pattern=by_name(*_GATEWAY_CHANGES)
    ),
    "route-changes": SecurityEvent(
        control="CloudWatch.13",
        title="A route table changed",
        pattern=by_name(*_ROUTE_CHANGES, source="ec2.amazonaws.com"),
    ),
    "vpc-changes": SecurityEvent(control="CloudWatch.14", title="A VPC changed", pattern=by_name(*_VPC_CHANGES)),
}
