"""vLLM in the Kubernetes cluster: what a server has for itself, how many there are, how long one takes to start."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from modelkeel.answers.model import Answers
from modelkeel.plan import hours, language_serving
from modelkeel.plan.capacity import SAFETY_FACTOR, answer_seconds
from modelkeel.plan.cluster import ADDRESSES_A_NODE
from modelkeel.plan.decision import Decision
from modelkeel.plan.language_serving import Replica
from modelkeel.plan.memory import weights_gib
from modelkeel.plan.serving import Serving
from modelkeel.tables.instance import Instance, instances

MODE = "eks"
MACHINE_SHARE = 0.85
"""Share of a machine that its servers ask for; operating system and agents keep the rest."""
GRAPH_SECONDS = 300
READ_GIB_PER_SECOND = 0.5
FETCH_GIB_PER_SECOND = 0.1
MACHINE_SECONDS = 900
"""Assumptions: what compiling and capturing graphs takes, weights read from the machine's own disk, an archive that is
unpacked while it arrives, a machine that starts and pulls an image of some 10 GB. Measure them, and set your own."""
ROOM = 1.2
SOURCE = (
    "vLLM 0.33 documentation, Production metrics and Engine arguments; KEDA 2.20 documentation, Metrics API scaler;"
    " Kubernetes documentation, Deployments, Pod topology spread constraints, Disruptions"
)


@dataclass(frozen=True, kw_only=True)
class LanguageServer:
    """Decided sizes; counts are by environment, memory and disk in GiB, one server is one copy of the model."""

    instance_type: str
    vcpus: int
    memory_gib: int
    gpus: int
    tensor_parallel: int
    per_machine: int
    cpus: int
    server_memory_gib: int
    disk_gib: int
    context_tokens: int
    most_sequences: int
    concurrent_requests: int
    load_seconds: int
    fetch_seconds: int
    min_servers: Mapping[str, int]
    max_servers: Mapping[str, int]
    min_machines: Mapping[str, int]
    max_machines: Mapping[str, int]
    decisions: tuple[Decision, ...]

    def addresses(self, environment: str) -> int:
        """Return the addresses that machines and pods take in a subnet, one machine more while they are replaced."""
        return (self.max_machines[environment] + 1) * ADDRESSES_A_NODE


def plan(answers: Answers, serving: Serving) -> LanguageServer:
    """Return the servers that the machines of `serving` hold; the fleet is as large as that of one endpoint."""
    row = instances()[serving.instance_type.removeprefix("ml.")]
    sizes = _sized(answers, row, serving.min_capacity, serving.max_capacity)
    return replace(sizes, decisions=(_servers(answers, sizes), _scaling(answers, sizes), _starting(answers, sizes)))


def on(answers: Answers, sizes: LanguageServer, row: Instance) -> LanguageServer:
    """Return the servers as machines of another type hold them; there are as many machines as before."""
    return _sized(answers, row, sizes.min_machines, sizes.max_machines)


def rests(answers: Answers, environment: str) -> bool:
    """Tell whether the servers go to none at night: there is no request that could wake one that is gone."""
    return environment == "dev" and answers.dev_hours == "workdays"


def hours_a_month(answers: Answers, environment: str) -> int:
    """Return the hours a month in which servers stand there."""
    return hours.hours_a_month(answers) if rests(answers, environment) else hours.MONTH_HOURS


def _sized(answers: Answers, row: Instance, least: Mapping[str, int], most: Mapping[str, int]) -> LanguageServer:
    replica = language_serving.replica_of(row, answers.model_params_b, answers.context_tokens, answer_seconds(answers))
    if replica is None:
        # Of a machine that was chosen for other reasons, all devices hold the model together.
        replica = Replica(row=row, tensor_parallel=max(1, row.gpus), room=1, sequences=1, tokens_per_second=1.0)
    each, weights = replica.replicas, weights_gib(answers.model_params_b)
    return LanguageServer(
        instance_type=row.name,
        vcpus=row.vcpus,
        memory_gib=int(row.memory_gib),
        gpus=row.gpus,
        tensor_parallel=replica.tensor_parallel,
        per_machine=each,
        cpus=max(1, math.floor(row.vcpus * MACHINE_SHARE / each) - 1),
        server_memory_gib=max(1, math.floor(row.memory_gib * MACHINE_SHARE / each) - 1),
        disk_gib=math.ceil(ROOM * weights) + 10,
        context_tokens=answers.context_tokens,
        most_sequences=replica.sequences,
        concurrent_requests=max(1, math.floor(replica.sequences * SAFETY_FACTOR)),
        load_seconds=GRAPH_SECONDS + math.ceil(weights / READ_GIB_PER_SECOND),
        fetch_seconds=math.ceil(weights / FETCH_GIB_PER_SECOND),
        min_servers={name: count * each for name, count in least.items()},
        max_servers={name: count * each for name, count in most.items()},
        min_machines=dict(least),
        max_machines=dict(most),
        decisions=(),
    )


def _servers(answers: Answers, sizes: LanguageServer) -> Decision:
    production = answers.environments[-1]
    return Decision(
        key="language_server",
        value={
            "instance_type": sizes.instance_type,
            "servers_per_machine": sizes.per_machine,
            "tensor_parallel": sizes.tensor_parallel,
            "requests_at_once": sizes.most_sequences,
            "cpus": sizes.cpus,
            "memory_gib": sizes.server_memory_gib,
        },
        reason="Each server has its own GPUs, and takes no more requests at once than it answers in time: the others"
        " wait in its queue, where they are counted.",
        from_=("serving_platform", "existing_engine", "model_params_b", "context_tokens", "p99_ms", "regions"),
        formula=f"{sizes.gpus} GPUs of {sizes.instance_type} / {sizes.tensor_parallel} = {sizes.per_machine} a machine;"
        f" floor({sizes.vcpus} * {MACHINE_SHARE} / {sizes.per_machine}) - 1 CPUs;"
        f" {sizes.min_servers[production]} to {sizes.max_servers[production]} servers in {production}",
        source=SOURCE,
        alternatives=("serving_platform: sagemaker, where AWS patches the machines and an alarm turns an update back",),
    )


def _scaling(answers: Answers, sizes: LanguageServer) -> Decision:
    resting = [name for name in answers.environments if rests(answers, name)]
    return Decision(
        key="language_server_scaling",
        value={"by": "KEDA", "requests_at_once_a_server": sizes.concurrent_requests},
        reason="KEDA asks the servers themselves how many requests they answer and how many wait: no Prometheus, no"
        " adapter and no second copy of the metrics stand between."
        + (
            f" {' and '.join(resting)} goes to none in the evening and comes back in the morning; no request wakes it."
            if resting
            else ""
        ),
        from_=("peak_rps", "p99_ms", "dev_hours", "environments"),
        formula=f"max(1, floor({sizes.most_sequences} * {SAFETY_FACTOR})) = {sizes.concurrent_requests}",
        source=SOURCE,
        alternatives=(
            "a HorizontalPodAutoscaler alone: it knows vLLM's metrics only through Prometheus and an adapter",
        ),
    )


def _starting(answers: Answers, sizes: LanguageServer) -> Decision:
    weights = weights_gib(answers.model_params_b)
    return Decision(
        key="language_server_start_seconds",
        value={"fetch": sizes.fetch_seconds, "load": sizes.load_seconds, "machine": MACHINE_SECONDS},
        reason="The registered artefact is one archive, which no loader streams into a GPU: each server unpacks it onto"
        " its machine's own disks while it arrives, and vLLM reads it from there.",
        from_=("model_params_b",),
        formula=f"fetch {weights:.1f} GiB / {FETCH_GIB_PER_SECOND} GiB/s; load {GRAPH_SECONDS} s + {weights:.1f} GiB /"
        f" {READ_GIB_PER_SECOND} GiB/s",
        source="An assumption, to be replaced by a measured start",
        alternatives=("Run:ai Model Streamer (--load-format runai_streamer) reads safetensors files, not an archive",),
    )
