"""A running policy pack: started, asked over gRPC within a time limit, and ended with us at the latest."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc

from modelkeel.analyzer.folder import PackFolder
from modelkeel.errors import ModelkeelError, usage_error
from modelkeel.provider.guarded import GuardedProcess, SilentError

START_SECONDS = 60.0
CALL_SECONDS = 60.0
TAIL_LINES = 12
MAX_MESSAGE_BYTES = 400 * 1024 * 1024
"""What the Pulumi engine allows: a whole stack is one message."""


class PackProcess:
    """A pack's own process; use it in a `with` statement. It sees no AWS credentials and no Pulumi access token."""

    def __init__(
        self, pack: PackFolder, *, start_seconds: float = START_SECONDS, call_seconds: float = CALL_SECONDS
    ) -> None:
        """Start the process and wait for its port.

        Raises:
            ModelkeelError: it ends, or says nothing in time (exit code 2).
        """
        self._pack = pack
        self._call_seconds = call_seconds
        command = [str(pack.python), "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(pack.program)]
        self._process = GuardedProcess(command, _environment(), pack.folder)
        self._channel: Any = None
        try:
            port = self._port(start_seconds)
            options = [("grpc.max_receive_message_length", MAX_MESSAGE_BYTES)]
            options += [("grpc.max_send_message_length", MAX_MESSAGE_BYTES)]
            self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=options)
            self._stub: Any = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> PackProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def group(self) -> int:
        """The process group that holds the pack and the process that watches over it."""
        return self._process.group

    def call(self, method: str, request: Any, about: str) -> Any:
        """Call a method of the analyzer service and return its answer; `about` says what it was asked of.

        Raises:
            ModelkeelError: the pack raised, crashed or did not answer in time (exit code 2).
        """
        try:
            return getattr(self._stub, method)(request, timeout=self._call_seconds)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                raise self._failed(f"it did not answer within {self._call_seconds:g} s, asked of {about}") from None
            raise self._failed(f"it failed on {about}: {error.details()}") from None

    def stop(self) -> None:
        """End the pack and the process that watches over it."""
        if self._channel is not None:
            self._channel.close()
        self._process.stop()

    def _port(self, seconds: float) -> int:
        try:
            line = self._process.first_line(seconds)
        except SilentError as silent:
            raise self._failed(str(silent)) from None
        if not line.isdigit():
            raise self._failed(f"its first line is {line[:80]!r}, expected a port")
        return int(line)

    def _failed(self, why: str) -> ModelkeelError:
        why = "\n           ".join([why, *self._process.said(TAIL_LINES)])
        return usage_error(
            "the policy pack gave no judgement; nothing was checked",
            got=why,
            fix="correct the pack, or leave its --policy-pack out",
            location=str(self._pack.folder),
        )


def _environment() -> dict[str, str]:
    hidden = ("AWS_", "PULUMI_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(hidden)}
    return {**kept, "AWS_EC2_METADATA_DISABLED": "true", "PYTHONDONTWRITEBYTECODE": "1"}
