"""The team's own rules: judged beside the pack's, by the check and by the engine."""

import re
import shutil
from pathlib import Path

import pytest
from google.protobuf import empty_pb2
from policy_twins.build import KEY_ARN, graph, resource

from modelkeel import findings
from modelkeel.analyzer import folder, request
from modelkeel.analyzer.process import PackProcess
from modelkeel.errors import ExitCode, ModelkeelError

POLICIES = Path(__file__).resolve().parents[2] / "policies"
LONG = graph([resource("sns/topic:Topic", "alerts", name="shop-" + "x" * 50, kmsMasterKeyId=KEY_ARN)])
ID = "team-topic-name-is-short"


def pack(path: Path, **changes: str) -> Path:
    """Return a pack with the rule that the README shows; `changes` replace text in its row."""
    shutil.copytree(POLICIES, path)
    blocks = re.findall(r"```(toml|python)\n(.*?)```", (path / "local" / "README.md").read_text("utf-8"), re.DOTALL)
    row, rule = (text for _, text in blocks)
    for old, new in changes.items():
        row = row.replace(old, new)
    (path / "local" / "controls.toml").write_text(row, encoding="utf-8")
    (path / "local" / "rules" / "topic.py").write_text(rule, encoding="utf-8")
    return path


def test_the_rule_of_the_readme_works_as_it_is_shown(tmp_path: Path) -> None:
    found = findings.check(LONG, pack(tmp_path / "policies"))
    row = next(row for row in found.findings if row.control.id == ID)

    assert (row.result, row.path, row.message) == ("violation", "name", "the name has 55 characters, expected 40")
    assert [(each.id, each.clause) for each in row.control.frameworks] == [("soc2", "CC7.3")]


def test_the_engine_runs_it_too(tmp_path: Path) -> None:
    (stack,) = LONG.stacks
    by_urn = {each.urn: each for each in stack.resources}
    with PackProcess(folder.read(pack(tmp_path / "policies"))) as process:
        names = {row.name for row in process.call("GetAnalyzerInfo", empty_pb2.Empty(), "its policies").policies}
        answers = [process.call("Analyze", request.of_resource(each, by_urn), each.urn) for each in stack.resources]

    assert ID in names
    assert ID in {row.policyName for answer in answers for row in answer.diagnostics}


def test_a_pack_without_the_folder_still_works(tmp_path: Path) -> None:
    shutil.copytree(POLICIES, tmp_path / "policies")
    shutil.rmtree(tmp_path / "policies" / "local")

    assert findings.check(LONG, tmp_path / "policies").counts["pass"] > 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({'severity = "low"\n': ""}, "control team-topic-name-is-short has no severity"),
        ({'"low"': '"harmless"'}, "severity 'harmless'"),
        ({ID: "messages-encrypted"}, "the pack has a control messages-encrypted already"),
        ({ID: "team-topic-short"}, "control without a rule: team_topic_short"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    with pytest.raises(ModelkeelError) as caught:
        findings.check(LONG, pack(tmp_path / "policies", **changes))

    assert said in str(caught.value)
    assert caught.value.exit_code == ExitCode.USAGE


def test_a_rule_of_the_packs_name_is_refused(tmp_path: Path) -> None:
    folder_ = pack(tmp_path / "policies")
    rule = folder_ / "local" / "rules" / "topic.py"
    rule.write_text(rule.read_text("utf-8").replace("team_topic_name_is_short", "messages_encrypted"), encoding="utf-8")

    with pytest.raises(ModelkeelError, match="the pack has a rule messages_encrypted already"):
        findings.check(LONG, folder_)
