"""Training and processing jobs: in the network, isolated, encrypted, of the right size, one role a stage.

A job is not infrastructure: it is started later, by a pipeline or by whoever IAM lets. Both are judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from ..document import Condition, Statement
from ..identity import grants, guarding
from ..instance import stores_locally
from ..pipeline import PIPELINE, Job, jobs, steps
from ..values import at, is_set
from ..view import Breach, Resource, View

CREATE_JOB = ("sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob", "sagemaker:CreateHyperParameterTuningJob")
ON_INSTANCES = (*CREATE_JOB, "sagemaker:CreateEndpointConfig", "sagemaker:CreateTransformJob")
INSTANCE_TYPES = "sagemaker:InstanceTypes"
VOLUME_KEYS = ("sagemaker:VolumeKmsKeyArn", "sagemaker:VolumeKmsKey")
OUTPUT_KEYS = ("sagemaker:OutputKmsKeyArn", "sagemaker:OutputKmsKey")


def job_in_vpc(resource: Resource, view: View) -> Iterator[Breach]:
    """SM-040."""
    if resource.type == PIPELINE:
        for job in jobs(resource):
            if not is_set(at(job.network, "VpcConfig", "Subnets")):
                yield Breach("the job runs outside the network", f"{job.step.path}.VpcConfig")
        return
    yield from _unguarded(resource, view, "outside the network", ("sagemaker:VpcSubnets",), _absent)


def job_isolated(resource: Resource, view: View) -> Iterator[Breach]:
    """SM-041."""
    if resource.type == PIPELINE:
        for job in jobs(resource):
            if at(job.network, "EnableNetworkIsolation") is not True:
                yield Breach("the job's container can reach the network", f"{job.step.path}.EnableNetworkIsolation")
        return
    yield from _unguarded(resource, view, "without network isolation", ("sagemaker:NetworkIsolation",), _is_false)


def job_traffic_encrypted(resource: Resource, view: View) -> Iterator[Breach]:
    """SM-042."""
    if resource.type == PIPELINE:
        for job in jobs(resource):
            if at(job.network, "EnableInterContainerTrafficEncryption") is not True:
                path = f"{job.step.path}.EnableInterContainerTrafficEncryption"
                yield Breach("traffic between the job's instances is not encrypted", path)
        return
    keys = ("sagemaker:InterContainerTrafficEncryption",)
    yield from _unguarded(resource, view, "without encrypted traffic between instances", keys, _is_false)


def job_own_keys(resource: Resource, view: View) -> Iterator[Breach]:
    """SM-043. Instances with NVMe disks encrypt them in hardware and refuse a volume key."""
    if resource.type == PIPELINE:
        for job in jobs(resource):
            yield from _keyless(job)
        return
    yield from _unguarded(resource, view, "without a key for the volume", VOLUME_KEYS, _absent)
    yield from _unguarded(resource, view, "without a key for the output", OUTPUT_KEYS, _absent)


def _keyless(job: Job) -> Iterator[Breach]:
    instance_type = at(job.cluster, "InstanceType")
    local = isinstance(instance_type, str) and stores_locally(instance_type)
    if not local and not is_set(at(job.cluster, "VolumeKmsKeyId")):
        yield Breach("the job's volume is not encrypted with a key of ours", f"{job.step.path}.VolumeKmsKeyId")
    if not is_set(at(job.output, "KmsKeyId")):
        yield Breach("the job's output is not encrypted with a key of ours", f"{job.step.path}.KmsKeyId")


def job_instance_types_listed(policy: Resource, view: View) -> Iterator[Breach]:
    """SM-044."""
    yield from _unguarded(policy, view, "on any instance type", (INSTANCE_TYPES,), _excludes, ON_INSTANCES)


Test = Callable[[Condition], bool]


def _unguarded(
    policy: Resource, view: View, how: str, keys: tuple[str, ...], test: Test, actions: tuple[str, ...] = CREATE_JOB
) -> Iterator[Breach]:
    """Yield a breach for each grant that lets a job be created without the condition, by nobody denied."""
    for statement, path in grants(policy, view):
        wanted = statement.covered(actions)
        if not wanted or statement.is_everything or statement.conditioned_on(*keys):
            continue
        guards = list(guarding(policy, view))
        free = [action for action in wanted if not any(_denies(guard, action, keys, test) for guard in guards)]
        if free:
            yield Breach(f"{free[0].removeprefix('sagemaker:')} is allowed {how}", path)


def _denies(guard: Statement, action: str, keys: tuple[str, ...], test: Test) -> bool:
    if not guard.covers(action):
        return False
    if not guard.conditions:
        return True
    # Conditions of a statement hold together: one on anything else would leave a gap, but for a volume key
    # the instances that refuse one are left out.
    known = {key.lower() for key in keys} | ({INSTANCE_TYPES.lower()} if VOLUME_KEYS[0] in keys else set())
    if any(key.lower() not in known for _, key, _ in guard.conditions):
        return False
    return any(test(condition) for key in keys for condition in guard.condition(key))


def _absent(condition: Condition) -> bool:
    operator, _, values = condition
    return operator == "Null" and values == ("true",)


def _is_false(condition: Condition) -> bool:
    operator, _, values = condition
    # A plain Bool does not match where the key is absent, and SageMaker's default is off.
    return operator == "BoolIfExists" and values == ("false",)


def _excludes(condition: Condition) -> bool:
    operator, _, values = condition
    # Where no instance is listed at all, as for serverless endpoints, every request that names one is denied.
    return operator.rsplit(":", 1)[-1] in {"StringNotLike", "StringNotEquals"} or (operator, values) == (
        "Null",
        ("false",),
    )


def pipeline_role_per_stage(pipeline: Resource) -> Iterator[Breach]:
    """SM-080."""
    stages: dict[str, set[str]] = defaultdict(set)
    own = pipeline["roleArn"]
    for step in steps(pipeline):
        role = at(step.arguments, "RoleArn")
        if not isinstance(role, str):
            continue
        stages[role].add(step.kind)
        if role == own:
            yield Breach("the job runs with the pipeline's own role, which may pass roles", f"{step.path}.RoleArn")
    for role, kinds in stages.items():
        if len(kinds) > 1:
            yield Breach(
                f"{role.rsplit('/', 1)[-1]} is shared by {' and '.join(sorted(kinds))} steps", "pipelineDefinition"
            )
