"""The grammar of `--output FORMAT[=FILE]`, the same in every command."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from modelkeel import atomic
from modelkeel.errors import usage_error

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Output:
    """One thing to write: a format, to a file or to standard output."""

    format: str
    file: Path | None


def parse(specs: Sequence[str] | None, allowed: Sequence[str], default: str = "text") -> tuple[Output, ...]:
    """Return the outputs that the command line asks for; none given means `default` on standard output.

    Raises:
        ModelkeelError: a format is not allowed, a file name is empty, two outputs share a target.
    """
    outputs = tuple(_parse_one(spec, allowed) for spec in specs or [default])
    targets = [output.file for output in outputs]
    for target in targets:
        if targets.count(target) > 1:
            raise usage_error(
                "two outputs go to the same place",
                got=", ".join(specs or []),
                allowed="one output on standard output, each other one in a file of its own",
                fix="add =FILE to all but one, for example --output json=out.json",
            )
    return outputs


def _parse_one(spec: str, allowed: Sequence[str]) -> Output:
    name, equals, file = spec.partition("=")
    if name not in allowed:
        raise usage_error("this output format does not exist here", got=name, allowed=", ".join(allowed))
    if equals and not file:
        raise usage_error("the output file has no name", got=spec, fix=f"--output {name}=FILE, or --output {name}")
    return Output(name, Path(file) if file else None)


def emit(outputs: Sequence[Output], renderers: Mapping[str, Callable[[], str]]) -> None:
    """Render each output and write it; files appear whole or not at all.

    Raises:
        ModelkeelError: a file cannot be written (exit code 3).
    """
    for output in outputs:
        text = renderers[output.format]()
        if output.file is None:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")
        else:
            # What is coloured for a terminal stays plain in a file.
            atomic.write_text(output.file, COLOUR.sub("", text))
