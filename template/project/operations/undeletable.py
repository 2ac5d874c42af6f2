"""Resources that carry AWS's own protection from deletion: the provider does not take it off, and its call is refused.

Sources: DynamoDB UpdateTable, Network Firewall DeleteFirewall, EKS UpdateClusterConfig, in the models of botocore 1.44.
"""

from __future__ import annotations

from operations.services import Services


def table(services: Services, name: str) -> None:
    """Let a DynamoDB table be deleted."""
    described = services["dynamodb"].describe_table(TableName=name)["Table"]
    if described.get("DeletionProtectionEnabled"):
        services["dynamodb"].update_table(TableName=name, DeletionProtectionEnabled=False)
    waited = 0.0
    while services["dynamodb"].describe_table(TableName=name)["Table"]["TableStatus"] == "UPDATING":
        waited = services.wait(waited, f"changes of {name}")


def firewall(services: Services, arn: str) -> None:
    """Let a firewall of Network Firewall be deleted."""
    described = services["network-firewall"].describe_firewall(FirewallArn=arn)["Firewall"]
    if described.get("DeleteProtection"):
        services["network-firewall"].update_firewall_delete_protection(FirewallArn=arn, DeleteProtection=False)


def cluster(services: Services, name: str) -> None:
    """Let an EKS cluster be deleted."""
    if services["eks"].describe_cluster(name=name)["cluster"].get("deletionProtection"):
        services["eks"].update_cluster_config(name=name, deletionProtection=False)
    waited = 0.0
    while services["eks"].describe_cluster(name=name)["cluster"]["status"] == "UPDATING":
        waited = services.wait(waited, f"changes of {name}")
