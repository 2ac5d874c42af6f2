"""Facts about the graph of the cluster program."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_repository import of_type, one
from stacks_eks.eks_project import ACCOUNT, ADMIN, CLUSTER, KEPT, POOL, recorded, stack

from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph, Resource
from modelkeel.tables.kubernetes_version import kubernetes_versions
from policies import supported
from stacks.components.eks_cluster import LOG_TYPES, versions

CLUSTER_TYPE, GROUP, TEMPLATE = "eks/cluster:Cluster", "eks/nodeGroup:NodeGroup", "ec2/launchTemplate:LaunchTemplate"
ROLE, ATTACHMENT = "iam/role:Role", "iam/rolePolicyAttachment:RolePolicyAttachment"


def inputs(resource: Resource) -> dict[str, Any]:
    return dict(resource.inputs)


def refusal(**changes: Any) -> str:
    with pytest.raises(ModelkeelError) as caught:
        recorded(cluster=changes)
    return "\n".join(f"{problem.what} {problem.got}" for problem in caught.value.problems)


def statements(graph: Graph, kind: str, name: str, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(inputs(one(graph, kind, name))[key])["Statement"]
    return found


def test_the_api_is_private_and_nobody_is_administrator_by_having_made_it() -> None:
    cluster = inputs(one(recorded(), CLUSTER_TYPE))

    assert (True, False) == (
        cluster["vpcConfig"]["endpointPrivateAccess"],
        cluster["vpcConfig"]["endpointPublicAccess"],
    )
    assert {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False} == cluster["accessConfig"]


def test_the_control_plane_logs_everything_and_encrypts_secrets_with_its_own_key() -> None:
    graph = recorded()
    cluster = inputs(one(graph, CLUSTER_TYPE))

    assert list(LOG_TYPES) == cluster["enabledClusterLogTypes"]
    assert ["secrets"] == cluster["encryptionConfig"]["resources"]
    assert one(graph, "kms/key:Key").outputs["arn"] == cluster["encryptionConfig"]["provider"]["keyArn"]
    group = one(graph, "logGroup:LogGroup")
    assert "/aws/eks/vision-prod-cluster/cluster" == group.inputs["name"]
    assert group.urn in one(graph, CLUSTER_TYPE).dependencies


def test_the_cluster_is_protected_and_upgraded_before_support_ends() -> None:
    cluster = one(recorded(), CLUSTER_TYPE)

    assert cluster.protect
    assert cluster.inputs["deletionProtection"] is True
    assert {"supportType": "STANDARD"} == cluster.inputs["upgradePolicy"]
    assert {"enabled": True} == cluster.inputs["zonalShiftConfig"]


def test_addresses_that_are_named_reach_the_api_from_the_internet() -> None:
    cluster = inputs(one(recorded(cluster={"api_public_cidrs": ["203.0.113.0/24"]}), CLUSTER_TYPE))

    assert cluster["vpcConfig"]["endpointPublicAccess"] is True
    assert ["203.0.113.0/24"] == cluster["vpcConfig"]["publicAccessCidrs"]


def test_administrators_rule_the_cluster_and_a_team_its_namespace() -> None:
    policies = {
        each.inputs["principalArn"]: (each.inputs["policyArn"].rsplit("/", 1)[-1], each.inputs["accessScope"])
        for each in of_type(recorded(), "eks/accessPolicyAssociation:AccessPolicyAssociation")
    }

    assert ("AmazonEKSClusterAdminPolicy", {"type": "cluster"}) == policies[ADMIN]
    team = policies[CLUSTER["team_role_arns"]["planning"]]
    assert ("AmazonEKSEditPolicy", {"type": "namespace", "namespaces": ["planning"]}) == team


def test_every_machine_has_encrypted_disks_and_keeps_its_credentials_from_pods() -> None:
    graph = recorded()
    key = one(graph, "kms/key:Key").outputs["arn"]

    templates = [inputs(each) for each in of_type(graph, TEMPLATE)]
    assert len(templates) == len(list(of_type(graph, GROUP))) == 2
    for template in templates:
        options = template["metadataOptions"]
        assert ("required", 1) == (options["httpTokens"], options["httpPutResponseHopLimit"])
        assert {("true", key)} == {
            (disk["ebs"]["encrypted"], disk["ebs"]["kmsKeyId"]) for disk in template["blockDeviceMappings"]
        }


def test_machines_that_train_together_stand_in_one_zone_with_all_their_interfaces() -> None:
    graph = recorded()
    group, template = inputs(one(graph, GROUP, "gpu")), inputs(one(graph, TEMPLATE, "gpu"))

    assert ["subnet-0a"] == group["subnetIds"]
    assert 33 == len(template["networkInterfaces"])
    assert one(graph, "ec2/placementGroup:PlacementGroup", "gpu").inputs["name"] == template["placement"]["groupName"]
    fabric = one(graph, "ec2/securityGroup:SecurityGroup", "efa").id
    assert all(fabric in each["securityGroups"] for each in template["networkInterfaces"])
    assert not any("associatePublicIpAddress" in each for each in template["networkInterfaces"])


def test_the_fabric_lets_members_through_both_ways() -> None:
    graph = recorded()
    group = one(graph, "ec2/securityGroup:SecurityGroup", "efa").id

    for kind in (
        "securityGroupIngressRule:SecurityGroupIngressRule",
        "securityGroupEgressRule:SecurityGroupEgressRule",
    ):
        rule = inputs(one(graph, kind, "efa"))
        assert ("-1", group, group) == (rule["ipProtocol"], rule["securityGroupId"], rule["referencedSecurityGroupId"])


def test_gpu_machines_take_gpu_work_only_and_an_update_leaves_their_number_alone() -> None:
    group = one(recorded(), GROUP, "gpu")

    assert "AL2023_x86_64_NVIDIA" == group.inputs["amiType"]
    assert [{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}] == group.inputs["taints"]
    assert "scalingConfig.desiredSize" in group.ignore_changes
    assert {"enabled": True} == group.inputs["nodeRepairConfig"]


def test_fips_machines_are_built_for_it() -> None:
    graph = recorded(platform={"use_fips": True})

    assert "BOTTLEROCKET_x86_64_NVIDIA_FIPS" == one(graph, GROUP, "gpu").inputs["amiType"]
    assert "BOTTLEROCKET_x86_64_FIPS" == one(graph, GROUP, "system").inputs["amiType"]


def test_a_capacity_block_names_its_type_and_its_reservation_in_the_launch_template() -> None:
    row = {**KEPT, "desired_size": 0, "purchase": "capacity_block", "reservation_id": "cr-0123456789abcdef0"}
    graph = recorded(cluster={"gpu_node_groups": [row]})
    group, template = inputs(one(graph, GROUP, "gpu")), inputs(one(graph, TEMPLATE, "gpu"))

    assert "CAPACITY_BLOCK" == group["capacityType"]
    assert "instanceTypes" not in group or group["instanceTypes"] is None
    assert "p5.48xlarge" == template["instanceType"]
    assert {"marketType": "capacity-block"} == template["instanceMarketOptions"]
    target = template["capacityReservationSpecification"]["capacityReservationTarget"]
    assert {"capacityReservationId": "cr-0123456789abcdef0"} == target
    assert "placement" not in template or template["placement"] is None


def test_machines_of_a_block_that_is_not_bought_yet_wait_for_it() -> None:
    row = {**KEPT, "desired_size": 0, "purchase": "capacity_block", "reservation_id": ""}

    assert ["system"] == [each.name for each in of_type(recorded(cluster={"gpu_node_groups": [row]}), GROUP)]


def test_every_role_of_the_cluster_is_under_a_boundary_and_none_of_them_reads_data() -> None:
    graph = recorded()
    boundaries = {
        role.name: role.inputs["permissionsBoundary"].rsplit("-prod-", 1)[-1] for role in of_type(graph, ROLE)
    }

    assert boundaries.pop("planning-training") == "boundary"
    assert {"cluster-boundary"} == set(boundaries.values())
    attached = {
        each.inputs["policyArn"] for each in of_type(graph, ATTACHMENT) if each.inputs["role"].endswith("-node")
    }
    assert {"AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"} == {
        arn.rsplit("/", 1)[-1] for arn in attached
    }


def test_a_pod_takes_its_role_in_this_cluster_only_and_writes_below_its_team() -> None:
    graph = recorded()
    trust = statements(graph, ROLE, "planning-training", "assumeRolePolicy")[0]
    policy = statements(graph, "iam/policy:Policy", "planning-training", "policy")

    cluster = "arn:aws:eks:eu-west-1:111122223333:cluster/vision-prod-cluster"
    assert "pods.eks.amazonaws.com" == trust["Principal"]["Service"]
    assert cluster == trust["Condition"]["StringEquals"]["aws:RequestTag/eks-cluster-arn"]
    written = [row["Resource"] for row in policy if "s3:PutObject" in row["Action"]]
    assert [f"arn:aws:s3:::vision-prod-models-{ACCOUNT}/models/${{aws:PrincipalTag/kubernetes-namespace}}/*"] == (
        written
    )


def test_karpenter_starts_and_stops_only_what_carries_its_clusters_tag() -> None:
    policy = statements(recorded(), "iam/policy:Policy", "karpenter", "policy")

    tag = "kubernetes.io/cluster/vision-prod-cluster"
    for sid in ("Start", "Stop", "TagNew", "UseTemplates"):
        condition = next(row["Condition"]["StringEquals"] for row in policy if row["Sid"] == sid)
        assert any(tag in key for key in condition), sid
    assert not any("iam:CreateInstanceProfile" in row["Action"] for row in policy)


def test_warnings_reach_karpenter() -> None:
    graph = recorded()
    queue = one(graph, "sqs/queue:Queue")

    targets = [each.inputs["arn"] for each in of_type(graph, "cloudwatch/eventTarget:EventTarget")]
    assert [queue.outputs["arn"]] * 5 == targets
    assert stack(graph).exports["karpenter_queue_name"] == queue.inputs["name"]
    assert "placement_group_name" in stack(graph).exports


def test_without_karpenter_nothing_of_it_is_there() -> None:
    graph = recorded(cluster={"karpenter": False, "gpu_node_groups": []}, kubernetes={"pools": [], "kept": [POOL]})

    assert not list(of_type(graph, "sqs/queue:Queue"))
    assert "karpenter_queue_name" not in stack(graph).exports


def test_what_stands_on_the_cluster_finds_it_in_the_exports() -> None:
    exports = stack(recorded()).exports

    wanted = {
        *("cluster_name", "cluster_arn", "cluster_endpoint", "cluster_certificate_authority", "oidc_issuer_url"),
        *("cluster_security_group_id", "efa_security_group_id", "node_instance_profile_name"),
    }
    assert wanted <= set(exports)
    assert exports["cluster_security_group_id"].startswith("sg-")


def test_agents_that_call_aws_have_identities_of_their_own() -> None:
    graph = recorded()
    addons = {each.name: each.inputs.get("podIdentityAssociations") for each in of_type(graph, "eks/addon:Addon")}

    assert {"vpc-cni", "aws-ebs-csi-driver", "amazon-cloudwatch-observability"} == {
        name for name, identities in addons.items() if identities
    }
    assert {"coredns", "eks-pod-identity-agent", "kube-proxy", "eks-node-monitoring-agent"} <= set(addons)


def test_plan_program_and_policies_know_the_same_versions() -> None:
    assert set(kubernetes_versions()) == set(versions()) <= set(supported.versions("kubernetes"))
    for name, row in kubernetes_versions().items():
        assert row.standard_support_until == versions()[name]["standard_support_ends"]


def test_before_anything_is_deployed_the_program_can_be_previewed() -> None:
    assert one(recorded("preview"), CLUSTER_TYPE).inputs["version"] == "1.35"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kubernetes_version": "1.29"}, "'1.29', which is not in standard support; allowed: 1.34, 1.35"),
        ({"api_public_cidrs": ["0.0.0.0/0"]}, "lets everyone try the Kubernetes API"),
        ({"gpu_node_groups": [{**KEPT, "instance_type": "g5.xlarge"}]}, "'g5.xlarge' has no EFA"),
        ({"gpu_node_groups": [{**KEPT, "purchase": "reservation"}]}, "needs `reservation_id`"),
        ({"gpu_node_groups": [{**KEPT, "purchase": "monthly"}]}, "allowed: on_demand, spot"),
        ({"gpu_node_groups": [{**KEPT, "desired_size": 9}]}, "allowed: 0 <= min <= desired <= max"),
        ({"gpu_node_groups": [{**KEPT, "instance": "p5"}]}, "unknown: instance"),
        ({"gpu_node_groups": [{"name": "gpu"}]}, "missing: instance_type, max_size"),
        ({"pod_identities": [{"namespace": "a", "service_account": "b", "role": "root"}]}, "'root', allowed: training"),
    ],
)
def test_what_aws_would_refuse_late_is_refused_at_once(changes: dict[str, Any], said: str) -> None:
    assert said in refusal(**changes)
