"""What cannot be: said before anything is made, with what would do instead."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from stacks_clusters.cluster_project import LARGE, new

from modelkeel.errors import ModelkeelError
from modelkeel.record import project
from stacks import efa
from stacks.capacity.settings import CapacitySettings
from stacks.documents.lustre import EFA_STEP_GIB, storage_problem
from stacks.training.ground import pick

SCRIPTS = Path(__file__).parents[2] / "stacks" / "scripts"


@pytest.mark.parametrize(
    ("changes", "said", "fix"),
    [
        ({"train_platform": "aws_batch", "purchase": "spot", "train_gpu": "auto", **LARGE}, "on Spot", "on_demand"),
        ({"train_platform": "aws_batch", "purchase": "training_plan", **LARGE}, "training_plan", "capacity_block"),
        (
            {"train_platform": "sagemaker_jobs", "purchase": "capacity_block", **LARGE},
            "capacity_block",
            "training_plan",
        ),
        ({"train_platform": "hyperpod_slurm", "purchase": "spot", **LARGE}, "bought as", "on_demand"),
        ({"train_platform": "aws_batch", "purchase": "capacity_block"}, "not sold as a capacity block", "on_demand"),
    ],
)
def test_a_purchase_that_the_platform_cannot_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, object], said: str, fix: str
) -> None:
    code = new(tmp_path, **changes)

    told = capsys.readouterr().err
    assert 2 == code
    assert said in told
    assert fix in told.rsplit("fix:", 1)[-1]
    assert not (tmp_path / "project").exists()


def test_a_cluster_larger_than_its_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = new(tmp_path, train_platform="aws_batch", concurrent_jobs=64, network_cidr="10.20.0.0/20", **LARGE)

    assert (2, True) == (code, "network_cidr is too small" in capsys.readouterr().err)


def test_a_block_without_its_offering_says_how_one_is_found() -> None:
    given = {"kind": "capacity_block", "instance_type": "p5.48xlarge", "instance_count": 4}

    with pytest.raises(ValueError, match="describe-capacity-block-offerings --instance-type"):
        CapacitySettings(**given, availability_zone="us-east-1a", placement_group=True)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="begins with cb-"):
        CapacitySettings(
            **given,  # type: ignore[arg-type]
            availability_zone="us-east-1a",
            placement_group=True,
            capacity_block_offering_id="cr-0123456789abcdef0",
        )


def test_capacity_in_a_zone_without_a_subnet() -> None:
    assert "b" == pick(["a", "b"], ["z1", "z2"], "z2")
    with pytest.raises(ValueError, match="stands in z9, the network in z1, z2"):
        pick(["a", "b"], ["z1", "z2"], "z9")


@pytest.mark.parametrize("rate", EFA_STEP_GIB)
def test_sizes_of_file_systems(rate: int) -> None:
    assert "" == storage_problem(1200, rate, efa=False) == storage_problem(4800, rate, efa=False)
    assert "" == storage_problem(EFA_STEP_GIB[rate], rate, efa=True)
    assert "nearest: 2400, 4800" in storage_problem(3600, rate, efa=False)
    assert storage_problem(1200, rate, efa=True)
    assert "allowed: 125" in storage_problem(1200, rate + 1, efa=False)


@pytest.fixture(scope="module")
def on_batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("on-batch")
    assert 0 == new(folder, train_platform="aws_batch", purchase="on_demand")
    return folder / "project"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("batch:use_spot: true", "AWS Batch runs no multi-node jobs on Spot"),
        ("batch:max_vcpus: 10", "one job takes"),
        ("lustre:storage_gib: 3600", "multiples of 2400 GiB"),
        ("training:train_platform: cray", "allowed: sagemaker_jobs, aws_batch, hyperpod_slurm"),
        ("training:warm_pool_seconds: 90000", "allowed: 0 to 21600"),
    ],
)
def test_settings_that_exclude_each_other_are_told_by_the_program(on_batch: Path, line: str, said: str) -> None:
    key = line.split(": ", maxsplit=1)[0]
    config = on_batch / "config" / "training" / "Pulumi.prod.yaml"
    before = config.read_text()
    kept = [row for row in before.splitlines() if not row.strip().startswith(f"{key}:")]
    config.write_text("\n".join([*kept, f"  {line}", ""]))

    with pytest.raises(ModelkeelError, match=said):
        project(on_batch, environment="prod", program="training", isolation="none", talk=lambda line: None)

    config.write_text(before)


@pytest.mark.parametrize("kind", efa.types())
def test_every_layout_has_the_interfaces_that_the_type_has(kind: str) -> None:
    cards = efa.layout(kind)

    assert "interface" == cards[0].interface_type
    assert efa.interfaces(kind) == len([card for card in cards if card.interface_type == "efa-only"])
    assert len({(card.network_card_index, card.device_index) for card in cards}) == len(cards)


@pytest.mark.parametrize("script", sorted(SCRIPTS.rglob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_shell(script: Path) -> None:
    assert 0 == subprocess.run(["bash", "-n", str(script)], check=False).returncode
    if shutil.which("shellcheck"):
        assert 0 == subprocess.run(["shellcheck", str(script)], check=False).returncode
