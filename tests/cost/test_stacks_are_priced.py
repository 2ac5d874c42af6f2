"""Whatever the programs may create has a price or a reason to be free."""

import re
from pathlib import Path

import pulumi_aws

from modelkeel.cost import PRICERS
from modelkeel.tables.usage import free_types

ROOT = Path(__file__).resolve().parents[2]
CALL = re.compile(r"\baws\.([a-z0-9_]+)\.([A-Z][A-Za-z0-9]+)\(")

CLOUDFORMATION = re.compile(r'= "(AWS::[A-Za-z0-9]+::[A-Za-z0-9]+)"')


def resources() -> set[tuple[str, str]]:
    """Module and class of each AWS resource that a component or a program writes down."""
    found = {
        (call[1], call[2])
        for path in (ROOT / "stacks").rglob("*.py")
        for call in CALL.finditer(path.read_text("utf-8"))
    }
    return {
        (module, name)
        for module, name in found
        if issubclass(getattr(getattr(pulumi_aws, module), name), pulumi_aws.s3.Bucket.__mro__[1])
    }


def test_every_resource_of_the_programs_is_priced_or_free() -> None:
    """A component with a new resource type says what it costs, or why it costs nothing."""
    known = {
        ({"lambda": "lambda_"}.get(module, module), name)
        for kind in (*PRICERS, *free_types())
        for module, name in [(kind.split(":")[1].split("/", maxsplit=1)[0], kind.rsplit(":", 1)[-1])]
    }

    assert len(resources()) > 50
    # What goes through Cloud Control is priced by its CloudFormation type, below.
    assert resources() - known == {("cloudcontrol", "Resource")}


def test_every_type_that_goes_through_cloud_control_is_priced_or_free() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "stacks").rglob("*.py")]
    types = {kind for text in texts for kind in CLOUDFORMATION.findall(text)}

    assert types >= {"AWS::SageMaker::EndpointConfig", "AWS::SageMaker::InferenceComponent"}
    assert types - {*PRICERS, *free_types()} == set()
