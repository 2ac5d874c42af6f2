"""What a graph needs of the quotas of its account."""

import json
from typing import Any

import pytest
from cost import platform_graph as make
from hypothesis import given
from hypothesis import strategies as st

from modelkeel import quotas
from modelkeel.graph import Graph, Resource
from modelkeel.quotas import QuotaNeed
from modelkeel.quotas.compute import use_of, vcpus_of


def by_name(graph: Graph, **options: Any) -> dict[str, QuotaNeed]:
    return {need.name: need for need in quotas.needed(graph, **options)}


def waiting(key: str, plan: Any) -> Graph:
    root = make.resource("serving", "pulumi:pulumi:Stack", "fraud-serving-prod", custom=False)
    return make.graph(make.stack("serving", root, exports={key: json.dumps(plan)}))


def only(*resources: Resource) -> Graph:
    return make.graph(make.stack("training", *resources))


def state_machine(name: str, request: Any) -> Resource:
    definition = {"States": {"score": {"Type": "Task", "Arguments": request}}}
    return make.resource("training", "aws:sfn/stateMachine:StateMachine", name, {"definition": json.dumps(definition)})


def endpoint_with(deployment: Any) -> Graph:
    stack = make.serving()
    resources = [
        make.resource(
            "serving", each.type, each.name, {**each.inputs, "deploymentConfig": deployment}, on=each.dependencies
        )
        if each.type == "aws:sagemaker/endpoint:Endpoint"
        else each
        for each in stack.resources
    ]
    return make.graph(make.stack("serving", *resources))


def test_an_endpoint_needs_its_largest_fleet_twice() -> None:
    """A blue/green update runs the old and the new fleet side by side; autoscaling may be at its maximum just then."""
    need = by_name(make.graph(make.serving(most=12)))["ml.c7i.2xlarge for endpoint usage"]

    assert (24, None, "unknown") == (need.needed, need.default, need.status)
    assert "2 * 12 = 24" in need.formula
    assert need.urns == (make.urn("serving", "aws:sagemaker/endpoint:Endpoint", "scorer"),)


def test_an_endpoint_that_starts_larger_than_it_scales_needs_its_start() -> None:
    assert by_name(make.graph(make.serving(most=3, started=5)))["ml.c7i.2xlarge for endpoint usage"].needed == 10


@pytest.mark.parametrize(
    ("size", "extra"), [({"type": "INSTANCE_COUNT", "value": 2}, 2), ({"type": "CAPACITY_PERCENT", "value": 10}, 2)]
)
def test_a_rolling_update_needs_one_batch_more(size: dict[str, Any], extra: int) -> None:
    graph = endpoint_with({"rollingUpdatePolicy": {"maximumBatchSize": size}})

    assert by_name(graph)["ml.c7i.2xlarge for endpoint usage"].needed == 12 + extra


def test_an_endpoint_that_waits_for_its_model_needs_its_quota_already() -> None:
    """A raise takes days: it has to be asked for before the first approval."""
    needs = by_name(waiting("planned_endpoint", {"instance_type": "ml.c7i.2xlarge", "max_capacity": 14}))

    assert needs["ml.c7i.2xlarge for endpoint usage"].needed == 28
    assert needs["Number of instances across active endpoints"].needed == 28


def test_scheduled_scoring_that_waits_for_its_model_needs_its_quota_already() -> None:
    needs = by_name(waiting("planned_transform", {"instance_type": "ml.m7i.xlarge", "instance_count": 3}))

    assert needs["ml.m7i.xlarge for transform job usage"].needed == 3


@pytest.mark.parametrize("key", ["planned_endpoint", "planned_transform"])
@pytest.mark.parametrize("plan", [[], None, "no plan"])
def test_an_export_that_is_no_plan_needs_nothing(key: str, plan: Any) -> None:
    assert quotas.needed(waiting(key, plan)) == ()


def test_a_plan_without_its_size_is_unknown_and_not_zero() -> None:
    (need, total) = quotas.needed(waiting("planned_endpoint", {"instance_type": "ml.c7i.xlarge"}))

    assert (None, None, "unknown") == (need.needed, total.needed, need.status)
    assert not need.asked_for


def test_training_runs_that_overlap_add_up() -> None:
    needs = by_name(make.graph(make.training()), runs_at_once=3)

    assert needs["ml.m7i.4xlarge for training job usage"].needed == 3
    assert "3 runs of training at once: 3 * 1 = 3" == needs["ml.m7i.4xlarge for training job usage"].formula


