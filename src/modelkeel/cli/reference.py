"""The reference page of the command line, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

INTRODUCTION = """# Command line

<!-- Made by `make generate` from src/modelkeel/cli; change the commands there. -->

Data goes to standard output, talk to standard error, both in a stable order. `--output FORMAT[=FILE]` may be repeated,
with one output at most on standard output. Every JSON document has a schema: `modelkeel schema NAME`.

| exit code | meaning |
|---|---|
| 0 | done, nothing found |
| 1 | findings: a control violated, a budget exceeded, a quota too small; undetermined results too with `--strict` |
| 2 | a mistake in the command line, the answers, a graph file or a program |
| 3 | the machine: a file that cannot be written, a program that is missing, an account that does not answer |
| 4 | an update that leaves merge conflicts |
| 130 | interrupted |
"""


def cli_md() -> str:
    """Return docs/reference/cli.md: each command with its arguments and options."""
    from typer.main import get_command  # noqa: PLC0415 (only `make generate` and tests need it)

    from modelkeel.cli.app import app  # noqa: PLC0415

    return "\n".join([INTRODUCTION, *(_command(name, command) for name, command in _commands("", get_command(app)))])


def _commands(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
    """Yield the commands of a group by their full name; a group within it is only a beginning of names."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(f"{prefix}{name} ", command)
        else:
            yield f"{prefix}{name}", command


def _command(name: str, command: Any) -> str:
    arguments = [each for each in command.params if not _is_option(each)]
    options = [each for each in command.params if _is_option(each) and not getattr(each, "hidden", False)]
    usage = " ".join(["modelkeel", name, *(_argument(each) for each in arguments), *(["[OPTIONS]"] if options else [])])
    lines = [f"## modelkeel {name}", "", "```", usage, "```", "", _paragraphs(command.help or "")]
    if arguments or options:
        lines += ["", "| argument or option | meaning |", "|---|---|"]
        lines += [f"| `{_label(each)}` | {_cell(each)} |" for each in (*arguments, *options)]
    return "\n".join(lines) + "\n"


def _is_option(parameter: Any) -> bool:
    return any(text.startswith("-") for text in parameter.opts)


def _argument(parameter: Any) -> str:
    name = parameter.metavar or str(parameter.name).upper()
    return name if parameter.required else f"[{name}]"


def _label(parameter: Any) -> str:
    if not _is_option(parameter):
        return _argument(parameter)
    names = ", ".join(parameter.opts)
    if getattr(parameter, "is_flag", False):
        return names
    return f"{names} {parameter.metavar or str(parameter.name).upper()}"


def _cell(parameter: Any) -> str:
    default = parameter.default
    shown = "" if callable(default) or default in (None, False, ()) else f" Default: `{default}`."
    return f"{parameter.help or ''}{shown}".replace("|", "\\|")


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
