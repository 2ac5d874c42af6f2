"""By default a program runs in a process of its own, which it may not take us down with."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from modelkeel import graph as graph_module
from modelkeel.record import process

# Long enough for a slow machine to import the SDK, short enough for a test.
PATIENCE_SECONDS = 8.0


def apart(repository: Any, **arguments: Any) -> Any:
    return repository.record(isolation="process", **arguments)


def test_a_child_gives_the_same_bytes_as_this_process(repository: Any) -> None:
    source = """
    key = aws.kms.Key("k")
    topics = [aws.sns.Topic(f"t{n}", kms_master_key_id=key.arn) for n in range(5)]
    pulumi.export("arns", [topic.arn for topic in topics])
    pulumi.export("secret", pulumi.Output.secret("x"))
    """
    repository.program("data", source)
    repository.program(
        "serving",
        'up = pulumi.StackReference("up", "organization/shop-data/dev")\npulumi.export("a", up.outputs["arns"])\n',
        upstream=("data",),
    )

    assert graph_module.dumps(apart(repository)) == graph_module.dumps(repository.record())


def test_what_a_program_prints_is_talk_and_not_the_answer(repository: Any) -> None:
    repository.program(
        "data",
        """
        import os, sys
        print("printed")
        sys.stderr.write("to stderr\\n")
        os.write(1, b"written\\n")
        os.system("echo from a child")
        pulumi.log.warn("logged")
        pulumi.export("read", sys.stdin.read())
        """,
    )
    said: list[str] = []

    recorded = apart(repository, talk=said.append)

    assert {"printed", "to stderr", "written", "from a child", "warning: logged"} <= set(said)
    assert {"read": ""} == recorded.stacks[0].exports


def test_an_endless_program_is_stopped_at_its_line(repository: Any) -> None:
    repository.program("data", "import time\nwhile True:\n    time.sleep(0.01)\n")

    problem, exit_code = repository.problem(isolation="process", timeout_seconds=PATIENCE_SECONDS)

    assert "the data program did not end within 8 seconds and was stopped" == problem.what
    assert re.fullmatch(r"stacks/data/__main__\.py:[56]", problem.location)
    assert 3 == exit_code


def test_what_a_program_started_is_stopped_with_it(repository: Any, tmp_path: Path) -> None:
    """A helper that a program leaves behind would hold the machine for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    repository.program(
        "data",
        f"""
        import subprocess
        subprocess.Popen("sleep 20; echo survived", shell=True, stdout=open({str(pipe)!r}, "w"))
        """,
    )

    apart(repository)

    # Reading ends when the last writer is gone.
    os.set_blocking(reader, True)
    with os.fdopen(reader, "rb") as heard:
        assert b"" == heard.read()


def test_threads_left_behind_do_not_hold_the_answer_back(repository: Any) -> None:
    repository.program(
        "data",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()\npulumi.export('a', 1)\n",
    )

    assert {"a": 1} == apart(repository).stacks[0].exports


@pytest.mark.parametrize("status", [0, 7])
def test_a_program_that_ends_its_process_is_told(repository: Any, status: int) -> None:
    """Even with success: nothing was recorded."""
    repository.program("data", f"import os\nprint('last words', flush=True)\nos._exit({status})\n")

    problem, exit_code = repository.problem(isolation="process")

    assert "the data program ended its process before it was recorded" == problem.what
    assert f"exit status {status}" in problem.got
    assert "last words" in problem.got
    assert 3 == exit_code


