"""Facts about a generated repository, as files."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
import yaml
from template.conftest import CASES, LINKS, PROJECT, rendered, template_files, texts

from modelkeel import answers

MARKER = "  # Yours below this line.\n"


def pattern(path: Path) -> str:
    """Return a regular expression of what a path of the template becomes."""
    text = re.sub(r"{% yield .*?%}|{% if .*?%}|{% end\w+ %}", "", path.as_posix().removesuffix(".jinja"))
    return r"[^/]+".join(re.escape(part) for part in re.split(r"{{.*?}}", text))


def test_every_file_of_the_template_is_reached_by_a_case() -> None:
    """A file that no case renders is a file that nobody has ever seen."""
    reached = {str(path) for case in CASES for path in rendered(case)}

    unseen = [path for path in template_files() if not any(re.fullmatch(pattern(path), name) for name in reached)]

    assert unseen == []


def test_a_file_is_utf_8_with_unix_lines_and_one_end(case: str) -> None:
    for path, text in texts(case).items():
        assert "\r" not in text, path
        assert text == "" or (text.endswith("\n") and not text.endswith("\n\n")), path
        assert not re.search(r"[ \t]+$", text, re.MULTILINE), path


def test_nothing_of_the_template_language_is_left(case: str) -> None:
    """Python writes braces of its own; the compiler would find ours there."""
    for path, text in texts(case).items():
        if not path.endswith(".py"):
            assert not re.search(r"{%|%}|{#|(?<!\$){{|\bUndefined\b", text), path


def test_documents_parse(case: str) -> None:
    readers: dict[str, Callable[[str], object]] = {
        "yml": yaml.safe_load,
        "yaml": yaml.safe_load,
        "toml": tomllib.loads,
        "json": json.loads,
        "py": ast.parse,
    }
    for path, text in texts(case).items():
        read = readers.get(path.rsplit(".", maxsplit=1)[-1])
        assert read is None or read(text) is not None, path


def test_the_settings_of_a_stack_are_sorted_and_end_in_the_marker(case: str) -> None:
    """That one unchanged line is what keeps a team's own keys out of merge conflicts."""
    stacks = {path: text for path, text in texts(case).items() if re.fullmatch(r"config/\w+/Pulumi\..+\.yaml", path)}

    assert stacks
    for path, text in stacks.items():
        keys = list(yaml.safe_load(text)["config"])
        assert keys == sorted(keys), path
        assert text.endswith(MARKER), path
        assert yaml.safe_load(text + "  own:key: 1\n")["config"]["own:key"] == 1


def test_a_program_is_there_if_and_only_if_it_is_selected(case: str) -> None:
    paths = list(rendered(case))
    configured = {path.parts[1] for path in paths if path.match("config/*/Pulumi.yaml")}
    programs = {path.parts[1] for path in paths if path.match("stacks/*/__main__.py")}

    assert programs == configured
    assert case not in {"tabular", "guided"} or "governance" not in programs


def test_a_project_is_named_after_the_repository_and_finds_its_code(case: str) -> None:
    paths = rendered(case)
    name = yaml.safe_load(paths[PurePosixPath(".copier-answers.yml")].content)["project_name"]
    for path, text in texts(case, "/Pulumi.yaml").items():
        project = yaml.safe_load(text)
        program = PurePosixPath(path).parts[1]
        assert project["name"] == f"{name}-{program}"
        assert PurePosixPath("stacks", program, "__main__.py") in paths
        assert project["main"] == f"../../stacks/{program}"
        assert project["runtime"]["options"] == {
            "toolchain": "pip" if case == "guided" else "uv",
            "virtualenv": "../../.venv",
        }


# Files that a document tells its reader to write.
MADE_BY_PEOPLE = {"policies/waivers.toml"}


def code_in(text: str) -> str:
    """Return what stands between backticks in a document, one piece a line."""
    fenced = re.findall(r"^```(.*?)^```", text, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```(.*?)^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return "\n".join([*fenced, *inline])


def test_documents_name_only_commands_and_files_that_exist(case: str) -> None:
    paths = {str(path) for path in rendered(case)}
    folders = {str(parent) for path in rendered(case) for parent in path.parents}
    commands = {"new", "plan", "preview", "check", "cost", "import", "quotas", "report", "schema"}
    rules = "\n".join(texts(case, "Makefile", ".mk").values())
    targets = set(re.findall(r"^([a-z-]+):", rules, re.MULTILINE))
    for path, text in texts(case, ".md", "Makefile", ".yml").items():
        code = code_in(text)
        assert set(re.findall(r"\bmodelkeel (\w+)", code)) <= commands, path
        assert set(re.findall(r"\bmake ([a-z-]+)", code)) <= targets, path
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert str(PurePosixPath(path).parent / link) in paths | folders, (path, link)
        for name in re.findall(r"`((?:docs|governance|config|scripts|stacks|policies|src)/[\w./-]+)`", text):
            assert name.rstrip("/") in paths | folders | MADE_BY_PEOPLE, (path, name)


def test_the_answers_file_holds_values_and_no_texts(case: str) -> None:
    stored = yaml.safe_load(rendered(case)[PurePosixPath(".copier-answers.yml")].content)

    assert "prose" not in stored
    assert {"answers_digest", "programs", "environments", "words", "values"} <= set(stored["plan"])


def test_the_answers_can_be_given_back(case: str, tmp_path: Path) -> None:
    """answers.yml is what a person edits to change an answer: unedited it leads to the same plan."""
    files = rendered(case)
    (tmp_path / "answers.yml").write_bytes(files[PurePosixPath("answers.yml")].content)

    again = answers.digest(answers.load(tmp_path / "answers.yml", preset=None, data=()))

    assert again == yaml.safe_load(files[PurePosixPath(".copier-answers.yml")].content)["plan"]["answers_digest"]


def test_scripts_are_executable_and_nothing_else_is(case: str) -> None:
    executable = {str(path) for path, file in rendered(case).items() if file.mode == 0o755}

    assert executable == {str(path) for path in rendered(case) if path.suffix == ".sh"}
    assert executable >= {"scripts/image.sh"}


def test_stacks_and_policies_are_the_ones_of_this_project_word_for_word() -> None:
    for path, file in rendered("fraud").items():
        if path.parts[0] in LINKS:
            assert file.content == (PROJECT / path).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=["check", "format"])
def test_the_formatter_has_nothing_to_do(fraud_folder: Path, command: list[str]) -> None:
    """Otherwise each line of a repository differs from its template after the first commit."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
        cwd=fraud_folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "All checks passed!\n" or (done.returncode == 0 and "already formatted" in done.stdout)


def test_shell_scripts_parse(fraud_folder: Path) -> None:
    for script in fraud_folder.rglob("*.sh"):
        shell = "bash" if "bash" in script.read_text().splitlines()[0] else "sh"
        assert subprocess.run([shell, "-n", str(script)], check=False).returncode == 0, script
