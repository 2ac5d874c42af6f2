"""What holds for everything in the account that says nothing else."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

PASSWORD_LENGTH = 14
PASSWORDS_REMEMBERED = 24


class AccountDefaults(pulumi.ComponentResource):
    """No public buckets, snapshots or images; encrypted volumes; IMDSv2; strong passwords.

    Password numbers: CIS AWS Foundations 6.0, 2.7 and 2.8 (Prowler's copy of the benchmark, read 2026-11-23).
    """

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:AccountDefaults", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        aws.s3.AccountPublicAccessBlock(
            name,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        aws.ebs.EncryptionByDefault(name, enabled=True, opts=child)
        aws.ebs.SnapshotBlockPublicAccess(name, state="block-all-sharing", opts=child)
        aws.ec2.ImageBlockPublicAccess(name, state="block-new-sharing", opts=child)
        aws.ec2.InstanceMetadataDefaults(name, http_tokens="required", http_put_response_hop_limit=1, opts=child)
        aws.iam.AccountPasswordPolicy(
            name,
            minimum_password_length=PASSWORD_LENGTH,
            password_reuse_prevention=PASSWORDS_REMEMBERED,
            require_lowercase_characters=True,
            require_numbers=True,
            require_symbols=True,
            require_uppercase_characters=True,
            allow_users_to_change_password=True,
            opts=child,
        )
        self.register_outputs({})
