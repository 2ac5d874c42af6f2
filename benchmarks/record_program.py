"""How long it takes to record a program: 1,000 resources, whole process, and how that grows to 5,000.

    python benchmarks/record_program.py [--repeats 5] [--sizes 1000,2000,5000]

Each run is a new interpreter that calls `record.project`, which starts the program in another one, as the
command line does. The repository lies on a tmpfs where the machine has one; bytecode is written by a first
run that does not count. The aims are 2.5 s of wall time for 1,000 resources, and CPU time that grows with an
exponent below 1.2 from the smallest to the largest size (CPU time, because a busy machine bends the wall's).
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

AIM_SECONDS_1000 = 2.5
AIM_EXPONENT = 1.2
RESOURCES_PER_COMPONENT = 10

# Ten kinds of resource in a component, references between them, a policy document made by an apply.
PROGRAM = """\
import json
import pulumi
import pulumi_aws as aws

COMPONENTS = {components}


class Store(pulumi.ComponentResource):
    def __init__(self, name, opts):
        super().__init__("bench:data:Store", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        key = aws.kms.Key(name, enable_key_rotation=True, opts=child)
        aws.kms.Alias(name, name=f"alias/{{name}}", target_key_id=key.key_id, opts=child)
        bucket = aws.s3.Bucket(name, tags={{"class": "confidential"}}, opts=child)
        aws.s3.BucketVersioning(
            name, bucket=bucket.id, versioning_configuration={{"status": "Enabled"}}, opts=child)
        rule = {{"apply_server_side_encryption_by_default": {{
            "sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}}}}
        aws.s3.BucketServerSideEncryptionConfiguration(name, bucket=bucket.id, rules=[rule], opts=child)
        aws.s3.BucketPublicAccessBlock(
            name, bucket=bucket.id, block_public_acls=True, block_public_policy=True, opts=child)
        document = pulumi.Output.all(bucket.arn, key.arn).apply(lambda arns: json.dumps(
            {{"Version": "2012-10-17", "Statement": [{{"Effect": "Deny", "Action": "*", "Resource": arns}}]}}))
        aws.s3.BucketPolicy(name, bucket=bucket.id, policy=document, opts=child)
        role = aws.iam.Role(name, assume_role_policy="{{}}", opts=child)
        aws.iam.RolePolicy(name, role=role.id, policy=document, opts=child)
        aws.cloudwatch.LogGroup(name, retention_in_days=90, kms_key_id=key.arn, opts=child)
        self.register_outputs({{"bucket": bucket.bucket}})


provider = aws.Provider("aws", region="eu-west-1", default_tags={{"tags": {{"project": "bench"}}}})
for number in range(COMPONENTS):
    Store(f"store-{{number}}", pulumi.ResourceOptions(provider=provider))
"""

RUN = """\
import sys
from pathlib import Path
from modelkeel import record
graph = record.project(Path(sys.argv[1]), environment="dev")
print(sum(resource.is_aws for _, resource in graph.resources()))
"""


def repository(folder: Path, resources: int) -> Path:
    """Write a repository with one program of so many resources; return its folder."""
    root = folder / f"resources-{resources}"
    files = {
        "stacks/programs.toml": '[data]\none_per = "environment"\nupstream = []\n',
        "stacks/__init__.py": "",
        "stacks/data/__main__.py": PROGRAM.format(components=resources // RESOURCES_PER_COMPONENT),
        "config/data/Pulumi.yaml": "name: bench-data\nmain: ../../stacks/data\nruntime: {name: python}\n",
        "config/data/Pulumi.dev.yaml": 'config: {"platform:account_id": "111122223333"}\n',
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def seconds(root: Path, resources: int) -> tuple[float, float]:
    """Return the wall time and the CPU time of one whole run, children included, in seconds."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start, cpu = time.perf_counter(), _cpu_seconds()
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(root)], env=environment, check=True, capture_output=True, text=True
    )
    took = time.perf_counter() - start, _cpu_seconds() - cpu
    if int(done.stdout) != resources:
        raise SystemExit(f"recorded {done.stdout.strip()} resources, expected {resources}")
    return took


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Print the table; return 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description="How long it takes to record a program.")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--sizes", default="1000,2000,5000")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    memory = Path("/dev/shm")
    wall, cpu = {}, {}
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        seconds(repository(Path(folder), RESOURCES_PER_COMPONENT), RESOURCES_PER_COMPONENT)
        print(f"{'resources':>9}  {'median s':>8}  {'min s':>6}  {'max s':>6}  {'CPU s':>6}  {'CPU ms each':>11}")
        for size in sizes:
            root = repository(Path(folder), size)
            walls, cpus = zip(*(seconds(root, size) for _ in range(arguments.repeats)), strict=True)
            wall[size], cpu[size] = statistics.median(walls), statistics.median(cpus)
            spread = f"{min(walls):>6.2f}  {max(walls):>6.2f}"
            print(f"{size:>9,}  {wall[size]:>8.2f}  {spread}  {cpu[size]:>6.2f}  {cpu[size] / size * 1000:>11.2f}")
    first, last = sizes[0], sizes[-1]
    exponent = math.log(cpu[last] / cpu[first]) / math.log(last / first) if first != last else 0.0
    print(f"exponent of CPU time from {first:,} to {last:,}: {exponent:.2f} (aim: below {AIM_EXPONENT})")
    met = exponent < AIM_EXPONENT
    if 1000 in wall:
        print(f"1,000 resources, whole process: {wall[1000]:.2f} s (aim: below {AIM_SECONDS_1000} s)")
        met = met and wall[1000] < AIM_SECONDS_1000
    print("aims met" if met else "an aim is missed; look for other load on the machine first")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
