"""Values into files: the same bytes and modes as `copier copy` with the same data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import TemplateError

from modelkeel.errors import ModelkeelError, environment_error
from modelkeel.render.exclusion import Exclusion
from modelkeel.render.template import Folder, Source, Template, load

# Given to the template, never kept in the repository.
UNSTORED = frozenset({"prose"})


@dataclass(frozen=True)
class RenderedFile:
    """What a file of the repository holds, and its mode: 0o644 or 0o755."""

    content: bytes
    mode: int


def render(data: Mapping[str, Any], root: Path) -> dict[PurePosixPath, RenderedFile]:
    """Return every file of the repository by its path, in the order of the paths.

    `data` holds the answers, `plan`, `prose`, and optionally `_src_path` and `_commit`; `root` is the folder with
    copier.yml. What is kept in `.copier-answers.yml` is `data` without `prose`.

    Raises:
        ModelkeelError: the template asks for a value that `data` lacks, or is damaged (exit code 3).
    """
    values = {**_without_settings(data), "_copier_answers": _stored(data), "_copier_operation": "copy"}
    try:
        template = load(root)
        excluded = Exclusion(line for text in template.exclude for line in text(values).splitlines())
        return dict(sorted(_files(template, values, excluded)))
    except TemplateError as error:
        raise _damaged(root, error) from error
    except OSError as error:
        raise environment_error(
            "the template cannot be read", got=f"{error.filename}: {error.strerror}", fix="install modelkeel again"
        ) from error


def _without_settings(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if not key.startswith("_")}


def _stored(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in UNSTORED}


def _files(
    template: Template, values: Mapping[str, Any], excluded: Exclusion
) -> Iterator[tuple[PurePosixPath, RenderedFile]]:
    sources: dict[tuple[str, ...], str] = {}
    for parts, source, beneath in _paths(template.entries, values, (), excluded):
        if parts in sources:
            raise _two_sources(parts, sources[parts], source.path)
        sources[parts] = source.path
        content = source.content if source.text is None else source.text(beneath).encode()
        yield PurePosixPath(*parts), RenderedFile(content or b"", source.mode)


def _paths(
    entries: Iterable[Folder | Source], values: Mapping[str, Any], above: tuple[str, ...], excluded: Exclusion
) -> Iterator[tuple[tuple[str, ...], Source, Mapping[str, Any]]]:
    for entry in entries:
        for name, beneath in entry.part.names(values):
            parts = (*above, name)
            if not name or excluded.matches(parts):
                continue
            if isinstance(entry, Folder):
                yield from _paths(entry.entries, beneath, parts, excluded)
            else:
                yield parts, entry, beneath


def _two_sources(parts: tuple[str, ...], first: str, second: str) -> ModelkeelError:
    return environment_error(
        "two files of the template become one file of the repository",
        got=f"{'/'.join(parts)} from {first} and from {second}",
        fix="give them conditions of which only one holds",
    )


def _damaged(root: Path, error: TemplateError) -> ModelkeelError:
    # Jinja puts the template's own lines into the traceback, and nowhere else for an undefined value.
    line = getattr(error, "lineno", None)
    where = getattr(error, "filename", None) or getattr(error, "name", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(str(root)):
            where, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return environment_error(
        "the template does not fit the plan",
        got=str(error.message),
        fix="install modelkeel again; if it persists, report it with your answers file",
        location=f"{where}:{line}" if where else "",
    )
