"""The feature groups that are made are those that the generated code keeps."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from modelkeel import answers, plan
from modelkeel.render import render
from modelkeel.tables.archetype import archetypes
from modelkeel.tables.seed import seeds

ROOT = Path(__file__).resolve().parents[2]
TYPES = {"int": "Integral", "float": "Fractional"}


def modules(seed: str) -> dict[str, ast.Module]:
    made = answers.load(ROOT / "examples" / seed / "answers.yml")
    data = {**plan.template_data(made, plan.build(made)), "tool_requirement": "modelkeel"}
    home = f"src/{data['plan']['package']}/"
    return {
        str(path).removeprefix(home): ast.parse(file.content)
        for path, file in render(data, ROOT).items()
        if str(path) in {f"{home}features.py", f"{home}data/dataset.py"}
    }


def constant(module: ast.Module, name: str) -> str:
    (value,) = [
        node.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name
    ]
    assert isinstance(value, ast.Constant)
    return str(value.value)


def history(module: ast.Module) -> dict[str, str]:
    """Return the fields of `History` with the store's types: lists are kept as JSON."""
    (found,) = [node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "History"]
    fields = {
        node.target.id: ast.unparse(node.annotation).removesuffix(" | None")
        for node in found.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    return {name: TYPES.get(kind, "String") for name, kind in fields.items()}


@pytest.mark.parametrize("seed", sorted(seeds()))
def test_a_feature_group_has_the_columns_of_the_generated_history(seed: str) -> None:
    found = modules(seed)
    if "features.py" not in found:
        pytest.skip(f"the code of {seed} keeps no history by entity")
    if not any(isinstance(node, ast.ClassDef) and node.name == "History" for node in found["features.py"].body):
        pytest.skip(f"the code of {seed} keeps its history as arrays of the whole fleet, in a table of its own")
    entity, time = (constant(found["data/dataset.py"], name) for name in ("ENTITY", "TIME"))
    (group,) = archetypes()[seed].feature_groups

    assert (group.record_identifier, group.event_time) == (entity, time)
    assert dict(group.features) == {entity: "String", time: "String", **history(found["features.py"])}


def test_an_archetype_without_code_of_its_own_keeps_what_its_code_keeps() -> None:
    made = plan.build(answers.load(ROOT / "examples/recommendations/answers.yml"))
    (stack,) = [row for row in made.stacks if row.program == "data" and row.environment == "prod"]
    seed = archetypes()[archetypes()["recommendations"].seed]

    assert [row["name"] for row in stack.config["data:feature_groups"]] == [row.name for row in seed.feature_groups]