def test_each_use_has_its_quota_over_all_types() -> None:
    """An account may run four of each type and still not seven at once."""
    transform = {"TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 4}}
    other = {"TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 3}}
    machines = [state_machine("one", transform), state_machine("two", other)]
    total = by_name(only(*machines))["Number of instances across all transform jobs"]

    assert (7, "L-60D2A6F0", "4 ml.m5.xlarge + 3 ml.m5.large = 7") == (total.needed, total.code, total.formula)


def test_spot_training_has_a_quota_of_its_own() -> None:
    definition = json.loads(make.pipeline_definition())
    definition["Steps"][0]["Arguments"]["EnableManagedSpotTraining"] = True
    pipeline = make.resource(
        "training", "aws:sagemaker/pipeline:Pipeline", "training", {"pipelineDefinition": json.dumps(definition)}
    )
    names = set(by_name(only(pipeline)))

    assert {"ml.m7i.4xlarge for spot training job usage", "Number of instances across all training jobs"} <= names
    assert "ml.m7i.4xlarge for training job usage" not in names


def test_a_job_started_by_a_schedule_itself_counts() -> None:
    request = {"ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2}}}
    schedule = make.resource(
        "training", "aws:scheduler/schedule:Schedule", "check", {"target": {"input": json.dumps(request)}}
    )

    assert by_name(only(schedule))["ml.m5.large for processing job usage"].needed == 2


def test_an_account_starts_without_large_accelerators() -> None:
    plan = {"instance_type": "ml.p5.48xlarge", "max_capacity": 1}
    need = by_name(waiting("planned_endpoint", plan))["ml.p5.48xlarge for endpoint usage"]

    assert (2, 0, "raise", 14) == (need.needed, need.default, need.status, need.lead_days)


def vpc_of(name: str, endpoints: int) -> list[Resource]:
    return [
        make.resource(
            "training",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            f"{name}-{number}",
            {"vpcEndpointType": "Interface", "vpcId": name},
        )
        for number in range(endpoints)
    ]


def test_interface_endpoints_are_counted_vpc_by_vpc() -> None:
    need = by_name(only(*vpc_of("vpc-a", 20), *vpc_of("vpc-b", 26)))["Interface VPC endpoints per VPC"]

    assert (26, 50, "close", "26 of them") == (need.needed, need.default, need.status, need.formula)
    assert not need.asked_for


def test_addresses_beyond_the_default_are_to_be_requested() -> None:
    addresses = [make.resource("training", "aws:ec2/eip:Eip", f"nat-{number}") for number in range(6)]
    need = by_name(only(*addresses))["EC2-VPC Elastic IPs"]

    assert (6, 5, "raise", True) == (need.needed, need.default, need.status, need.asked_for)


def test_accounts_are_counted_apart() -> None:
    vpc = make.resource("foundation", "aws:ec2/vpc:Vpc", "network")
    one = make.stack("foundation", vpc)
    other = make.stack("foundation", vpc, region="us-east-1")

    assert [("eu-west-1", 1), ("us-east-1", 1)] == [
        (need.region, need.needed) for need in quotas.needed(make.graph(one, other))
    ]


@pytest.mark.parametrize(
    ("instance_type", "spot", "use", "vcpus"),
    [
        ("m5.xlarge", False, "ec2_standard", 4),
        ("c7i.48xlarge", True, "ec2_standard_spot", 192),
        ("p5.48xlarge", False, "ec2_p", 192),
        ("p5.48xlarge", True, "ec2_p5_spot", 192),
        ("p4d.24xlarge", True, "ec2_p_spot", 96),
        ("g6e.2xlarge", False, "ec2_g", 8),
        ("gr6.4xlarge", False, "ec2_g", 16),
        ("trn1.32xlarge", False, "ec2_trn", 128),
        ("inf2.xlarge", True, "ec2_inf_spot", 4),
        ("is4gen.large", False, "ec2_standard", 2),
        ("hpc7a.96xlarge", False, "", 384),
        ("m5.metal", False, "ec2_standard", None),
    ],
)
def test_instance_types_count_towards_the_quota_of_their_class(
    instance_type: str, spot: bool, use: str, vcpus: int | None
) -> None:
    assert (use, vcpus) == (use_of(instance_type, spot=spot), vcpus_of(instance_type))


def test_node_groups_and_batch_need_vcpus() -> None:
    group = make.resource(
        "training",
        "aws:eks/nodeGroup:NodeGroup",
        "gpu",
        {"instanceTypes": ["g6.2xlarge", "g6.4xlarge"], "scalingConfig": {"maxSize": 5}},
    )
    environment = make.resource(
        "training",
        "aws:batch/computeEnvironment:ComputeEnvironment",
        "jobs",
        {"computeResources": {"type": "SPOT", "maxVcpus": 256, "instanceTypes": ["m7i.4xlarge"]}},
    )
    needs = by_name(only(group, environment))

    assert (80, 0) == (
        needs["Running On-Demand G and VT instances"].needed,
        needs["Running On-Demand G and VT instances"].default,
    )
    assert needs["All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests"].needed == 256


def test_a_hyperpod_cluster_needs_instances() -> None:
    state = {"InstanceGroups": [{"InstanceGroupName": "gpu", "InstanceType": "ml.p5.48xlarge", "InstanceCount": 4}]}
    cluster = make.resource(
        "training",
        "aws:cloudcontrol/resource:Resource",
        "hyperpod",
        {"typeName": "AWS::SageMaker::Cluster", "desiredState": json.dumps(state)},
    )

    assert by_name(only(cluster))["ml.p5.48xlarge for cluster usage"].needed == 4


def test_what_is_only_looked_up_needs_nothing() -> None:
    assert quotas.needed(only(make.resource("training", "aws:ec2/vpc:Vpc", "theirs", read=True))) == ()


@given(most=st.integers(1, 400), more=st.integers(0, 400))
def test_a_larger_fleet_never_needs_less(most: int, more: int) -> None:
    small = quotas.needed(make.graph(make.serving(most=most)))
    large = quotas.needed(make.graph(make.serving(most=most + more)))

    assert all((one.needed or 0) <= (other.needed or 0) for one, other in zip(small, large, strict=True))


def test_the_order_of_stacks_changes_nothing_but_formulas() -> None:
    stacks = make.platform().stacks
    there, back = quotas.needed(make.graph(*stacks)), quotas.needed(make.graph(*reversed(stacks)))

    assert [(need.name, need.needed) for need in there] == [(need.name, need.needed) for need in back]
