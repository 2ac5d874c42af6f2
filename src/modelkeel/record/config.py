"""Pulumi's stack configuration read as the CLI reads it, without the CLI.

Scalars become text, structured values JSON text, `secure:` values placeholders. YAML is read by the rules of
the CLI's own parser (YAML 1.2 scalars): `on` and `2026-01-01` are text there, and would not be with PyYAML's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from modelkeel.errors import usage_error

PLACEHOLDER = "offline-secret"


@dataclass(frozen=True, kw_only=True)
class StackConfig:
    """The configuration of one stack; `placeholders` are keys whose secret value is not known offline."""

    values: Mapping[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


# libyaml reads a repository's configuration in a fifth of the time; a PyYAML built without it reads the same.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.2 scalars, and no repeated keys."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 (PyYAML's own table, replaced whole)


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$|^0x[0-9a-fA-F]+$|^0o[0-7]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?$|^[-+]?[0-9]+[eE][-+]?[0-9]+$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), [*_first.replace("\0", ""), ""])


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        if key_node.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key_node.value!r} stands twice", key_node.start_mark
            )
        seen.add(key_node.value)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file; an empty file is an empty mapping.

    Raises:
        ModelkeelError: the file is missing, is no YAML, repeats a key or is no mapping (exit code 2).
    """
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)
    except (OSError, UnicodeDecodeError) as error:
        raise usage_error(f"{path} cannot be read", got=str(error), fix="create the file or correct it") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise usage_error(
            f"{path} is not YAML",
            got=str(getattr(error, "problem", error)),
            fix="correct the file",
            location=f"{path}:{mark.line + 1}" if mark else str(path),
        ) from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise usage_error(f"{path} holds no mapping", got=type(document).__name__, fix="correct the file")
    return document


def section(document: Mapping[str, Any], key: str, file: str) -> dict[str, Any]:
    """Return the mapping under `key`, empty where there is none.

    Raises:
        ModelkeelError: there is something else (exit code 2).
    """
    found = document.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise usage_error(
            f"`{key}` in {file} is no mapping",
            got=repr(found),
            allowed=f"{key}: {{<name>: <value>}}",
            fix="correct the file",
            location=file,
        )
    return found


def stack_config(
    project: Mapping[str, Any], stack: Mapping[str, Any], offline: Mapping[str, Any], name: str
) -> StackConfig:
    """Return the configuration of a stack from Pulumi.yaml, Pulumi.<stack>.yaml and offline.yaml.

    `name` is the project's: keys without a namespace are in it. Values of offline.yaml win over secrets and
    over what an environment would give.
    """
    values: dict[str, str] = {}
    secrets: set[str] = set()
    placeholders: set[str] = set()
    for raw_key, raw in [*_defaults(project), *(stack.get("config") or {}).items()]:
        key = _full_key(str(raw_key), name)
        secrets.discard(key)
        placeholders.discard(key)
        plain, secret = _plain(raw, key)
        values[key] = _text(plain)
        if secret:
            secrets.add(key)
            placeholders.add(key)
    for raw_key, raw in (offline.get("config") or {}).items():
        key = _full_key(str(raw_key), name)
        values[key] = _text(raw)
        placeholders.discard(key)
    return StackConfig(
        values=dict(sorted(values.items())),
        secret_keys=tuple(sorted(secrets)),
        placeholders=tuple(sorted(placeholders)),
        imports=_imports(stack.get("environment")),
    )


def _defaults(project: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, raw in (project.get("config") or {}).items():
        if not isinstance(raw, dict):
            found.append((key, raw))
        elif "value" in raw or "default" in raw:
            found.append((key, raw.get("value", raw.get("default"))))
    return found


def _full_key(key: str, project: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _plain(value: Any, key: str) -> tuple[Any, bool]:
    """Return the value with each `secure:` replaced, and whether there was one."""
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            return f"{PLACEHOLDER}-{key}", True
        items = {name: _plain(item, f"{key}.{name}") for name, item in value.items()}
        return {name: plain for name, (plain, _) in items.items()}, any(secret for _, secret in items.values())
    if isinstance(value, list):
        parts = [_plain(item, f"{key}[{index}]") for index, item in enumerate(value)]
        return [plain for plain, _ in parts], any(secret for _, secret in parts)
    return value, False


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _imports(environment: Any) -> tuple[str, ...]:
    """Return the names of the environments that a stack imports (Pulumi ESC)."""
    if environment is None:
        return ()
    rows = environment.get("imports", []) if isinstance(environment, dict) else environment
    rows = rows if isinstance(rows, list) else [rows]
    return tuple(str(next(iter(row)) if isinstance(row, dict) else row) for row in rows) or ("(inline)",)


def require_offline_values(config: StackConfig, stack_file: str, offline_file: str, offline_exists: bool) -> None:
    """Refuse a stack that imports an environment when the project does not give its values.

    Raises:
        ModelkeelError: there is no offline.yaml (exit code 2).
    """
    if not config.imports or offline_exists:
        return
    names = ", ".join(config.imports)
    raise usage_error(
        f"{stack_file} imports values that are not known offline",
        got=f"environment: {names}",
        allowed=f"values given in {offline_file}",
        fix=f"write {offline_file} with the keys that {names} gives, as `config: {{<namespace>:<key>: <value>}}`",
        location=stack_file,
    )
