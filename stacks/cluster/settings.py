"""Settings of the cluster program; config namespace `cluster`.

Exports: `cluster_name`, `cluster_arn`, `cluster_endpoint`, `cluster_certificate_authority`, `oidc_issuer_url`,
`cluster_security_group_id`, `efa_security_group_id`, `node_role_name`, `node_instance_profile_name`,
`cluster_key_arn`, and `karpenter_queue_name` where Karpenter is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ClusterSettings:
    """One Kubernetes cluster of the environment."""

    kubernetes_version: str
    """Kubernetes version in standard support: `1.35`."""

    api_public_cidrs: list[str]
    """Address ranges that reach the Kubernetes API from the internet; empty: through the network only."""

    api_private_cidrs: list[str]
    """Address ranges inside the network, or joined to it, that reach the Kubernetes API."""

    admin_role_arns: list[str]
    """Roles that administer the cluster: the one that deploys, and those of the people who run it."""

    team_role_arns: dict[str, str] = field(default_factory=dict)
    """Role of a team's people by team: they may edit what is in the team's namespace."""

    deletion_protection: bool
    """EKS refuses to delete the cluster until this is off."""

    log_retention_days: int
    """Days for which the control plane's logs are kept; one of the periods CloudWatch accepts."""

    key_deletion_window_days: int
    """Days between the wish to delete the cluster's key and its deletion: 7 to 30."""

    system_instance_type: str
    """EC2 type of the machines that run add-ons and controllers: `m7i.large`."""

    system_nodes: int
    """Machines for add-ons and controllers, spread over the zones: 2 at least."""

    gpu_node_groups: list[dict[str, Any]] = field(default_factory=list)
    """Machines with GPUs that stay: name, instance_type, min_size, desired_size, max_size, efa, purchase
    (on_demand, spot, reservation, capacity_block), reservation_id, volume_gib."""

    karpenter: bool
    """Karpenter starts further machines when pods wait for them, and stops them again."""

    placement_group: bool = False
    """A placement group for machines that Karpenter starts beside each other."""

    mirror_images: bool = False
    """Keep copies of the images that the kubernetes program's charts pull; for a network without a way out."""

    balancer_targets: bool = False
    """The AWS Load Balancer Controller registers pods as targets of a load balancer that the serving program makes."""

    mirror_servers: bool = False
    """Keep copies of what serves a language model, too: a server's image is some 10 GB."""

    addon_versions: dict[str, str] = field(default_factory=dict)
    """Versions of add-ons, by name; those not named follow the cluster's version."""

    pod_identities: list[dict[str, str]] = field(default_factory=list)
    """Service accounts that act in AWS: namespace, service_account, role (`training`, `serving`, `pipeline` or
    `requests`)."""

    teams_folder: str = ""
    """Folder of the team files, relative to Pulumi.yaml: the pods of each team train and serve under roles of their
    own, beside those of `pod_identities`. Empty: none."""

    buckets: list[str]
    """Purposes with a bucket of their own, as in `data:buckets`."""

    key_classes: list[str]
    """Data classes with a key of their own, as in `foundation:key_classes`."""
