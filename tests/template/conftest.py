"""The cases that together reach every file of the template, rendered once a session."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from modelkeel import answers, plan
from modelkeel.render import RenderedFile, render, write

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "template" / "project"

ONE_ACCOUNT = ("account_model=single", "account_ids=dev=111111111111,staging=111111111111,prod=111111111111")
LARGE = (
    *("model_family=llm_full_ft", "model_params_b=70", "max_train_hours=60", "serving_mode=batch"),
    *("network_cidr=10.0.0.0/8", "monthly_budget_usd=dev=900000,prod=900000"),
)
GIVEN = (
    "existing_key_arns=prod=arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "existing_data_buckets=prod=acme-raw-data",
)
MANY = ("serving_mode=realtime", "served_models=30", "monthly_budget_usd=prod=1500")
BALANCED = (
    "exposure=internal_alb",
    "certificate_arns=prod=arn:aws:acm:eu-west-1:111111111111:certificate/1234abcd-12ab-34cd-56ef-1234567890ab",
)
# An example, and answers that differ: files with a condition that no example fulfils are reached by these.
CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "fraud": ("fraud_realtime", ()),
    "tabular": ("tabular_batch", ()),
    "platform": ("shared_platform", ()),
    "guided": ("tabular_batch", ("agent_guidance=true", "license=mit", "python_tool=pip", "lint=none", *MANY)),
    "recommendations": ("recommendations", ()),
    "maintenance": ("predictive_maintenance", ()),
    "unfinished": ("llm_finetune_serve", ("serving_platform=eks",)),
    "on-call": ("tabular_batch", ("alert_to=[email, pagerduty]",)),
    "ray": ("fraud_realtime", ("existing_engine=ray", "train_platform=eks_karpenter", *BALANCED)),
    "block": ("llm_finetune_serve", (*LARGE, "train_platform=aws_batch", "purchase=capacity_block")),
    "recording": ("tabular_batch", ("serving_mode=serverless", "peak_rps=20", "p99_ms=500", "payload_kb=16", *GIVEN)),
    "plan": ("llm_finetune_serve", (*LARGE, "purchase=training_plan")),
    "savings": ("predictive_maintenance", ("purchase=savings_plan", "serving_mode=batch")),
    "batch": ("fraud_realtime", ("train_platform=aws_batch", "ingestion=[batch_s3, cdc, msk]")),
    "one-account": ("fraud_realtime", ("license=apache_2", "alert_to=email,pagerduty", *ONE_ACCOUNT)),
}


@cache
def rendered(case: str) -> Mapping[PurePosixPath, RenderedFile]:
    """Return the repository of a case."""
    example, different = CASES[case]
    answered = answers.load(ROOT / "examples" / example / "answers.yml", preset=None, data=different)
    data = plan.template_data(answered, plan.build(answered))
    return render({**data, "tool_requirement": "modelkeel==0.1.0"}, ROOT)


def texts(case: str, *suffixes: str) -> dict[str, str]:
    """Return what our template adds, as text; `stacks` and `policies` have tests of their own."""
    return {
        str(path): file.content.decode()
        for path, file in rendered(case).items()
        if path.parts[0] not in {"stacks", "policies"} and str(path).endswith(suffixes or "")
    }


def template_files() -> list[Path]:
    """Return the files of the template itself, by path below template/project; links are not followed."""
    return sorted(
        path.relative_to(PROJECT)
        for path in PROJECT.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.relative_to(PROJECT).parts[0] not in LINKS
    )


LINKS = ("policies", "stacks")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    """Each case by its name."""
    return str(request.param)


@pytest.fixture(scope="session")
def fraud_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository of the first example, on disk."""
    folder = tmp_path_factory.mktemp("fraud") / "repository"
    write(rendered("fraud"), folder)
    return folder
