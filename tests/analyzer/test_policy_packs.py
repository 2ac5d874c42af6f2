"""Policy packs of others: run offline over the analyzer protocol, within a time limit, and never left behind."""

import os
import time
from pathlib import Path

import pytest
from policy_twins import s3
from policy_twins.build import TAGS, UNKNOWN, changed, graph, without
from typer.testing import CliRunner

from modelkeel import analyzer, findings
from modelkeel.analyzer import folder
from modelkeel.analyzer.process import PackProcess
from modelkeel.cli.app import app
from modelkeel.errors import ExitCode, ModelkeelError
from modelkeel.findings import Findings
from modelkeel.graph import Graph, dumps

POLICIES = Path(__file__).resolve().parents[2] / "policies"
HEAD = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy, Severity, StackValidationPolicy


def names(args, report):
    if args.resource_type == "aws:s3/bucket:Bucket" and not args.props["bucket"].startswith("shop-a"):
        report(f"the bucket is called {args.props['bucket']}")


def few(args, report):
    if len(args.resources) > 3:
        report(f"{len(args.resources)} resources are too many")


"""
PACK = (
    HEAD
    + """
PolicyPack("team", [
    ResourceValidationPolicy(
        "names", "Buckets are named by the alphabet.", names, enforcement_level=EnforcementLevel.MANDATORY,
        severity=Severity.HIGH, remediation_steps="Choose another name.", url="https://wiki.example.com/names",
    ),
    StackValidationPolicy("few", "Stacks are small.", few, enforcement_level=EnforcementLevel.MANDATORY),
    StackValidationPolicy("none", "Nothing.", lambda args, report: None, enforcement_level=EnforcementLevel.MANDATORY),
])
"""
)
ADVISORY = (
    HEAD
    + """
PolicyPack("team", [StackValidationPolicy("few", "Small.", few, enforcement_level=EnforcementLevel.ADVISORY)])
"""
)
RAISES = (
    HEAD
    + """
def fail(args, report):
    raise LookupError("no such thing")


PolicyPack("team", [ResourceValidationPolicy("fail", "Fails.", fail, enforcement_level=EnforcementLevel.MANDATORY)])
"""
)
SLEEPS = (
    HEAD
    + """
import time

