"""What a generated repository contains: its programs, their stacks and their configuration."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelkeel.errors import usage_error
from modelkeel.record.config import StackConfig, read_yaml, require_offline_values, section, stack_config

ALL = "all"
SHARED = "shared"
DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"
ONE_PER = ("organization", "account", "project", "environment")


@dataclass(frozen=True, kw_only=True)
class StackFile:
    """One stack that a project can deploy, with all that the CLI would know of it."""

    program: str
    stack: str
    one_per: str
    upstream: tuple[str, ...]
    project_name: str
    program_directory: Path
    config_directory: str
    config_file: str
    offline_file: str
    config: StackConfig
    invokes: Mapping[str, Any]

    @property
    def account(self) -> str:
        """The account of the stack: platform:account_id, else the stack's own name where that is an account."""
        given = self.config.values.get("platform:account_id")
        return given or (self.stack if self.one_per == "account" else DEFAULT_ACCOUNT)

    @property
    def region(self) -> str:
        """The region of the stack: platform:region, else aws:region."""
        values = self.config.values
        return values.get("platform:region") or values.get("aws:region") or DEFAULT_REGION

    @property
    def reference(self) -> str:
        """The name by which another program reads its exports, on a self-managed backend."""
        return f"organization/{self.project_name}/{self.stack}"


@dataclass(frozen=True, kw_only=True)
class Project:
    """A generated repository: stacks in the order in which they are deployed."""

    directory: Path
    name: str
    stacks: tuple[StackFile, ...]

    @property
    def environments(self) -> tuple[str, ...]:
        """Names of the environments, sorted."""
        return tuple(sorted({stack.stack for stack in self.stacks if stack.one_per == "environment"}))

    @property
    def programs(self) -> tuple[str, ...]:
        """Programs that have a stack, in deployment order."""
        return tuple(dict.fromkeys(stack.program for stack in self.stacks))

    def select(self, environment: str) -> tuple[StackFile, ...]:
        """Return the stacks of an environment with those that it stands on, or `shared`, or `all`.

        It stands on its account's stack, and on those of the project with the account's stack under them. `shared` are
        the organization's stacks and the project's, with those of their accounts.

        Raises:
            ModelkeelError: the project has no such environment (exit code 2).
        """
        if environment == ALL:
            return self.stacks
        above = tuple(stack for stack in self.stacks if stack.one_per in {"organization", "project"})
        if environment == SHARED and above:
            return self._with_accounts(above)
        if environment not in self.environments:
            shared = [SHARED] if above else []
            raise usage_error(
                "the project has no such environment",
                got=environment,
                allowed=", ".join([*self.environments, *shared, ALL]),
                fix=f"--env {self.environments[0] if self.environments else ALL}",
            )
        own = [stack for stack in self.stacks if stack.one_per == "environment" and stack.stack == environment]
        return self._with_accounts([*own, *(stack for stack in above if stack.one_per == "project")])

    def _with_accounts(self, chosen: Sequence[StackFile]) -> tuple[StackFile, ...]:
        accounts = {stack.account for stack in chosen}
        return tuple(
            stack
            for stack in self.stacks
            if stack in chosen or (stack.one_per == "account" and stack.account in accounts)
        )

    def upstream_of(self, stack: StackFile) -> tuple[StackFile, ...]:
        """Return the stacks whose exports `stack` may read: of its environment, its account or the organization."""
        return tuple(
            other
            for other in self.stacks
            if other.program in stack.upstream
            and (
                other.one_per in {"organization", "project"}
                or (other.one_per == "account" and other.account == stack.account)
                or (other.one_per == "environment" and other.stack == stack.stack)
            )
        )

    def with_upstream(self, stacks: Iterable[StackFile]) -> tuple[StackFile, ...]:
        """Return the stacks and all that they read from, however far, in deployment order."""
        wanted: set[str] = set()
        waiting = list(stacks)
        while waiting:
            stack = waiting.pop()
            if stack.reference not in wanted:
                wanted.add(stack.reference)
                waiting.extend(self.upstream_of(stack))
        return tuple(stack for stack in self.stacks if stack.reference in wanted)


