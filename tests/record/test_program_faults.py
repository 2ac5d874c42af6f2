"""A program that cannot be recorded gives one error: what, got, allowed, fix, and the line in the project."""

from __future__ import annotations

import gc
import sys
from types import ModuleType
from typing import Any

import pulumi
import pytest

CASES = {
    "raises": ('x = 1\nraise ValueError("no such size")\n', "the data program failed", "ValueError: no such size", 5),
    "syntax": ("x = (\n", "the data program failed", "SyntaxError", 4),
    "exits": ("import sys\nsys.exit(3)\n", "ended itself", "sys.exit(3)", 5),
    "exits at once with success": ("raise SystemExit\n", "ended itself", "sys.exit(None)", 4),
    "imports what is not there": ("import nowhere_at_all\n", "imports what is not there", "nowhere_at_all", 4),
    "imports a name that is not there": ("from json import nothing\n", "imports what is not there", "nothing", 4),
    "reads a missing key": (
        'pulumi.Config("data").require("size")\n',
        "config/data/Pulumi.dev.yaml lacks the key data:size",
        "required",
        4,
    ),
    "reads a key of another type": (
        'pulumi.Config("platform").require_int("region")\n',
        "platform:region is no int",
        "'eu-west-1'",
        4,
    ),
    "two resources of one name": (
        'aws.s3.Bucket("b")\naws.s3.Bucket("b")\n',
        "two resources have the URN urn:pulumi:dev::shop-data::aws:s3/bucket:Bucket::b",
        "first at stacks/data/__main__.py:4",
        5,
    ),
    "unknown function": (
        'aws.ec2.get_ami(owners=["amazon"])\n',
        "the answer of aws:ec2/getAmi:getAmi is not known offline",
        "amazon",
        4,
    ),
    "unknown function as an output": (
        'found = aws.ec2.get_ami_output(owners=["amazon"])\npulumi.export("ami", found.id)\n',
        "the answer of aws:ec2/getAmi:getAmi is not known offline",
        "amazon",
        4,
    ),
    "output in an f-string": (
        'b = aws.s3.Bucket("b")\nname = f"{b.arn}/*"\n',
        "an output is used as text",
        "f-string",
        5,
    ),
    "apply raises": (
        'b = aws.s3.Bucket("b")\ndef split(arn):\n    return arn.split(":")[99]\nb.arn.apply(split)\n',
        "the data program failed",
        "IndexError",
        6,
    ),
    "apply raises in a library": (
        'b = aws.s3.Bucket("b")\npolicy = b.arn.apply(json.loads)\naws.sns.Topic("t", policy=policy)\n',
        "the data program failed",
        "JSONDecodeError",
        5,
    ),
    "unknown property": ('aws.s3.Bucket("b", bukket="x")\n', "a property that it does not have", "bukket", 4),
    "missing property": ('aws.iam.Role("r")\n', "lacks a property", "assume_role_policy", 4),
    "file that is not there": (
        'aws.s3.BucketObjectv2("o", bucket="b", source=pulumi.FileAsset("gone.txt"))\n',
        "o uses a file that is not there",
        "gone.txt",
        4,
    ),
    "upstream stack that is not there": (
        'pulumi.StackReference("up", "organization/shop-nothing/dev")\n',
        "reads the stack organization/shop-nothing/dev, which is not recorded before it",
        "organization/shop-nothing/dev",
        4,
    ),
    "remote component": (
        'pulumi.ComponentResource("x:y:Z", "z", {}, None, True)\n',
        "x:y:Z is a remote component",
        "",
        4,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_error_says_what_and_where(repository: Any, case: str) -> None:
    source, what, got, line = CASES[case]
    repository.program("data", source)

    problem, exit_code = repository.problem()

    assert what in problem.what
    assert got in problem.got
    assert problem.fix
    assert (f"stacks/data/__main__.py:{line}", 3) == (problem.location, exit_code)
    assert "Traceback" not in str(problem)


def test_a_fault_in_a_component_is_at_the_component(repository: Any) -> None:
    repository.write("stacks/parts.py", "def build():\n    return 1 / 0\n")
    repository.program("data", "from stacks.parts import build\nbuild()\n")

    problem, _ = repository.problem()

    assert "stacks/parts.py:2" == problem.location


def test_the_unknown_function_says_what_to_add_and_that_works(repository: Any) -> None:
    repository.program(
        "data", 'found = aws.ec2.get_ami(owners=["amazon"])\npulumi.export("ami", [found.id, found.owners])\n'
    )
    problem, _ = repository.problem()
    assert "add to config/data/offline.yaml:  invokes: {'aws:ec2/getAmi:getAmi':" in problem.fix

    repository.write("config/data/offline.yaml", "invokes:\n  'aws:ec2/getAmi:getAmi': {id: ami-0123}\n")
    stack = repository.record().stacks[0]

    assert ({"ami": ["ami-0123", ["amazon"]]}, ("aws:ec2/getAmi:getAmi",)) == (stack.exports, stack.invokes)


def test_incomplete_settings_name_every_key_and_the_file(repository: Any) -> None:
    """The error that stacks/settings.py raises is about configuration, not about a line of code."""
    repository.program(
        "data",
        """
        class SettingsError(Exception):
            pass
        raise SettingsError("incomplete:\\n  data:size is missing\\n  data:count is missing")
        """,
    )

    problem, _ = repository.problem()

    assert "the configuration of data is not complete" == problem.what
    assert "data:size is missing; data:count is missing" == problem.got
    assert "config/data/Pulumi.dev.yaml" == problem.location


def test_an_export_that_upstream_lacks_names_those_there_are(repository: Any) -> None:
    repository.program("data", 'pulumi.export("a", 1)\npulumi.export("b", 2)\n')
    repository.program(
        "serving",
        'up = pulumi.StackReference("up", "organization/shop-data/dev")\npulumi.export("c", up.require_output("c"))\n',
        upstream=("data",),
    )

    problem, _ = repository.problem()

    assert "the serving program reads an export that its upstream does not have" == problem.what
    assert ("'c'", "organization/shop-data/dev: a, b") == (problem.got, problem.allowed)


def test_upstream_must_be_named_in_the_order_of_programs(repository: Any) -> None:
    """Else the order of deployment would be wrong on a real account."""
    repository.program("data", 'pulumi.export("a", 1)\n')
    repository.program("serving", 'pulumi.StackReference("up", "organization/shop-data/dev")\n')

    problem, _ = repository.problem()

    assert "stacks/programs.toml" in problem.fix


@pytest.mark.parametrize(
    "source",
    ['aws.s3.Bucket("b")\n', 'aws.s3.Bucket.get("b", "x")\n', "aws.get_caller_identity()\n"],
    ids=["resource", "read", "function"],
)
@pytest.mark.parametrize("disabled", [["*"], ["aws", "kubernetes"]])
def test_disabled_default_providers_are_denied_as_the_engine_denies_them(
    repository: Any, source: str, disabled: list[str]
) -> None:
    repository.program("data", source, config={"pulumi:disable-default-providers": disabled})

    problem, _ = repository.problem()

    assert "the default provider of 'aws' is disabled" == problem.what
    assert "stacks/data/__main__.py:4" == problem.location


def test_explicit_providers_pass_where_default_ones_are_disabled(repository: Any) -> None:
    repository.program(
        "data",
        """
        eu = aws.Provider("eu", region="eu-west-1")
        aws.s3.Bucket("b", opts=pulumi.ResourceOptions(provider=eu))
        aws.get_caller_identity(opts=pulumi.InvokeOptions(provider=eu))
        """,
        config={"pulumi:disable-default-providers": ["*"]},
    )

    assert 1 == sum(row.is_aws for _, row in repository.record().resources())


def test_a_fault_leaves_no_noise_and_the_next_run_works(
    repository: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """One failing apply used to print thousands of lines; the process and its modules stay usable."""
    repository.program(
        "data",
        'b = aws.s3.Bucket("b")\n[b.arn.apply(lambda a: 1 / 0) for _ in range(50)]\n'
        '[aws.sns.Topic(f"t{n}", policy=b.arn.apply(lambda a: 1 / 0)) for n in range(50)]\n',
    )
    repository.problem()
    gc.collect()
    assert ("", "", []) == (*capfd.readouterr(), caplog.records)

    repository.program("data", 'aws.s3.Bucket("b")\n')

    assert 1 == sum(row.is_aws for _, row in repository.record().resources())


def test_programs_in_one_process_share_no_configuration_and_no_modules(repository: Any) -> None:
    repository.write("stacks/shared.py", "VALUE = 'own'\n")
    repository.program("data", 'import stacks.shared\nstacks.shared.VALUE = "changed"\n', config={"data:key": "x"})
    repository.program(
        "serving",
        'from stacks.shared import VALUE\npulumi.export("v", VALUE)\n'
        'pulumi.export("k", str(pulumi.Config("data").get("key")))\n',
    )

    assert {"v": "own", "k": "None"} == repository.record().stacks[1].exports


def test_a_very_long_message_is_shortened(repository: Any) -> None:
    """Some libraries put the whole document into it."""
    repository.program("data", 'raise ValueError("x" * 100_000)\n')

    assert len(repository.problem()[0].got) < 1100


def test_classes_of_a_run_are_forgotten_after_it(repository: Any) -> None:
    """Else every run in one process would keep its own copy of the program's classes."""
    repository.program("data", "class OnlyHere(pulumi.ComponentResource):\n    pass\nOnlyHere('a:b:C', 'c')\n")
    repository.record()
    gc.collect()

    assert [] == [kind for kind in pulumi.ComponentResource.__subclasses__() if kind.__name__ == "OnlyHere"]


def test_modules_of_this_process_do_not_stand_in_for_the_projects_own(
    repository: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This repository's own `stacks` may be imported already: a project has its own copy."""
    ours = ModuleType("stacks")
    monkeypatch.setitem(sys.modules, "stacks", ours)
    repository.write("stacks/names.py", "NAME = 'the project'\n")
    repository.write("tools/size.py", "SIZE = 3\n")
    repository.program("data", "import tools.size\nfrom stacks.names import NAME\npulumi.export('name', NAME)\n")

    before = set(sys.modules)

    recorded = repository.record()

    assert {"name": "the project"} == recorded.stacks[0].exports
    assert ours is sys.modules["stacks"]
    assert not {"stacks.names", "tools", "tools.size"} & (set(sys.modules) - before)
