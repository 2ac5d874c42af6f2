"""docs/reference/programs.md, read from the source of the programs: what each is given and what it gives."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

HEAD = """# Programs

<!-- Made by `make generate` from stacks/: change settings.py and __main__.py there. -->

Each folder of `stacks/` is one Pulumi program. Its configuration lies in `config/<program>/Pulumi.<stack>.yaml`, a
key as `<program>:<key>`; every program reads the keys of `platform` too. A key without a default must be given.
What a program exports is read by those that name it as upstream, under the same environment.
"""


COMPUTED = "<name>"
"""Stands for an export whose whole name is computed."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """One configuration key; `default` is empty where there is none."""

    name: str
    type: str
    default: str
    meaning: str


def programs_md(stacks: Path) -> str:
    """Return the page: every program in the order of deployment with its keys and its exports."""
    rows = tomllib.loads((stacks / "programs.toml").read_text(encoding="utf-8"))
    lines = [HEAD, "## Every program: `platform`", "", *_table(keys(stacks / "settings.py"))]
    for program, row in rows.items():
        folder = stacks / program
        if not folder.is_dir():
            continue
        upstream = ", ".join(f"`{name}`" for name in row["upstream"]) or "nothing"
        lines += [
            "",
            f"## `{program}`",
            "",
            f"{row['purpose']}. One stack for each {row['one_per']}; reads {upstream}.",
        ]
        lines += ["", *_table([key for path in sorted(folder.glob("*settings.py")) for key in keys(path)])]
        names = [f"`{name}`" if name != COMPUTED else "those of the chosen mode" for name in exports(folder)]
        lines += ["", f"Exports: {', '.join(names) or 'nothing'}."]
    return "\n".join(lines) + "\n"


def keys(path: Path) -> list[Key]:
    """Return the fields of the settings classes of a file, in their order, each with the docstring below it.

    A class variable `PREFIX` begins the names of a class's keys; a class that others extend has none of its own.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef) and _is_settings(node)}
    extended = {ast.unparse(base) for node in classes.values() for base in node.bases} & set(classes)
    return [key for name, node in classes.items() if name not in extended for key in _all_fields(node, classes)]


def exports(folder: Path) -> list[str]:
    """Return the names that a program exports, in order; what is computed stands in angle brackets."""
    found: dict[str, None] = {}
    for path in [folder / "__main__.py", *sorted(folder.glob("*.py"))]:
        calls = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pulumi.export"
        ]
        for call in sorted(calls, key=lambda call: call.lineno):
            found[_name(call.args[0])] = None
    return list(found)


def _is_settings(node: ast.ClassDef) -> bool:
    decorated = any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
    return decorated and (node.name.endswith("Settings") or node.name == "Platform")


def _all_fields(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> Iterator[Key]:
    bases = [classes[name] for name in map(ast.unparse, node.bases) if name in classes]
    prefix = next((_prefix(each) for each in (node, *bases) if _prefix(each)), "")
    for each in (*bases, node):
        for key in _fields(each):
            yield replace(key, name=f"{prefix}{key.name}")


def _prefix(node: ast.ClassDef) -> str:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == "PREFIX" and statement.value:
            return str(ast.literal_eval(statement.value))
    return ""


def _fields(node: ast.ClassDef) -> Iterator[Key]:
    for statement, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            if ast.unparse(statement.annotation).startswith("ClassVar"):
                continue
            documented = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            yield Key(
                name=statement.target.id,
                type=ast.unparse(statement.annotation),
                default=_default(statement.value),
                meaning=" ".join(str(after.value.value).split()) if documented else "",  # type: ignore[union-attr]
            )


def _default(value: ast.expr | None) -> str:
    """Return a default as it is written, an empty list or mapping as itself."""
    text = ast.unparse(value) if value else ""
    return {"field(default_factory=list)": "[]", "field(default_factory=dict)": "{}"}.get(text, text)


def _table(rows: list[Key]) -> list[str]:
    if not rows:
        return ["It has no keys of its own."]
    cells = [
        f"| `{row.name}` | `{row.type}` | {f'`{row.default}`' if row.default else ''} | {row.meaning} |" for row in rows
    ]
    return [
        "| key | type | default | meaning |",
        "|---|---|---|---|",
        *(cell.replace(" | None", " or None") for cell in cells),
    ]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (
            str(part.value) if isinstance(part, ast.Constant) else f"<{ast.unparse(part.value)}>"  # type: ignore[attr-defined]
            for part in node.values
        )
        return "".join(parts)
    return COMPUTED