def test_a_crash_is_told_with_its_signal(repository: Any) -> None:
    repository.program("data", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")

    assert "killed by signal 9" in repository.problem(isolation="process")[0].got


def test_a_fault_in_a_child_is_the_same_as_in_this_process(repository: Any) -> None:
    repository.program("data", 'b = aws.s3.Bucket("b")\nb.arn.apply(lambda arn: arn.split("-")[9])\n')

    assert repository.problem() == repository.problem(isolation="process")


def test_credentials_and_settings_of_the_machine_stay_outside(repository: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording must not differ between two machines, nor reach an account."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    monkeypatch.setenv("PULUMI_CONFIG", '{"data:key": "from the machine"}')
    repository.program(
        "data",
        """
        import os
        pulumi.export("seen", sorted(k for k in os.environ if k.startswith(("AWS_", "PULUMI_CONFIG"))))
        pulumi.export("key", str(pulumi.Config("data").get("key")))
        """,
    )

    assert {"seen": [], "key": "None"} == apart(repository).stacks[0].exports


def test_a_program_runs_in_its_folder_and_imports_the_projects_packages(repository: Any) -> None:
    repository.write("stacks/names.py", "NAME = 'shop'\n")
    repository.write("stacks/data/sibling.py", "NAME = 'beside'\n")
    repository.program(
        "data",
        """
        import os
        from stacks.names import NAME
        import sibling
        pulumi.export("where", os.path.basename(os.getcwd()))
        pulumi.export("names", [NAME, sibling.NAME])
        """,
    )

    assert {"where": "data", "names": ["shop", "beside"]} == apart(repository).stacks[0].exports


def test_the_recorders_own_modules_are_not_in_a_programs_way(repository: Any) -> None:
    """The runner is started by path: its folder must not stay importable, nor modelkeel be needed."""
    repository.write("stacks/data/monitor.py", "OWN = True\n")
    repository.program(
        "data",
        """
        import sys, importlib.util, monitor
        pulumi.export("own", monitor.OWN)
        pulumi.export("others", [n for n in ("wire", "fabricate", "sdk") if importlib.util.find_spec(n)])
        pulumi.export("needed", "modelkeel" in sys.modules)
        """,
    )

    assert {"own": True, "others": [], "needed": False} == apart(repository).stacks[0].exports


def test_the_projects_own_environment_is_used_where_it_has_the_sdk(tmp_path: Path) -> None:
    assert (sys.executable, False) == process.interpreter(tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("", encoding="utf-8")

    # An environment without pulumi cannot run a program.
    assert (sys.executable, False) == process.interpreter(tmp_path)

    package = tmp_path / ".venv/lib/python3.12/site-packages/pulumi/__init__.py"
    package.parent.mkdir(parents=True)
    package.write_text("", encoding="utf-8")
    assert (str(python), True) == process.interpreter(tmp_path)


def test_a_broken_import_is_found_where_the_environment_does_not_hold_the_project(repository: Any) -> None:
    """With an environment of its own a project is imported from there, as the CLI would, not from its folder."""
    _own_environment(repository, f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    repository.write("stacks/names_of_ours.py", "NAME = 1\n")
    repository.program("data", "from stacks.names_of_ours import NAME\n")

    problem, _ = repository.problem(isolation="process")

    assert "the data program imports what is not there" == problem.what


def test_nothing_is_left_running_when_one_stack_of_several_fails(repository: Any) -> None:
    before = _children()
    repository.program("data", "raise ValueError('x')\n")
    repository.program("serving", "pass\n", upstream=("data",))
    repository.program("other", "pass\n")

    repository.problem(isolation="process")

    assert before == _children()


def test_an_interrupt_stops_every_program_at_once(repository: Any) -> None:
    """The children are in sessions of their own: the terminal's interrupt does not reach them."""
    before = _children()
    repository.program("data", 'print("here", flush=True)\n')
    repository.program("serving", "while True:\n    pass\n")

    def interrupt(_line: str) -> None:
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        apart(repository, talk=interrupt, timeout_seconds=100)

    assert time.monotonic() - start < 90
    assert before == _children()


def test_what_a_failing_program_printed_is_still_heard(repository: Any) -> None:
    repository.program("data", 'print("before the end", flush=True)\nraise ValueError("x")\n')
    said: list[str] = []

    repository.problem(isolation="process", talk=said.append)

    assert ["before the end"] == said


def _own_environment(repository: Any, python: str, init: str = "") -> None:
    """Give the project a .venv whose interpreter is the script `python`, with a package named pulumi."""
    wrapper = repository.directory / ".venv/bin/python"
    wrapper.parent.mkdir(parents=True)
    wrapper.write_text(python, encoding="utf-8")
    wrapper.chmod(0o755)
    repository.write(".venv/lib/python3.11/site-packages/pulumi/__init__.py", init)


def test_an_interpreter_that_cannot_start_is_told(repository: Any) -> None:
    repository.program("data", "pass\n")
    _own_environment(repository, "not a program")

    problem, exit_code = repository.problem(isolation="process")

    assert ("the project's Python cannot be started", 3) == (problem.what, exit_code)
    assert ".venv" in problem.fix


def test_an_sdk_that_the_recorder_does_not_know_is_told(repository: Any) -> None:
    """An old or broken SDK in the project's environment must not end in a traceback of the recorder."""
    repository.program("data", "pass\n")
    site = repository.directory / ".venv/lib/python3.11/site-packages"
    _own_environment(repository, f'#!/bin/sh\nPYTHONPATH={site} exec {sys.executable} "$@"\n', "OLD = True\n")

    problem, exit_code = repository.problem(isolation="process")

    assert ("the Pulumi SDK of the project is not one that the recorder knows", 3) == (problem.what, exit_code)
    assert "3.272" in problem.allowed


def _children() -> set[str]:
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return set(found.read_text().split()) if found.exists() else set()
