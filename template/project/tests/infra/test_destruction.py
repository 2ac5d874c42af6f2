"""An environment is taken down whole or not at all: order, protection, and a failure at any step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from operations import destruction
from operations.emptying import Services, left
from operations.problem import OperationError
from tests.infra.account import REGION, environment

PROGRAMS = ("account", "foundation", "data", "training", "serving")
TAGS = {"project": "shop", "env": "dev", "stack": "any"}
ROLE = "arn:aws:iam::1:role/r"
MANIFEST = '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"}'
KEYED = [{"Key": key, "Value": value} for key, value in TAGS.items()]


class CutError(Exception):
    """The network, the credentials or the machine went away."""


class Engine:
    """The state of each program, and a destroy that asks the simulated AWS as Pulumi would."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.state: dict[str, list[dict[str, Any]]] = {}
        self.destroyed: list[str] = []
        self.cut_at = -1
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.cut_at:
            raise CutError

    def login(self) -> None: ...

    def exists(self, program: str) -> bool:
        return program in self.state

    def resources(self, program: str) -> list[dict[str, Any]]:
        return list(self.state[program])

    def unprotect(self, program: str) -> None:
        self.step()
        for row in self.state[program]:
            row["protect"] = False

    def destroy(self, program: str, *, protected: bool) -> None:
        for row in reversed(self.state[program][:]):
            if row.get("protect"):
                assert not protected, "a protected resource stops Pulumi"
                continue
            self.step()
            self._delete(row["type"].rpartition(":")[2], row["id"])
            self.state[program].remove(row)
            self.destroyed.append(row["id"])

    def remove(self, program: str) -> None:
        self.step()
        assert self.state[program] == []
        del self.state[program]

    def _delete(self, kind: str, name: str) -> None:
        calls = {
            "Bucket": lambda: self.services["s3"].delete_bucket(Bucket=name),
            "Repository": lambda: self.services["ecr"].delete_repository(repositoryName=name),
            "Vpc": lambda: self.services["ec2"].delete_vpc(VpcId=name),
            "Subnet": lambda: self.services["ec2"].delete_subnet(SubnetId=name),
            "Key": lambda: self.services["kms"].schedule_key_deletion(KeyId=name, PendingWindowInDays=30),
            "Endpoint": lambda: self.services["sagemaker"].delete_endpoint(EndpointName=name),
        }
        # What is retained is only forgotten.
        calls.get(kind, lambda: None)()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield deployed(Services(REGION, sleep=lambda _: None))


def deployed(services: Services) -> Engine:
    """Return an environment that has lived: objects in versions, images, a live endpoint, a forgotten interface."""
    engine = Engine(services)
    s3, ec2, sagemaker = services["s3"], services["ec2"], services["sagemaker"]
    place = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    s3.create_bucket(Bucket="shop-dev-raw", **place)
    s3.put_bucket_tagging(Bucket="shop-dev-raw", Tagging={"TagSet": KEYED})
    s3.put_bucket_versioning(Bucket="shop-dev-raw", VersioningConfiguration={"Status": "Enabled"})
    for number in range(3):
        s3.put_object(Bucket="shop-dev-raw", Key="events", Body=str(number).encode())
    s3.delete_object(Bucket="shop-dev-raw", Key="events")
    key = services["kms"].create_key(Tags=[{"TagKey": k, "TagValue": v} for k, v in TAGS.items()])["KeyMetadata"]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.create_tags(Resources=[vpc, subnet], Tags=KEYED)
    ec2.create_network_interface(SubnetId=subnet, Description="of a job that is long over")
    services["ecr"].create_repository(repositoryName="shop-dev-model", tags=KEYED)
    services["ecr"].put_image(repositoryName="shop-dev-model", imageManifest=MANIFEST, imageTag="1")
    tags = [*KEYED[:2], {"Key": "stack", "Value": "serving"}]
    for number in (1, 2):
        sagemaker.create_model(
            ModelName=f"shop-dev-model-{number}", ExecutionRoleArn="arn:aws:iam::1:role/r", Tags=tags
        )
        variant = {"VariantName": "live", "ModelName": f"shop-dev-model-{number}", "InstanceType": "ml.m5.large"}
        sagemaker.create_endpoint_config(
            EndpointConfigName=f"shop-dev-config-{number}",
            ProductionVariants=[{**variant, "InitialInstanceCount": 1}],
            Tags=tags,
        )
    sagemaker.create_endpoint(EndpointName="shop-dev-endpoint", EndpointConfigName="shop-dev-config-2", Tags=tags)
    engine.state = {
        "account": [row("aws:cloudtrail/trail:Trail", "trail")],
        "foundation": [
            row("aws:kms/key:Key", key["KeyId"], protect=True),
            row("aws:ec2/vpc:Vpc", vpc),
            row("aws:ec2/subnet:Subnet", subnet),
        ],
        "data": [row("aws:s3/bucket:Bucket", "shop-dev-raw", protect=True)],
        "training": [row("aws:ecr/repository:Repository", "shop-dev-model", protect=True)],
        "serving": [
            row("aws:sagemaker/endpointConfiguration:EndpointConfiguration", "shop-dev-config-2"),
            row("aws:sagemaker/endpoint:Endpoint", "shop-dev-endpoint"),
        ],
    }
    return engine


