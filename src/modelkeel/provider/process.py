"""A running provider: started, shaken hands with, called over gRPC, and ended with us at the latest."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from types import TracebackType
from typing import Any

import grpc

from modelkeel.errors import ModelkeelError, environment_error
from modelkeel.provider import protocol
from modelkeel.provider.discovery import Binary
from modelkeel.provider.guarded import GuardedProcess, SilentError

# Agreed between Terraform and its providers so that a provider started by hand says what it is; no secret.
# Source: https://github.com/hashicorp/terraform/blob/main/internal/plugin/serve.go (Handshake)
COOKIE = ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
PROTOCOL_VERSION = "5"
START_SECONDS = 60.0
CALL_SECONDS = 60.0
TAIL_LINES = 10


class Provider:
    """A provider process; use it in a `with` statement. It sees no account: no credentials, no network address."""

    def __init__(self, binary: Binary) -> None:
        """Start the process and shake hands.

        Raises:
            ModelkeelError: it does not start, or speaks another protocol (exit code 3).
        """
        self._binary = binary
        self._folder = tempfile.mkdtemp(prefix="modelkeel-")
        # Bound, never listening: what the provider would ask AWS is refused at once, and no other program answers.
        self._nowhere = socket.socket()
        self._nowhere.bind(("127.0.0.1", 0))
        self.dead_address = f"127.0.0.1:{self._nowhere.getsockname()[1]}"
        self._process = GuardedProcess([str(binary.path)], self._environment())
        atexit.register(self.stop)
        self._channel: Any = None
        self._methods: dict[str, Callable[..., Any]] = {}
        try:
            self._channel = self._connect(self._first_line())
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Provider:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def supervisor_pid(self) -> int:
        """The process group that holds the provider and the process that watches over it."""
        return self._process.group

    def call(self, method: str, **fields: Any) -> Any:
        """Call a method of protocol.METHODS and return its answer.

        Raises:
            ModelkeelError: the provider crashed or did not answer in time (exit code 3).
        """
        request, response = protocol.METHODS[method]
        if method not in self._methods:
            self._methods[method] = self._channel.unary_unary(
                protocol.SERVICE + method,
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=lambda data: protocol.parse(response, data),
            )
        try:
            return self._methods[method](protocol.message(request, **fields), timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            about = fields.get("type_name", "its own configuration")
            raise self._failed(f"it stopped answering at {method} of {about}: {error.code().name}") from None

    def stop(self) -> None:
        """End the provider, the process that watches over it, and what they left on disk."""
        atexit.unregister(self.stop)
        if self._channel is not None:
            self._channel.close()
        self._process.stop()
        self._nowhere.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        nowhere = os.devnull
        kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LANG") if key in os.environ}
        return {
            **kept,
            COOKIE[0]: COOKIE[1],
            "PLUGIN_PROTOCOL_VERSIONS": PROTOCOL_VERSION,
            "TMPDIR": self._folder,
            "TEMP": self._folder,
            "HOME": self._folder,
            "AWS_ENDPOINT_URL": f"http://{self.dead_address}",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": nowhere,
            "AWS_SHARED_CREDENTIALS_FILE": nowhere,
            "AWS_MAX_ATTEMPTS": "1",
        }

    def _first_line(self) -> str:
        try:
            return self._process.first_line(START_SECONDS)
        except SilentError as silent:
            raise self._failed(str(silent)) from None

    def _connect(self, line: str) -> Any:
        """Return a channel to the address of `CORE|PROTOCOL|NETWORK|ADDRESS|grpc|CERTIFICATE`."""
        parts = line.split("|")
        if len(parts) < 5 or parts[1] != PROTOCOL_VERSION or parts[4] != "grpc":
            raise self._failed(f"it answered {line!r}, not protocol {PROTOCOL_VERSION} over gRPC")
        address = f"unix:{parts[3]}" if parts[2] == "unix" else parts[3]
        return grpc.insecure_channel(
            address, options=[("grpc.max_receive_message_length", -1), ("grpc.enable_http_proxy", 0)]
        )

    def _failed(self, got: str) -> ModelkeelError:
        said = self._process.said(TAIL_LINES)
        return environment_error(
            f"the AWS provider {self._binary.version_text} does not work here",
            got=got + (f"; it said:\n    {chr(10).join(said)}" if said else ""),
            fix="try another build; a machine short of memory (it takes some 400 MB) ends it, too",
            location=str(self._binary.path),
        )
