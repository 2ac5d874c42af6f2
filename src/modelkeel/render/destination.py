"""Files onto disk: all of them or none, and never over somebody's work."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from modelkeel.errors import ModelkeelError, environment_error, usage_error
from modelkeel.render.rendering import RenderedFile
from modelkeel.render.worktree import refuse_unsaved_changes

_BEFORE, _STAGED = "before", "staged"


def write(files: Mapping[PurePosixPath, RenderedFile], dest: Path, *, force: bool = False) -> None:
    """Write `files` below `dest`, which is made with its parents if it does not exist; all files or none.

    Without `force`, `dest` must be empty. With it, files of the same path are replaced and all others stay.

    Raises:
        ModelkeelError: `dest` is not empty or not a folder (exit code 2); it cannot be written, or it lies in a git
            repository with uncommitted changes that does not ignore it (exit code 3). `dest` is then as before.
    """
    target = refuse_unsuitable(dest, force=force)
    try:
        if target.exists():
            _write_into(files, target)
        else:
            _write_new(files, target)
    except OSError as error:
        raise environment_error(
            "the repository cannot be written",
            got=f"{error.filename or dest}: {error.strerror}",
            allowed="a folder that you may write, on a disk with room",
            fix="choose another folder, or change its permissions",
        ) from error


def refuse_unsuitable(dest: Path, *, force: bool = False) -> Path:
    """Return the real path of `dest` if `write` may write there; asked before questions, it spares their answers.

    Raises:
        ModelkeelError: as `write`, as far as it can be told without writing.
    """
    target = Path(os.path.realpath(dest))
    _refuse_occupied(target, dest, force=force)
    refuse_unsaved_changes(target, dest)
    return target


def _refuse_occupied(target: Path, dest: Path, *, force: bool) -> None:
    above = next(folder for folder in (target, *target.parents) if os.path.lexists(folder))
    if not above.is_dir():
        raise usage_error(
            "the destination is not a folder",
            got=str(dest),
            allowed="a folder, new or empty",
            fix="choose another name",
        )
    if above == target and not force and any(target.iterdir()):
        raise usage_error(
            "the destination is not empty",
            got=f"{dest} holds {len(list(target.iterdir()))} entries",
            allowed="a folder that is empty or does not exist",
            fix="choose another folder, or add --force to replace the files of the same name in it",
        )


def _write_new(files: Mapping[PurePosixPath, RenderedFile], target: Path) -> None:
    """Write beside `target` and rename: the folder appears whole."""
    with _parents(target):
        stage = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            _stage(files, stage / _STAGED)
            (stage / _STAGED).rename(target)
        finally:
            shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _parents(target: Path) -> Iterator[None]:
    """Make the folders above `target`, and take back those that were made if the body fails."""
    missing = [folder for folder in target.parents if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for folder in missing:
            folder.rmdir()
        raise


def _write_into(files: Mapping[PurePosixPath, RenderedFile], target: Path) -> None:
    """Write inside `target`, then move file by file with a way back: `target` itself stays the same folder."""
    _refuse_blocked(files, target)
    stage = Path(tempfile.mkdtemp(prefix=".modelkeel.", dir=target))
    undo: list[tuple[Path, Path | None]] = []
    made: list[Path] = []
    try:
        _stage(files, stage / _STAGED)
        for path in files:
            _move(path, target, stage, undo, made)
    except BaseException:
        for new, old in reversed(undo):
            if old is None:
                new.unlink(missing_ok=True)
            else:
                old.replace(new)
        for folder in reversed(made):
            folder.rmdir()
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _move(
    path: PurePosixPath, target: Path, stage: Path, undo: list[tuple[Path, Path | None]], made: list[Path]
) -> None:
    final = target / path
    for folder in [above for above in reversed(final.parents) if above.is_relative_to(target) and not above.exists()]:
        folder.mkdir()
        made.append(folder)
    old: Path | None = None
    if os.path.lexists(final):
        old = stage / _BEFORE / path
        old.parent.mkdir(parents=True, exist_ok=True)
        final.rename(old)
    undo.append((final, old))
    (stage / _STAGED / path).rename(final)


def _refuse_blocked(files: Mapping[PurePosixPath, RenderedFile], target: Path) -> None:
    for path in files:
        for above in (target / folder for folder in path.parents if folder.parts):
            if os.path.lexists(above) and (above.is_symlink() or not above.is_dir()):
                raise _blocked(above, "a folder is needed here; a link could lead out of the repository")
        if (target / path).is_dir() and not (target / path).is_symlink():
            raise _blocked(target / path, "a file is needed here")


def _blocked(path: Path, why: str) -> ModelkeelError:
    return usage_error("something in the destination is in the way", got=str(path), allowed=why, fix="move it away")


def _stage(files: Mapping[PurePosixPath, RenderedFile], folder: Path) -> None:
    made: set[PurePosixPath] = set()
    folder.mkdir()
    for path, file in files.items():
        if path.parent not in made:
            (folder / path.parent).mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        # 0o666 or 0o777 less the user's umask, as git does on checkout.
        mode = 0o777 if file.mode & 0o100 else 0o666
        handle = os.open(folder / path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(handle, "wb") as stream:  # noqa: PTH123 (a handle has no path)
            stream.write(file.content)
