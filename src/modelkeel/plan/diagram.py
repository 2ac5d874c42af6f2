"""The planned architecture as Mermaid text, for the README before anything is recorded."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.topics import Topics

_SOURCES = {
    "batch_s3": "Files in S3",
    "cdc": "Change capture",
    "kinesis": "Event stream",
    "msk": "Kafka",
    "iot_core": "Devices",
}


def mermaid(answers: Answers, topics: Topics) -> str:
    """Return a flowchart from the sources to the people; equal answers give equal text."""
    storage = topics.storage
    lines = ["flowchart LR"]
    lines += [f'  source{index}["{_SOURCES[name]}"]' for index, name in enumerate(answers.ingestion)]
    lake = f"Lake<br/>{', '.join(storage.buckets)}"
    lines += [f'  lake[("{lake}")]']
    lines += [f"  source{index} --> lake" for index in range(len(answers.ingestion))]
    previous = "lake"
    if storage.feature_store != "none":
        groups = ", ".join(group["name"] for group in storage.feature_groups)
        lines += [f'  features[("Feature store {storage.feature_store.replace("_", " + ")}<br/>{groups}")]']
        lines += ["  lake --> features"]
        previous = "features"
    training = topics.training
    lines += [
        f'  training["Training pipeline<br/>{training.instance_count} x {training.instance_type}"]',
        f"  {previous} --> training",
        f'  registry["Model registry<br/>{topics.regime.approvals} approval{"s" * (topics.regime.approvals > 1)}"]',
        "  training --> registry",
        '  people(["People: approve, review, override"])',
    ]
    for mode in topics.modes.names:
        title, fleet = _fleet(answers, topics, mode)
        node = "serving" if mode == topics.modes.main else f"serving_{mode}"
        lines += [f'  {node}["{title}<br/>{fleet}"]', f"  registry --> {node}"]
        lines += [f"  features --> {node}"] if storage.online_features else []
        lines += [] if node == "serving" else [f"  {node} --> monitoring"]
    served = topics.modes.main != "none"
    monitored = "serving" if served else "registry"
    lines += ['  monitoring["Monitoring<br/>drift, alarms, budget"]', f"  {monitored} --> monitoring"]
    lines += ["  monitoring --> people", "  people --> registry"]
    if topics.regime.human_review != "none" and served:
        lines += ['  review["Review queue"]', "  serving --> review", "  review --> people"]
    if topics.monitoring.kill_switch and served:
        lines += ['  people -- "kill switch" --> serving']
    return "\n".join(lines) + "\n"


def _fleet(answers: Answers, topics: Topics, mode: str) -> tuple[str, str]:
    """Return title and size of what serves as `mode` in the last environment."""
    modes, production = topics.modes, answers.environments[-1]
    if mode == "realtime" and modes.realtime is not None:
        low, high = modes.realtime.min_capacity[production], modes.realtime.max_capacity[production]
        return "Endpoint", f"{low} to {high} x {modes.realtime.instance_type}"
    if mode == "multi_model" and modes.many is not None:
        low, high = modes.many.min_capacity[production], modes.many.max_capacity[production]
        return f"Endpoint of {answers.served_models} models", f"{low} to {high} x {modes.many.instance_type}"
    if mode == "inference_components" and modes.copies is not None:
        low, high = modes.copies.min_instances[production], modes.copies.max_instances[production]
        return "Inference components", f"{low} to {high} x {modes.copies.instance_type}"
    if mode == "async" and modes.asynchronous is not None:
        low, high = modes.asynchronous.min_capacity[production], modes.asynchronous.max_capacity[production]
        return "Asynchronous endpoint", f"{low} to {high} x {modes.asynchronous.instance_type}"
    if mode == "eks" and modes.servers is not None:
        low, high = modes.servers.min_machines[production], modes.servers.max_machines[production]
        return "vLLM on EKS", f"{low} to {high} x {modes.servers.instance_type}"
    if mode == "serverless" and modes.serverless is not None:
        return "Serverless endpoint", f"{modes.serverless.memory_mb} MB, {modes.serverless.max_concurrency} at once"
    count, kind = (modes.scoring.batch_count, modes.scoring.instance_type) if modes.scoring else (0, "")
    return "Nightly scoring", f"{count} x {kind}"
