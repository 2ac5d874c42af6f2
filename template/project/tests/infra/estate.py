"""A small environment that has lived, for the tests that deploy it and take it down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from operations import deployment, destruction
from operations.environment import Environment
from operations.pulumi import Pulumi
from tests.infra.account import environment
from tests.infra.cloud import (
    BUCKET,
    CLUSTER,
    CONFIGURATION,
    DOMAIN,
    FIREWALL,
    GROUP,
    KEY,
    REPOSITORY,
    TABLE,
    VAULT,
    VPC,
    Cloud,
)
from tests.infra.pulumi_cli import Named, PulumiCli

PROGRAMS = ("account", "foundation", "data", "training", "serving")
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
WANTED = {
    "account": [Named(kind="aws:cloudtrail/trail:Trail", id="shop-shared-trail")],
    "foundation": [
        Named(kind=KEY, id="key-1", protect=True),
        Named(kind=VPC, id="vpc-1"),
        Named(kind=FIREWALL, id="arn:aws:network-firewall:eu-west-1:111122223333:firewall/shop-dev", locked=True),
    ],
    "data": [
        Named(kind=BUCKET, id="shop-dev-raw", protect=True),
        Named(kind=TABLE, id="shop-dev-cases", protect=True, locked=True),
        Named(kind=VAULT, id="shop-dev-vault", protect=True, locked=True),
    ],
    "training": [
        Named(kind=REPOSITORY, id="shop-dev-model", protect=True),
        Named(kind=GROUP, id="shop-dev-scorer", protect=True),
        Named(kind=DOMAIN, id="d-studio"),
    ],
    "serving": [
        Named(kind=CONFIGURATION, id="shop-dev-endpoint-config-2", retain=True),
        Named(kind=ENDPOINT, id="shop-dev-endpoint"),
    ],
}
A_CLUSTER = Named(kind=CLUSTER, id="shop-dev-cluster", protect=True, locked=True)


class Estate:
    """A simulated account and the stand-in of the CLI over it, in a folder that has the programs' files."""

    def __init__(self, root: Path, **different: Any) -> None:
        self.environment: Environment = environment(root=root, **different)
        for program in PROGRAMS:
            folder = root / "config" / program
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "Pulumi.yaml").write_text(f"name: shop-{program}\n", encoding="utf-8")
        self.cloud = Cloud()
        self.cli = PulumiCli(self.cloud)
        self.cli.programs = {program: list(rows) for program, rows in WANTED.items()}
        self.steps: list[str] = []
        self.cli.before = self.cloud.before = self.steps.append

    @property
    def pulumi(self) -> Pulumi:
        return Pulumi(self.environment, self.cli)

    def up(self, programs: tuple[str, ...] = PROGRAMS) -> None:
        """Deploy; SageMaker then serves what `serving` asked for."""
        asked = self.cloud.account.deploy("shop-dev-endpoint", 2)
        self.cli.outputs["serving"] = {"realtime_asked": json.dumps(asked)}
        clients = self.cloud.account.clients
        deployment.up(self.environment, programs, pulumi=self.pulumi, clients=clients)

    def live(self) -> None:
        """Fill it: versions, images, packages, recovery points, what people and services opened."""
        self.cloud.account.deploy("shop-dev-endpoint", 1)
        self.up()
        self.cloud.put(BUCKET, "shop-dev-raw", *(f"v{number}" for number in range(3)))
        self.cloud.put(REPOSITORY, "shop-dev-model", "sha256:index", names="sha256:image")
        self.cloud.put(REPOSITORY, "shop-dev-model", "sha256:image")
        self.cloud.put(GROUP, "shop-dev-scorer", "1", "2")
        point = "arn:aws:ec2:eu-west-1::snapshot/snap-"
        self.cloud.put(VAULT, "shop-dev-vault", f"{point}1", f"{point}2", Status="COMPLETED")
        self.cloud.put(DOMAIN, "d-studio", "app/default", "space/ana", "profile/ana", Status="InService")
        self.cloud.put(VPC, "vpc-1", "eni/eni-1", Status="available", Description="of a job that is long over")
        self.cloud.put(VPC, "vpc-1", "eni/eni-2", Status="in-use", Description="AWS Lambda VPC ENI")
        self.cloud.put(VPC, "vpc-1", "vpce/vpce-guardduty", Status="available")
        self.cloud.put(VPC, "vpc-1", "sg/security-group-for-inbound-nfs-d-studio", rules=True)
        self.cloud.put(VPC, "vpc-1", "sg/security-group-for-outbound-nfs-d-studio", rules=True)
        self.steps.clear()

    def destroy(self, *, protected: bool, confirmed: str = "dev") -> list[str]:
        return destruction.destroy(
            self.environment,
            PROGRAMS,
            confirmed=confirmed,
            protected=protected,
            engine=self.pulumi,
            services=self.cloud.connect(),
        )