PolicyPack("team", [ResourceValidationPolicy(
    "sleep", "Sleeps.", lambda args, report: time.sleep(600), enforcement_level=EnforcementLevel.MANDATORY
)])
"""
)


def pack(path: Path, program: str, project: str = "name: team\nruntime: python\n") -> Path:
    path.mkdir(parents=True, exist_ok=True)
    (path / "PulumiPolicy.yaml").write_text(project, encoding="utf-8")
    (path / "__main__.py").write_text(program, encoding="utf-8")
    return path


def judged(path: Path, it: Graph, **limits: float) -> dict[str, tuple[str, str | None, str]]:
    found = analyzer.run([path], it, **limits)
    return {row.control.id: (row.result, row.urn, row.message) for row in found.findings}


RAW = s3.bucket("raw")
URN = "urn:pulumi:prod::shop-data::aws:s3/bucket:Bucket::raw"


def test_a_pack_judges_resources_and_stacks(tmp_path: Path) -> None:
    found = judged(pack(tmp_path, PACK), graph(RAW.values()))

    assert found["team/names"] == ("violation", URN, "the bucket is called shop-raw")
    assert found["team/few"][0] == "violation"
    assert found["team/none"] == ("pass", None, "")


def test_a_finding_of_a_pack_carries_place_severity_and_fix(tmp_path: Path) -> None:
    row = next(each for each in analyzer.run([pack(tmp_path, PACK)], graph(RAW.values())).findings if each.urn == URN)

    assert (row.control.severity, row.control.remediation) == ("high", "Choose another name.")
    assert row.location is not None
    assert row.location.file == "stacks/data/__main__.py"


def test_an_unknown_value_is_undetermined(tmp_path: Path) -> None:
    it = graph(changed(RAW, "bucket", bucket=dict(UNKNOWN)), fidelity="preview")

    assert judged(pack(tmp_path, PACK), it)["team/names"][0] == "undetermined"


def test_a_waiver_speaks_of_a_packs_policy_too(tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.toml"
    rows = ('control = "team/names"', 'resource = "*"', 'owner = "a"', 'reason = "b"', 'ticket = "c"')
    waivers.write_text("\n".join(["[[waiver]]", *rows, "expires = 2099-01-01"]), encoding="utf-8")
    it = graph(RAW.values())
    foreign = analyzer.run([pack(tmp_path / "pack", PACK)], it)

    found: Findings = findings.check(it, POLICIES, waivers=waivers, foreign=foreign)

    assert [row.result for row in found.findings if row.control.id == "team/names"] == ["waived"]


def test_an_advisory_policy_fails_nothing_and_is_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(pack(tmp_path, ADVISORY), graph(RAW.values())) == {}
    assert "team/few (advisory)" in capsys.readouterr().err


def test_a_rule_that_raises_ends_the_check_with_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError) as caught:
        judged(pack(tmp_path, RAISES), graph(RAW.values()))

    assert caught.value.exit_code == ExitCode.USAGE
    assert "no such thing" in str(caught.value)
    assert "urn:pulumi:prod" in str(caught.value)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit('not today')", "not today"),
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("print('hello')", "expected a port"),
    ],
)
def test_a_pack_that_does_not_start_is_named(tmp_path: Path, program: str, said: str) -> None:
    with pytest.raises(ModelkeelError) as caught:
        judged(pack(tmp_path, program), graph([]))

    assert caught.value.exit_code == ExitCode.USAGE
    assert said in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_pack_that_never_speaks_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError, match="said nothing within 1 s"):
        judged(pack(tmp_path, "import time\ntime.sleep(600)"), graph([]), start_seconds=1)


def test_a_pack_that_never_answers_is_given_up_and_ended(tmp_path: Path) -> None:
    with PackProcess(folder.read(pack(tmp_path, SLEEPS)), call_seconds=1) as process:
        group = process.group
        with pytest.raises(ModelkeelError, match="did not answer within 1 s"):
            judged(tmp_path, graph(RAW.values()), call_seconds=1)

    assert gone(group)


def gone(group: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
    return False


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ("name: x\nruntime: nodejs\n", "the runtime is 'nodejs'"),
        ("- a\n", "is no mapping"),
        ("a: [", "cannot be read"),
        ("name: x\nruntime: python\nmain: src\n", "__main__.py"),
    ],
)
def test_what_is_no_pack_in_python_is_refused(tmp_path: Path, project: str, said: str) -> None:
    with pytest.raises(ModelkeelError, match=said):
        folder.read(pack(tmp_path, PACK, project))


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError, match="cannot be run"):
        folder.read(tmp_path)


def test_the_pack_sees_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "hunter2")
    seen = '[key for key in os.environ if os.environ[key] == "hunter2"]'
    program = f"import os\nfound = {seen}\nraise SystemExit(f'saw {{found}}')"

    with pytest.raises(ModelkeelError, match=r"saw \[\]"):
        judged(pack(tmp_path, program), graph([]))


def test_check_runs_the_packs_that_are_named(tmp_path: Path) -> None:
    file = tmp_path / "graph.json"
    file.write_text(dumps(graph(without(RAW, "logging"), tags=TAGS)), encoding="utf-8")
    arguments = ["check", str(tmp_path), "--graph", str(file), "--policy-pack", str(pack(tmp_path / "pack", PACK))]

    result = CliRunner().invoke(app, arguments, catch_exceptions=False)

    assert result.exit_code == ExitCode.FINDINGS
    assert "team/names: names" in result.stdout
    assert "s3-bucket-access-logged" in result.stdout
