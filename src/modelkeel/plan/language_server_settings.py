"""The keys of the programs that make vLLM in the Kubernetes cluster: its machines, its servers, what watches them."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan import brought, cluster_settings, hours, language_server
from modelkeel.plan.language_server import LanguageServer
from modelkeel.plan.topics import Topics

POOL = "serving"
ZONAL = ("99.0", "99.9", "99.95")


def pools(answers: Answers, topics: Topics, environment: str) -> list[dict[str, Any]]:
    """Return the pool of the machines that serve; nothing where the cluster serves nothing."""
    sizes = topics.modes.of(environment).servers
    if sizes is None:
        return []
    return [
        {
            "name": POOL,
            "instance_type": sizes.instance_type,
            "vcpus": sizes.vcpus,
            "memory_gib": sizes.memory_gib,
            "gpus": sizes.gpus,
            # While the servers are replaced, one more of them stands.
            "most_nodes": sizes.max_machines[environment] + 1,
            "least_nodes": sizes.min_machines[environment],
            "spot": False,
            "efa": False,
            "serves": True,
            "busy_hours_per_month": language_server.hours_a_month(answers, environment),
        }
    ]


def serving(answers: Answers, topics: Topics, environment: str, *, package: str, image_tag: str) -> dict[str, Any]:
    """Return the keys of the serving program without their prefix; `package` is what the project's image runs."""
    sizes = topics.modes.of(environment).servers
    if sizes is None:
        return {}
    found = _sizes(sizes, environment)
    found |= {
        "buckets": brought.buckets(answers, topics.storage.buckets, environment),
        "key_classes": [*topics.storage.key_classes, *topics.backup.key_classes(environment)],
        "package": package,
        "image_tag": image_tag,
        "spread_over_zones": answers.availability in ZONAL and sizes.min_machines[environment] > 1,
    }
    if cluster_settings.mirrors(topics, environment):
        found["image_registry"] = cluster_settings.registry(answers, environment)
    if language_server.rests(answers, environment):
        found |= {
            "awake_from": _linux(hours.START),
            "awake_until": _linux(hours.STOP),
            "hours_timezone": answers.timezone,
        }
    return found


def monitoring(topics: Topics, answers: Answers, environment: str) -> dict[str, Any]:
    """Return the keys of the monitoring program; nothing where the cluster serves nothing."""
    sizes = topics.modes.of(environment).servers
    if sizes is None:
        return {}
    return {
        "server_waiting_requests": sizes.concurrent_requests,
        "server_rests": language_server.rests(answers, environment),
    }


def _sizes(sizes: LanguageServer, environment: str) -> dict[str, Any]:
    return {
        "tensor_parallel": sizes.tensor_parallel,
        "cpus": sizes.cpus,
        "memory_gib": sizes.server_memory_gib,
        "disk_gib": sizes.disk_gib,
        "context_tokens": sizes.context_tokens,
        "most_sequences": sizes.most_sequences,
        "min_servers": sizes.min_servers[environment],
        "max_servers": sizes.max_servers[environment],
        "concurrent_requests_per_server": sizes.concurrent_requests,
        "load_seconds": sizes.load_seconds,
        "fetch_seconds": sizes.fetch_seconds,
        "machine_seconds": language_server.MACHINE_SECONDS,
    }


def _linux(expression: str) -> str:
    """Return the `cron(...)` of EventBridge as KEDA reads it: five fields, `*` where EventBridge has `?`."""
    minute, hour, day, month, weekday, _ = expression.removeprefix("cron(").removesuffix(")").split()
    return " ".join((minute, hour, day.replace("?", "*"), month, weekday))
