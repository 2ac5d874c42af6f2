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
    storage, serving = topics.storage, topics.serving
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
    if serving.mode != "none":
        production = answers.environments[-1]
        fleet = (
            f"{serving.min_capacity[production]} to {serving.max_capacity[production]} x {serving.instance_type}"
            if serving.mode == "realtime"
            else f"{serving.batch_count} x {serving.instance_type}"
        )
        title = "Endpoint" if serving.mode == "realtime" else "Nightly scoring"
        lines += [f'  serving["{title}<br/>{fleet}"]', "  registry --> serving"]
        lines += ["  features --> serving"] if storage.online_features else []
    monitored = "serving" if serving.mode != "none" else "registry"
    lines += ['  monitoring["Monitoring<br/>drift, alarms, budget"]', f"  {monitored} --> monitoring"]
    lines += ["  monitoring --> people", "  people --> registry"]
    if topics.regime.human_review != "none" and serving.mode != "none":
        lines += ['  review["Review queue"]', "  serving --> review", "  review --> people"]
    if topics.monitoring.kill_switch and serving.mode != "none":
        lines += ['  people -- "kill switch" --> serving']
    return "\n".join(lines) + "\n"