def read(directory: Path) -> Project:
    """Return the project in `directory`.

    Raises:
        ModelkeelError: it is no generated repository, or a file of it is broken (exit code 2).
    """
    order = _programs(directory)
    known = {path.parent.name for path in (directory / "config").glob("*/Pulumi.yaml")}
    unknown = sorted(known - set(order))
    if unknown:
        raise usage_error(
            f"config/{unknown[0]} belongs to no program",
            got=unknown[0],
            allowed=", ".join(order),
            fix="add the program to stacks/programs.toml, where its place in the order is told",
        )
    stacks = [stack for program in order if program in known for stack in _stacks(directory, program, order[program])]
    if not stacks:
        raise _no_repository(directory, "no config/<program>/Pulumi.<stack>.yaml")
    first = stacks[-1]
    return Project(
        directory=directory,
        name=first.project_name.removesuffix(f"-{first.program}"),
        stacks=tuple(stacks),
    )


def _programs(directory: Path) -> dict[str, Mapping[str, Any]]:
    path = directory / "stacks" / "programs.toml"
    if not path.is_file():
        raise _no_repository(directory, "no stacks/programs.toml")
    try:
        rows: dict[str, Mapping[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise usage_error("stacks/programs.toml is not TOML", got=str(error), fix="correct the file") from error
    for program, row in rows.items():
        upstream = row.get("upstream", []) if isinstance(row, dict) else None
        if not isinstance(row, dict) or row.get("one_per") not in ONE_PER or not isinstance(upstream, list):
            raise usage_error(
                f"{program} in stacks/programs.toml is not described",
                got=repr(row),
                allowed=f"a table with one_per ({', '.join(ONE_PER)}) and upstream, a list of programs",
                fix="correct the file",
                location="stacks/programs.toml",
            )
    return rows


def _no_repository(directory: Path, got: str) -> Exception:
    return usage_error(
        f"{directory} is not a repository that modelkeel made",
        got=got,
        allowed="a folder with stacks/programs.toml and config/<program>/",
        fix="run in the repository's folder, or make one: modelkeel new DEST --preset NAME",
    )


def _stacks(directory: Path, program: str, row: Mapping[str, Any]) -> list[StackFile]:
    folder = directory / "config" / program
    project = read_yaml(folder / "Pulumi.yaml")
    name = project.get("name")
    main = folder / str(project.get("main", "."))
    if not isinstance(name, str) or not name:
        raise usage_error(f"config/{program}/Pulumi.yaml has no name", got=repr(name), fix=f"name: <project>-{program}")
    if not (main / "__main__.py").is_file():
        raise usage_error(
            f"the {program} program is not there",
            got=f"main: {project.get('main', '.')} in config/{program}/Pulumi.yaml",
            allowed="a folder with __main__.py",
            fix=f"restore stacks/{program}/__main__.py, or correct main",
            location=f"config/{program}/Pulumi.yaml",
        )
    offline_path = folder / "offline.yaml"
    offline = read_yaml(offline_path) if offline_path.is_file() else {}
    offline_name = f"config/{program}/offline.yaml"
    for document, key, file in (
        (project, "config", f"config/{program}/Pulumi.yaml"),
        (offline, "config", offline_name),
        (offline, "invokes", offline_name),
    ):
        section(document, key, file)
    found = []
    for path in sorted(folder.glob("Pulumi.*.yaml")):
        relative = path.relative_to(directory).as_posix()
        document = read_yaml(path)
        section(document, "config", relative)
        config = stack_config(project, document, offline, name)
        require_offline_values(config, relative, offline_name, offline_path.is_file())
        found.append(
            StackFile(
                program=program,
                stack=path.name.removeprefix("Pulumi.").removesuffix(".yaml"),
                one_per=str(row["one_per"]),
                upstream=tuple(row.get("upstream", ())),
                project_name=name,
                program_directory=main.resolve(),
                config_directory=f"config/{program}",
                config_file=relative,
                offline_file=offline_name,
                config=config,
                invokes=offline.get("invokes") or {},
            )
        )
    return found
