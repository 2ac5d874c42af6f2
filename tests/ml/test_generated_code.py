"""The ML code of a generated repository, read without installing what it needs."""

import ast
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from modelkeel import answers, plan
from modelkeel.plan import raci
from modelkeel.render import render
from modelkeel.tables.seed import seeds
from stacks.documents.container import STEPS

ROOT = Path(__file__).resolve().parents[2]
# Archetypes with code of their own; the others start from one of these.
EXAMPLES = tuple(sorted(seeds()))
ML_FOLDERS = ("src", "pipelines", "tests")


@cache
def _data(example: str, *different: str) -> Mapping[str, object]:
    answered = answers.load(ROOT / "examples" / example / "answers.yml", preset=None, data=different)
    return {**plan.template_data(answered, plan.build(answered)), "tool_requirement": "modelkeel==0.1.0"}


@cache
def _package(example: str, *different: str) -> dict[str, str]:
    """Text of each file of the package, by its path below the package."""
    data = _data(example, *different)
    home = f"src/{data['plan']['package']}/"  # type: ignore[index]
    files = render(data, ROOT)
    return {str(path).removeprefix(home): f.content.decode() for path, f in files.items() if str(path).startswith(home)}


@cache
def _modules(example: str) -> dict[str, ast.Module]:
    files = render(_data(example), ROOT)
    return {
        str(path): ast.parse(file.content)
        for path, file in files.items()
        if path.parts[0] in ML_FOLDERS and path.suffix == ".py"
    }


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_modules_and_functions_stay_small(example: str) -> None:
    lengths = {
        path: max((node.end_lineno or 0 for node in tree.body), default=0) for path, tree in _modules(example).items()
    }
    functions = {
        f"{path}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, tree in _modules(example).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {path: n for path, n in lengths.items() if n >= 350} == {}
    assert {name: n for name, n in functions.items() if n >= 60} == {}


def test_the_package_imports_itself_by_relation_only(example: str) -> None:
    """A team that renames the package changes a folder name and no import."""
    name = _data(example)["plan"]["package"]  # type: ignore[index]
    absolute = [
        path
        for path, tree in _modules(example).items()
        for node in ast.walk(tree)
        if path.startswith("src/")
        and isinstance(node, ast.ImportFrom)
        and not node.level
        and (node.module or "").split(".")[0] == name
    ]

    assert absolute == []


def test_relative_imports_lead_somewhere(example: str) -> None:
    """A module of the other archetype, left out by its condition, is imported by nobody."""
    package = _package(example)
    missing = []
    for path, text in package.items():
        for node in ast.walk(ast.parse(text)) if path.endswith(".py") else ():
            if isinstance(node, ast.ImportFrom) and node.level:
                home = [*path.split("/")[:-1]]
                base = home[: len(home) - node.level + 1]
                target = "/".join([*base, *(node.module or "").split(".")]).strip("/")
                names = [f"{target}/{alias.name}".strip("/") for alias in node.names]
                known = f"{target}.py" in package or (
                    f"{target}/__init__.py".lstrip("/") in package
                    and all(_is_there(package, name, target) for name in names)
                )
                missing += [] if known else [f"{path}: {target}"]

    assert missing == []


def _is_there(package: Mapping[str, str], name: str, target: str) -> bool:
    return (
        f"{name}.py" in package
        or f"{name}/__init__.py" in package
        or name.rsplit("/", 1)[-1] in package[f"{target}/__init__.py".lstrip("/")]
    )


def test_every_job_that_the_stacks_start_is_there(example: str) -> None:
    package = _package(example)

    # Only a fleet of devices has releases to pack.
    asked = [step for step in STEPS if step != "edge_release" or example == "predictive_maintenance"]
    assert [step for step in asked if f"{step}.py" not in package] == []


def test_the_metric_that_the_pipeline_compares_is_measured(example: str) -> None:
    training = next(entry for entry in _data(example)["plan"]["programs"] if entry["name"] == "training")  # type: ignore[index]
    metric = training["stacks"][0]["config"]["training:quality_metric"]

    measured = [
        path for path, text in _package(example).items() if path.startswith("gates/") and f'"{metric}":' in text
    ]

    assert measured, f"no gate measures {metric}"


def test_every_public_function_says_what_it_does(example: str) -> None:
    silent = [
        f"{path}: {node.name}"
        for path, tree in _modules(example).items()
        for node in ast.walk(tree)
        if not path.startswith("tests/")
        and isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and not _is_nested(tree, node)
    ]

    assert silent == []


def _is_nested(tree: ast.Module, node: ast.AST) -> bool:
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n is not node)
    return any(inner is node for function in functions for inner in ast.walk(function))


@pytest.mark.parametrize(
    ("different", "table", "key", "value"),
    [
        ("peak_rps=900", "serving", "peak_rps", 900),
        ("p99_ms=80", "serving", "p99_ms", 80),
        ("max_gap=0.2", "gates", "largest_gap", 0.2),
        ("protected_attributes=[gender]", "gates", "protected", ["gender"]),
        ("project_name=other-name", "project", "name", "other-name"),
    ],
)
def test_answers_reach_the_settings(different: str, table: str, key: str, value: object) -> None:
    settings = tomllib.loads(_package("fraud_realtime", different)["settings.toml"])

    assert settings[table][key] == value


def test_one_approval_or_two_as_planned() -> None:
    needed = {
        example: tomllib.loads(_package(example)["settings.toml"])["approval"]["approvers_needed"]
        for example in EXAMPLES
    }

    assert needed.items() >= {"fraud_realtime": 2, "tabular_batch": 1}.items()


def test_settings_have_the_fields_that_the_code_reads(example: str) -> None:
    """A key without a field, or a field without a key, stops the first step of a new repository."""
    tables = tomllib.loads(_package(example)["settings.toml"])
    classes = {
        node.name: [
            field.target.id
            for field in node.body
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        ]
        for module in ("configuration.py", "settings.py")
        for node in ast.parse(_package(example)[module]).body
        if isinstance(node, ast.ClassDef)
    }

    assert {name: sorted(table) for name, table in tables.items() if name != "privacy"} == {
        name.lower(): sorted(fields) for name, fields in classes.items() if name != "Settings"
    }


def test_the_roles_of_the_raci_are_those_that_identity_makes() -> None:
    people = tomllib.loads((ROOT / "stacks" / "identity" / "people.toml").read_text())["person"]

    assert set(raci.ROLES) == {person["title"] for person in people.values()}


def test_each_task_has_somebody_who_does_it_and_somebody_who_answers_for_it() -> None:
    for row in raci.rows():
        assert len(row["letters"]) == len(raci.ROLES)
        assert row["letters"].count("A") + ("answers for it" in row["others"]) == 1, row["task"]
        assert "R" in row["letters"] or "does it" in row["others"], row["task"]


@pytest.mark.parametrize("page", ["use-case.md", "data-strategy.md", "model-management.md", "data-sheet.md"])
def test_pages_are_filled_with_what_was_decided(example: str, page: str) -> None:
    """`auto` is an answer, not a decision; an empty cell is left to people only where a table asks them."""
    text = render(_data(example), ROOT)[PurePosixPath("governance") / page].content.decode()

    assert not re.search(r"\bauto\b|\bNone\b|: \||\[\]", text), text


@pytest.mark.parametrize("name", ["gender", "device_kind"])
def test_every_protected_attribute_has_a_treatment(name: str) -> None:
    settings = tomllib.loads(_package("fraud_realtime", f"protected_attributes=[{name}, region]")["settings.toml"])

    assert {name, "region", "age_band"} <= set(settings["privacy"])
