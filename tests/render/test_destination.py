"""All files or none, and never over somebody's work."""

import os
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from modelkeel.errors import ExitCode, ModelkeelError
from modelkeel.render import RenderedFile, write

FILES = {
    PurePosixPath("README.md"): RenderedFile(b"readme\n", 0o644),
    PurePosixPath("scripts/run.sh"): RenderedFile(b"#!/bin/sh\n", 0o755),
}
# A name longer than any file system takes: the second file fails after the first is there.
BROKEN = {**FILES, PurePosixPath("z" * 300): RenderedFile(b"", 0o644)}


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, "-C", str(folder), *arguments], check=True, capture_output=True)


def refused(dest: Path, *, force: bool = False) -> ModelkeelError:
    with pytest.raises(ModelkeelError) as caught:
        write(FILES, dest, force=force)
    return caught.value


class TestNew:
    def test_a_folder_that_does_not_exist_is_made_with_its_parents(self, tmp_path: Path) -> None:
        write(FILES, tmp_path / "a" / "b")

        assert (tmp_path / "a" / "b" / "README.md").read_bytes() == b"readme\n"
        assert names(tmp_path / "a") == {"b", "b/README.md", "b/scripts", "b/scripts/run.sh"}

    def test_an_empty_folder_is_filled_and_stays_the_same_folder(self, tmp_path: Path) -> None:
        """A shell that stands in it must not be left in a folder that is gone."""
        before = tmp_path.stat().st_ino

        write(FILES, tmp_path)

        assert tmp_path.stat().st_ino == before
        assert names(tmp_path) == {"README.md", "scripts", "scripts/run.sh"}

    def test_modes_are_gits_and_the_umask_counts(self, tmp_path: Path) -> None:
        old = os.umask(0o027)
        try:
            write(FILES, tmp_path / "new")
        finally:
            os.umask(old)

        assert (tmp_path / "new" / "README.md").stat().st_mode & 0o777 == 0o640
        assert (tmp_path / "new" / "scripts" / "run.sh").stat().st_mode & 0o777 == 0o750

    def test_a_link_to_an_empty_folder_is_followed(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to("real")

        write(FILES, tmp_path / "link")

        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real" / "README.md").is_file()


class TestNothingHalfWritten:
    def test_a_failure_leaves_no_new_folder_and_no_parents(self, tmp_path: Path) -> None:
        with pytest.raises(ModelkeelError) as caught:
            write(BROKEN, tmp_path / "a" / "b")

        assert caught.value.exit_code == ExitCode.ENVIRONMENT
        assert names(tmp_path) == set()

    def test_a_failure_leaves_an_empty_folder_empty(self, tmp_path: Path) -> None:
        with pytest.raises(ModelkeelError):
            write(BROKEN, tmp_path)

        assert names(tmp_path) == set()

    def test_an_interrupt_while_moving_gives_every_old_file_back(self, tmp_path: Path) -> None:
        class InterruptedAtTheEnd(dict[PurePosixPath, RenderedFile]):
            passes = 0

            def __iter__(self):  # type: ignore[no-untyped-def]
                self.passes += 1
                yield from list(self.keys())
                if self.passes == 2:
                    raise KeyboardInterrupt

        (tmp_path / "README.md").write_bytes(b"mine\n")

        with pytest.raises(KeyboardInterrupt):
            write(InterruptedAtTheEnd(FILES), tmp_path, force=True)

        assert (tmp_path / "README.md").read_bytes() == b"mine\n"
        assert names(tmp_path) == {"README.md"}

    def test_an_interrupt_is_as_good_as_a_failure(self, tmp_path: Path) -> None:
        class Interrupting(dict[PurePosixPath, RenderedFile]):
            def items(self):  # type: ignore[no-untyped-def]
                yield from FILES.items()
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write(Interrupting(FILES), tmp_path / "new")

        assert names(tmp_path) == set()


class TestOccupied:
    def test_a_folder_that_is_not_empty_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

        error = refused(tmp_path)

        assert error.exit_code == ExitCode.USAGE
        assert "--force" in str(error)
        assert names(tmp_path) == {"mine.txt"}

    def test_with_force_other_files_stay(self, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
        (tmp_path / "README.md").write_text("old", encoding="utf-8")

        write(FILES, tmp_path, force=True)

        assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
        assert (tmp_path / "README.md").read_bytes() == b"readme\n"
        assert names(tmp_path) == {"mine.txt", "README.md", "scripts", "scripts/run.sh"}

    def test_a_file_is_no_destination(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", encoding="utf-8")

        assert refused(tmp_path / "file").exit_code == ExitCode.USAGE
        assert refused(tmp_path / "file" / "below").exit_code == ExitCode.USAGE

    def test_a_link_inside_cannot_lead_the_files_elsewhere(self, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (tmp_path / "dest").mkdir()
        (tmp_path / "dest" / "scripts").symlink_to(tmp_path / "outside")

        assert "scripts" in str(refused(tmp_path / "dest", force=True))
        assert names(tmp_path / "outside") == set()

    def test_a_folder_in_the_place_of_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "README.md").mkdir()

        assert "a file is needed here" in str(refused(tmp_path, force=True))

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_may_not_be_written_is_the_machines_fault(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o555)

        assert refused(tmp_path / "new").exit_code == ExitCode.ENVIRONMENT

    def test_a_place_where_nothing_can_be_made_is_the_machines_fault(self) -> None:
        """/proc refuses new folders to everybody, root included."""
        error = refused(Path("/proc/modelkeel"))

        assert error.exit_code == ExitCode.ENVIRONMENT


class TestInsideARepository:
    @pytest.fixture
    def repository(self, tmp_path: Path) -> Path:
        git(tmp_path, "init", "--quiet")
        (tmp_path / ".gitignore").write_text("ignored/\n", encoding="utf-8")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "-m", "first")
        return tmp_path

    def test_a_clean_one_is_written(self, repository: Path) -> None:
        write(FILES, repository / "new")

        assert (repository / "new" / "README.md").is_file()

    @pytest.mark.parametrize("name", ["changed.txt", ".gitignore"])
    def test_one_with_changes_is_refused(self, repository: Path, name: str) -> None:
        (repository / name).write_text("ignored/\nchanged\n", encoding="utf-8")

        error = refused(repository / "new")

        assert error.exit_code == ExitCode.ENVIRONMENT
        assert name in str(error)
        assert not (repository / "new").exists()

    def test_force_does_not_excuse_changes(self, repository: Path) -> None:
        (repository / "changed.txt").write_text("", encoding="utf-8")

        assert refused(repository, force=True).exit_code == ExitCode.ENVIRONMENT

    def test_a_folder_that_it_ignores_cannot_mix_with_the_changes(self, repository: Path) -> None:
        (repository / "changed.txt").write_text("", encoding="utf-8")

        write(FILES, repository / "ignored" / "new")

        assert (repository / "ignored" / "new" / "README.md").is_file()

    def test_a_hooks_variables_do_not_lead_git_astray(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (repository / "changed.txt").write_text("", encoding="utf-8")
        monkeypatch.setenv("GIT_DIR", "/nowhere")

        assert "changed.txt" in str(refused(repository / "new"))

    def test_without_git_nobody_can_tell(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")

        assert "git is not installed" in str(refused(repository / "new"))
