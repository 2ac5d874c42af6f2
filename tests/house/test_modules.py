"""The size and naming rules of the house."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "base"}
MAX_MODULE_LINES = 350
MAX_FUNCTION_LINES = 60


def modules() -> Iterator[Path]:
    for folder in ("src", "stacks", "policies", "benchmarks"):
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_small_and_named_by_its_noun(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    long = {node.name: lines for node in functions if (lines := node.end_lineno - node.lineno + 1) > MAX_FUNCTION_LINES}

    assert text.count("\n") <= MAX_MODULE_LINES
    assert long == {}
    assert path.stem not in FORBIDDEN_NAMES


def test_stacks_and_policies_import_nothing_of_the_generator() -> None:
    """A deployment must not need its generator, and an auditor reads one repository."""
    foreign = []
    for folder in ("stacks", "policies"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                foreign += [str(path) for name in names if name.split(".")[0] == "modelkeel"]

    assert foreign == []
