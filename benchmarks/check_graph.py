"""How long a check of a large graph takes, as a whole process, beside Checkov on as many resources.

    python benchmarks/check_graph.py [--resources 5000] [--runs 5] [--to 50000]

Both read one file with the same kinds of resources: a graph document here, a Terraform plan in JSON there.
Checkov is measured when a `checkov` program is on the PATH; the benchmark says so when it is not.
Then graphs grow to `--to` resources: the exponent of processor time over size says whether that is linear.
Files lie on a tmpfs where there is one. Times are wall seconds, memory is the peak of the process in MiB.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
AIM_SECONDS = 1.5
AIM_MIB = 200
AIM_RATIO = 25
AIM_EXPONENT = 1.1
ACCOUNT = "111111111111"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0f4c"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts"
ROLE_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
    ],
}

Row = tuple[str, str, dict[str, Any], dict[str, str]]
"""Type, name, inputs, and which input refers to which resource (by its URN)."""


def rows(count: int) -> Iterator[Row]:
    """Yield `count` resources: groups of a bucket, a role, a key, logs, alarms, a topic, a queue, a table."""
    made = 0
    number = 0
    while made < count:
        for row in _group(number):
            if made == count:
                return
            made += 1
            yield row
        number += 1


def _group(number: int) -> Iterator[Row]:
    name = f"unit-{number}"
    yield from _bucket(name)
    yield from _role(name)
    yield ("aws:kms/key:Key", name, {"enableKeyRotation": True, "deletionWindowInDays": 30}, {})
    for part in ("jobs", "endpoint"):
        group = {"name": f"/{name}/{part}", "kmsKeyId": KEY, "retentionInDays": 365}
        yield ("aws:cloudwatch/logGroup:LogGroup", f"{name}-{part}", group, {})
    for metric in ("ModelLatency", "Invocation5XXErrors"):
        alarm = {"metricName": metric, "namespace": "AWS/SageMaker", "alarmActions": [TOPIC], "period": 60}
        yield ("aws:cloudwatch/metricAlarm:MetricAlarm", f"{name}-{metric}", alarm, {})
    yield ("aws:sns/topic:Topic", name, {"name": name, "kmsMasterKeyId": KEY}, {})
    yield ("aws:sqs/queue:Queue", name, {"name": name, "kmsMasterKeyId": KEY}, {})
    table = {
        "name": name,
        "hashKey": "id",
        "serverSideEncryption": {"enabled": True, "kmsKeyArn": KEY},
        "pointInTimeRecovery": {"enabled": True},
    }
    yield ("aws:dynamodb/table:Table", name, table, {})
    rule = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.0.0.0/16", "securityGroupId": "sg-1"}
    yield ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, rule, {})


def _bucket(name: str) -> Iterator[Row]:
    of = {"bucket": _urn("aws:s3/bucket:Bucket", name)}
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    block = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    by_default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}
    parts: dict[str, dict[str, Any]] = {
        "PublicAccessBlock": dict.fromkeys(block, True),
        "ServerSideEncryptionConfiguration": {
            "rules": [{"applyServerSideEncryptionByDefault": by_default, "bucketKeyEnabled": True}]
        },
        "Policy": {"policy": json.dumps(policy)},
        "Versioning": {"versioningConfiguration": {"status": "Enabled"}},
        "Logging": {"targetBucket": "logs", "targetPrefix": f"{name}/"},
        "LifecycleConfiguration": {"rules": [{"id": "all", "status": "Enabled", "expiration": {"days": 400}}]},
        "OwnershipControls": {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
    }
    yield ("aws:s3/bucket:Bucket", name, {"bucket": name, "forceDestroy": False}, {})
    for kind, inputs in parts.items():
        yield (f"aws:s3/bucket{kind}:Bucket{kind}", name, {"bucket": name, **inputs}, of)


def _role(name: str) -> Iterator[Row]:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/mlops/prod/{name}"
    statements = [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"arn:aws:s3:::{name}/*"},
        {"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": f"arn:aws:logs:eu-west-1:{ACCOUNT}:*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    role = {"name": name, "permissionsBoundary": f"{arn}-b", "assumeRolePolicy": json.dumps(ROLE_TRUST)}
    yield ("aws:iam/role:Role", name, role, {})
    yield ("aws:iam/policy:Policy", name, {"name": name, "path": "/mlops/prod/", "policy": document}, {})
    of = {"role": _urn("aws:iam/role:Role", name), "policyArn": _urn("aws:iam/policy:Policy", name)}
    attachment = {"role": name, "policyArn": arn}
    yield ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, attachment, of)


def _urn(kind: str, name: str) -> str:
    return f"urn:pulumi:prod::bench-data::{kind}::{name}"


def write_graph(path: Path, count: int) -> None:
    """Write a graph document of `count` resources and their provider."""
    sys.path.insert(0, str(ROOT / "src"))
    from modelkeel.graph import Graph, Resource, Source, Stack, dumps  # noqa: PLC0415

    urn = _urn("pulumi:providers:aws", "aws")
    tags = {"project": "bench", "env": "prod", "owner": "a@example.com", "cost-center": "1", "compliance": "none"}
    provider = Resource(
        urn=urn,
        type="pulumi:providers:aws",
        name="aws",
        inputs={
            "region": "eu-west-1",
            "allowedAccountIds": json.dumps([ACCOUNT]),
            "defaultTags": json.dumps({"tags": {**tags, "data-classification": "internal", "ai-risk": "minimal"}}),
        },
    )
    resources = [
        Resource(
            urn=_urn(kind, name),
            type=kind,
            name=name,
            id=name,
            inputs=inputs,
            outputs={**inputs, "arn": f"arn:aws:{kind}:{name}"},
            property_dependencies={key: (target,) for key, target in refs.items()},
            dependencies=tuple(refs.values()),
            provider=f"{urn}::1",
            protect=kind.endswith((":Key", ":Bucket")),
            source=Source("stacks/data/__main__.py", 10 + number),
        )
        for number, (kind, name, inputs, refs) in enumerate(rows(count))
    ]
    stack = Stack(program="data", stack="prod", account=ACCOUNT, region="eu-west-1", resources=(provider, *resources))
    graph = Graph(project="bench", environment="prod", fidelity="simulate", tool_version="0", stacks=(stack,))
    path.write_text(dumps(graph), encoding="utf-8")


def write_plan(path: Path, count: int) -> None:
    """Write as many resources of the same kinds as a Terraform plan in JSON."""
    resources = []
    for number, (kind, name, inputs, _) in enumerate(rows(count)):
        family = kind.split(":")[1].split("/")
        own = _snake(family[1])
        tf_type = TERRAFORM_TYPES.get(kind, f"aws_{family[0]}_{own}")
        resources.append(
            {
                "address": f"{tf_type}.r{number}",
                "mode": "managed",
                "type": tf_type,
                "name": f"r{number}",
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "schema_version": 0,
                "values": {"name": name, **_blocks(inputs)},
            }
        )
    changes = [
        {**row, "change": {"actions": ["create"], "before": None, "after": row["values"], "after_unknown": {}}}
        for row in resources
    ]
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": []}},
    }
    path.write_text(json.dumps(plan), encoding="utf-8")


TERRAFORM_TYPES = {
    "aws:s3/bucket:Bucket": "aws_s3_bucket",
    "aws:cloudwatch/logGroup:LogGroup": "aws_cloudwatch_log_group",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "aws_vpc_security_group_ingress_rule",
}


def _snake(text: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in text)


def _blocks(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            _snake(key): [_blocks(item)] if isinstance(item, Mapping) else _blocks(item) for key, item in value.items()
        }
    return [_blocks(item) for item in value] if isinstance(value, list) else value


def measure(command: list[str], runs: int) -> tuple[float, float, int]:
    """Return the median seconds, the peak MiB and the exit code of `command` run `runs` times."""
    seconds, peaks, code = [], [], 0
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(ROOT / "src")
    for _ in range(runs):
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
        seconds.append(time.perf_counter() - started)
        peaks.append(usage.ru_maxrss / 1024)
    return statistics.median(seconds), max(peaks), code


def main() -> int:
    """Measure, print one line each, and return 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--to", type=int, default=50_000, help="how far graphs grow; 0 leaves it out")
    options = parser.parse_args()
    tmpfs = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=tmpfs) as folder:
        graph, plan = Path(folder, "graph.json"), Path(folder, "plan.json")
        write_graph(graph, options.resources)
        write_plan(plan, options.resources)
        out = Path(folder, "findings.json")
        ours = check(graph, out)
        measure(ours, 1)
        seconds, peak, code = measure(ours, options.runs)
        if not out.is_file():
            print(f"modelkeel check wrote nothing and ended with {code}")
            return 1
        told = json.loads(out.read_text(encoding="utf-8"))["summary"]
        size = graph.stat().st_size / 2**20
        print(
            f"modelkeel check, {options.resources} resources ({size:.1f} MiB), {told['controls']} controls, "
            f"{told['pass']} passes: {seconds:.2f} s, {peak:.0f} MiB"
        )
        missed = options.resources == 5000 and (seconds > AIM_SECONDS or peak > AIM_MIB)
        checkov = shutil.which("checkov")
        if checkov is None:
            print("checkov was not measured: no program of that name is on the PATH (pip install checkov)")
        else:
            command = [checkov, "-f", str(plan), "--framework", "terraform_plan", "--compact", "--quiet", "-o", "json"]
            theirs, their_peak, _ = measure(command, 1)
            ratio = theirs / seconds
            print(f"checkov, as many resources: {theirs:.2f} s, {their_peak:.0f} MiB; {ratio:.0f} times as long")
            missed = missed or ratio < AIM_RATIO
        if options.to > options.resources:
            missed = growth(Path(folder), options) > AIM_EXPONENT or missed
    return int(missed)


def check(graph: Path, out: Path) -> list[str]:
    """Return the command that checks `graph` and writes its findings to `out`."""
    command = [sys.executable, "-m", "modelkeel", "check", "--graph", str(graph), "--output", f"json={out}"]
    return [*command, "--policies", str(ROOT / "policies")]


def growth(folder: Path, options: argparse.Namespace) -> float:
    """Print processor seconds and memory as the graph grows, and return the exponent from first to last."""
    points = []
    for count in (options.resources, (options.resources + options.to) // 2, options.to):
        graph = folder / f"{count}.json"
        write_graph(graph, count)
        before = os.times()
        _, peak, _ = measure(check(graph, folder / "grown.json"), 1)
        after = os.times()
        seconds = after.children_user + after.children_system - before.children_user - before.children_system
        points.append((count, seconds))
        print(f"{count} resources: {seconds:.1f} s of processor time, {peak:.0f} MiB")
    (small, quick), (large, slow) = points[0], points[-1]
    exponent = math.log(slow / quick) / math.log(large / small)
    print(f"exponent {exponent:.2f}")
    return exponent


if __name__ == "__main__":
    raise SystemExit(main())