def row(kind: str, name: str, *, protect: bool = False) -> dict[str, Any]:
    return {"type": kind, "id": name, "protect": protect, "urn": f"urn:pulumi:dev::shop::{kind}::{name}"}


def destroy(engine: Engine, *, protected: bool, confirmed: str = "dev", **different: Any) -> list[str]:
    return destruction.destroy(
        environment(**different),
        PROGRAMS,
        confirmed=confirmed,
        protected=protected,
        engine=engine,
        services=engine.services,
    )


@pytest.mark.parametrize("confirmed", ["", "prod", "yes"])
def test_without_its_name_nothing_is_touched(engine: Engine, confirmed: str) -> None:
    with pytest.raises(OperationError, match="wants its name") as caught:
        destroy(engine, protected=True, confirmed=confirmed)

    assert caught.value.code == 2
    assert (engine.steps, engine.destroyed) == (0, [])


def test_what_is_protected_stays_and_is_named(engine: Engine) -> None:
    stay = destroy(engine, protected=False)

    assert sorted(urn.rpartition("::")[2] for urn in stay if "kms" not in urn) == ["shop-dev-model", "shop-dev-raw"]
    assert len(stay) == 3
    assert len(engine.services["s3"].list_object_versions(Bucket="shop-dev-raw")["Versions"]) == 3
    assert engine.services["ecr"].list_images(repositoryName="shop-dev-model")["imageIds"]
    assert engine.services["sagemaker"].list_endpoint_configs()["EndpointConfigs"] == []


def test_with_both_flags_nothing_is_left(engine: Engine) -> None:
    assert destroy(engine, protected=True) == []

    assert engine.state == {}
    assert left(engine.services, environment()) == []
    assert engine.services["sagemaker"].list_models()["Models"] == []
    assert engine.destroyed.index("shop-dev-endpoint") < engine.destroyed.index("shop-dev-raw")
    assert engine.destroyed.index("shop-dev-endpoint") < engine.destroyed.index("shop-dev-config-2")


def test_an_account_that_others_live_in_stays(engine: Engine) -> None:
    destroy(engine, protected=True, neighbours=("prod",))

    assert list(engine.state) == ["account"]


def test_what_people_made_is_told(engine: Engine) -> None:
    engine.services["ec2"].create_tags(
        Resources=[engine.services["ec2"].create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]], Tags=KEYED
    )

    with pytest.raises(OperationError, match="still carry the tags of dev"):
        destroy(engine, protected=True)


def test_a_failure_at_any_step_is_completed_by_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call that changes something, of Pulumi or of AWS, is cut once."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    cuts, cut_at = 0, 1
    services = Services(REGION, sleep=lambda _: None)
    engine = Engine(services)
    while True:
        with mock_aws():
            known = set(services.made)
            # Making clients takes longer than all else: they serve every round, and cut the engine of the last.
            engine.state, engine.steps, engine.cut_at = deployed(services).state, 0, cut_at
            for name in services.made.keys() - known:
                services[name].meta.events.register("before-call.*.*", _cutting(engine))
            try:
                destroy(engine, protected=True)
                break
            except CutError:
                cuts += 1
            destroy(engine, protected=True)
            assert engine.state == {}, f"cut at {cut_at}"
            assert left(services, environment()) == [], f"cut at {cut_at}"
        cut_at += 1

    assert cuts > 20


def _cutting(engine: Engine) -> Any:
    def cut(event_name: str, **_: Any) -> None:
        if event_name.rpartition(".")[2].startswith(("Delete", "BatchDelete", "Schedule")):
            engine.step()

    return cut


def test_pulumi_alone_would_not_finish(engine: Engine) -> None:
    """The simulation refuses what AWS refuses: without emptying, a bucket and a repository stay."""
    for program in ("data", "training"):
        engine.unprotect(program)
        with pytest.raises(ClientError, match=r"NotEmpty"):
            engine.destroy(program, protected=True)
