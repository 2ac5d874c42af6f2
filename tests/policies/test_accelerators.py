"""Which accelerated instances an environment may use."""

import pytest

from policies.accelerator import is_listed, talks_over_efa


@pytest.mark.parametrize(
    ("kind", "environment", "listed"),
    [
        ("ml.g5.xlarge", "dev", True),
        ("ml.p5.48xlarge", "dev", False),
        ("ml.p5.48xlarge", "prod", True),
        ("p3.2xlarge", "prod", False),
        ("trn1.2xlarge", "dev", True),
        ("trn1.32xlarge", "dev", False),
        ("ml.m7i.large", "dev", True),
        ("p6-b200.48xlarge", "staging", True),
    ],
)
def test_the_list_is_by_environment(kind: str, environment: str, listed: bool) -> None:
    assert listed == is_listed(kind, environment)


@pytest.mark.parametrize(
    ("kind", "talks"), [("ml.p5.48xlarge", True), ("ml.p4d.24xlarge", True), ("ml.g5.xlarge", False)]
)
def test_large_instances_talk_over_efa(kind: str, talks: bool) -> None:
    assert talks == talks_over_efa(kind)
