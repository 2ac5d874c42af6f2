"""The job definition of training on AWS Batch, and what a machine does when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any

from stacks import efa

DEVICE_PERMISSIONS = ["READ", "WRITE", "MKNOD"]
MEMORY_SHARE = 0.9
"""Share of a machine's memory that a job may ask for: operating system and agent keep the rest."""
SHARED_MEMORY_SHARE = 0.25
SHARED_FOLDER = "/shared"
SCRATCH_FOLDER = "/scratch"
START_SCRIPT = Path(__file__).parent.parent / "scripts" / "batch_machine.sh"


@dataclass(frozen=True, kw_only=True)
class BatchJobFacts:
    """`nodes` machines of `instance_type` run one container each, which takes the whole machine."""

    image_uri: str
    package: str
    job_role_arn: str
    instance_type: str
    nodes: int
    vcpus: int
    memory_gib: float
    gpus: int
    log_group: str
    region: str
    shared: bool
    environment: dict[str, str]


def container(facts: BatchJobFacts) -> dict[str, Any]:
    """Return the container of one machine: all of its GPUs and EFA devices, never privileged.

    Source: AWS Batch User Guide, "Elastic Fabric Adapter" and "Multi-node parallel jobs", read 2026-11-25.
    """
    memory_mib = int(facts.memory_gib * 1024 * MEMORY_SHARE)
    needs = {"VCPU": facts.vcpus, "MEMORY": memory_mib, "GPU": facts.gpus}
    folders = {"scratch": SCRATCH_FOLDER, **({"shared": SHARED_FOLDER} if facts.shared else {})}
    properties: dict[str, Any] = {
        "image": facts.image_uri,
        "command": ["python", "-m", f"{facts.package}.cluster"],
        "jobRoleArn": facts.job_role_arn,
        "resourceRequirements": [{"type": kind, "value": str(count)} for kind, count in needs.items() if count],
        "environment": [{"name": name, "value": value} for name, value in sorted(facts.environment.items())],
        "linuxParameters": {
            "devices": _devices(facts),
            "sharedMemorySize": int(memory_mib * SHARED_MEMORY_SHARE),
            "initProcessEnabled": True,
        },
        # Buffers of EFA and NCCL are locked into memory.
        "ulimits": [{"name": "memlock", "softLimit": -1, "hardLimit": -1}],
        "privileged": False,
        "volumes": [{"name": name, "host": {"sourcePath": path}} for name, path in folders.items()],
        "mountPoints": [
            {"sourceVolume": name, "containerPath": path, "readOnly": False} for name, path in folders.items()
        ],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": facts.log_group,
                "awslogs-region": facts.region,
                "awslogs-stream-prefix": "train",
            },
        },
    }
    if facts.nodes > 1:
        properties["instanceType"] = facts.instance_type
    return properties


def node_properties(facts: BatchJobFacts) -> dict[str, Any]:
    """Return the properties of a multi-node job: machines that start together, the first of which leads."""
    everywhere = {"targetNodes": "0:", "container": container(facts)}
    return {"numNodes": facts.nodes, "mainNode": 0, "nodeRangeProperties": [everywhere]}


def user_data(file_system_dns: str | None, mount_name: str | None) -> str:
    """Return the start of a machine as MIME, which AWS Batch demands; the shared folder is there with a file system.

    The boundary between the parts is fixed: machines are replaced when this text changes.
    """
    settings = {"SCRATCH_FOLDER": SCRATCH_FOLDER, "SHARED_FOLDER": SHARED_FOLDER}
    settings |= {"FILE_SYSTEM_DNS": file_system_dns or "", "MOUNT_NAME": mount_name or ""}
    given = "\n".join(f'export {name}="{value}"' for name, value in settings.items())
    script = START_SCRIPT.read_text(encoding="utf-8")
    shebang, _, rest = script.partition("\n")
    message = MIMEMultipart(boundary="==MACHINE==")
    message.attach(MIMEText(f"{shebang}\n{given}\n{rest}", "x-shellscript", "us-ascii"))
    return message.as_string()


def _devices(facts: BatchJobFacts) -> list[dict[str, Any]]:
    count = efa.interfaces(facts.instance_type) if facts.nodes > 1 else 0
    paths = [f"/dev/infiniband/uverbs{number}" for number in range(count)]
    return [{"hostPath": path, "containerPath": path, "permissions": DEVICE_PERMISSIONS} for path in paths]
