"""The provider's process never outlives the one that asked for it."""

import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from modelkeel.errors import ModelkeelError
from modelkeel.provider import Binary
from modelkeel.provider.process import Provider

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here to watch a process with")
Impostor = Callable[[str], Binary]
LIMIT_SECONDS = 20
READY = "print('1|5|tcp|127.0.0.1:1|grpc|', flush=True)"


class Witness:
    """A named pipe that a process holds open while it lives."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.line = f"held = open({str(path)!r}, 'w')"
        self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def sees_the_end(self) -> bool:
        """Wait until nobody holds the pipe; the process said one byte first, so it has been there."""
        while select.select([self._file], [], [], LIMIT_SECONDS)[0]:
            if not os.read(self._file, 100):
                return True
        return False

    def close(self) -> None:
        os.close(self._file)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    found = Witness(tmp_path / "alive")
    yield found
    found.close()


def living(witness: Witness) -> str:
    """A stand-in that says it is ready, holds the pipe and never ends by itself."""
    return f"{witness.line}; held.write('x'); held.flush()\n{READY}\ntime.sleep(600)"


def test_it_ends_with_the_block_that_used_it(impostor: Impostor, witness: Witness) -> None:
    with Provider(impostor(living(witness))):
        pass

    assert witness.sees_the_end()


@pytest.mark.parametrize("ending", ["os.kill(os.getpid(), 9)", "os._exit(0)", "sys.exit(0)", "raise ValueError"])
def test_it_ends_with_its_parent_however_that_ends(impostor: Impostor, witness: Witness, ending: str) -> None:
    binary = impostor(living(witness))
    program = f"""
        import os, sys
        from pathlib import Path
        from modelkeel.provider import Binary
        from modelkeel.provider.process import Provider
        kept = Provider(Binary(path=Path({str(binary.path)!r}), version=(9, 0, 0), place="a test"))
        {ending}
    """

    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, check=False)

    assert witness.sees_the_end()


def test_it_ends_with_the_process_that_watches_over_it(impostor: Impostor, witness: Witness) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("no PR_SET_PDEATHSIG here: only Linux ends a child when its parent is killed")
    running = Provider(impostor(living(witness)))

    os.kill(running.supervisor_pid, signal.SIGKILL)

    assert witness.sees_the_end()
    running.stop()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("print('1|6|tcp|127.0.0.1:1|grpc|', flush=True)", "not protocol 5"),
        ("print('this binary is a plugin', flush=True)", "this binary is a plugin"),
        ("sys.stderr.write('no memory'); sys.exit(2)", "no memory"),
        ("print('1|5|tcp|127.0.0.1:1|grpc|', flush=True); sys.exit(1)", "GetSchema"),
    ],
)
def test_a_build_that_does_not_work_is_an_error_of_the_machine(impostor: Impostor, text: str, said: str) -> None:
    with pytest.raises(ModelkeelError) as caught, Provider(impostor(text)) as running:
        running.call("GetSchema")

    assert 3 == caught.value.exit_code
    assert said in str(caught.value)


def test_nothing_is_left_on_disk(impostor: Impostor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    text = f"open(os.environ['TMPDIR'] + '/socket', 'w')\n{READY}\ntime.sleep(600)"
    binary = impostor(text)
    before = sorted(tmp_path.iterdir())

    with Provider(binary):
        pass

    assert before == sorted(tmp_path.iterdir())


def test_it_sees_no_account(impostor: Impostor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by accident is AWS asked with the credentials of the person at the keyboard."""
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    seen = tmp_path / "seen"
    text = f"open({str(seen)!r}, 'w').write(repr(dict(os.environ)))\n{READY}"

    with Provider(impostor(text)):
        pass

    assert "AWS_ENDPOINT_URL" in seen.read_text()
    assert [] == [word for word in ("production", "secret") if word in seen.read_text()]
