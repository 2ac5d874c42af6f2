"""Values that one program exports and another reads; the only user of stack references."""

from __future__ import annotations

from typing import Any

import pulumi

from stacks.settings import Platform


class Upstream:
    """The exports of another program's stack in the same environment: ids and ARNs, never secrets.

    A preview of programs that were never deployed sets `modelkeel:assume_upstream`, which makes each
    export unknown; an update never reads that key, and names the program to deploy first.
    """

    def __init__(self, platform: Platform, program: str) -> None:
        self._program = program
        self._name = f"{pulumi.get_organization()}/{platform.project}-{program}/{platform.environment}"
        self._reference: pulumi.StackReference | None = None

    def require(self, export: str) -> pulumi.Output[Any]:
        """Return the export as an output.

        Raises (when the value resolves):
            LookupError: the upstream stack has no such export; the message names the program to deploy.
        """
        if _assumed():
            return pulumi.Output.from_input(unknown_value())
        # Made when it is first read: a program that is not planned, and of which nothing is read, is not missed.
        if self._reference is None:
            self._reference = pulumi.StackReference(self._program, self._name)
        return self._reference.outputs.apply(lambda outputs: self._pick(outputs, export))

    def _pick(self, outputs: dict[str, Any], export: str) -> Any:
        if export not in outputs:
            raise LookupError(
                f"the {self._program} stack exports no {export!r}: deploy {self._program} first, then this program"
            )
        return outputs[export]


def unknown_value() -> Any:
    """Return the SDK's unknown value: an output made of it is unknown to whoever reads it."""
    from pulumi.output import UNKNOWN  # noqa: PLC0415 (only a preview without upstream stacks needs it)

    return UNKNOWN


def _assumed() -> bool:
    return pulumi.runtime.is_dry_run() and bool(pulumi.Config("modelkeel").get_bool("assume_upstream"))
