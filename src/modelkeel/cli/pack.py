"""Which policies and waivers judge a graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from modelkeel import console, source
from modelkeel.errors import usage_error


@dataclass(frozen=True)
class Pack:
    """The folder of a policy pack, and the waiver file beside it if there is one."""

    policies: Path
    waivers: Path | None


def choose(directory: Path, policies: Path | None, *, has_graph_file: bool) -> Pack:
    """Return the pack named on the command line, else the repository's own, else the bundled one.

    Raises:
        ModelkeelError: the folder named holds no policy pack.
    """
    if policies is None and (directory / "policies" / "controls.toml").is_file():
        policies = directory / "policies"
    if policies is not None:
        if not (policies / "controls.toml").is_file():
            raise usage_error(
                "this folder holds no policy pack",
                got=str(policies),
                allowed="a folder with controls.toml and rules/",
                fix="--policies DIR, or leave it out",
            )
        waivers = policies / "waivers.toml"
        return Pack(policies, waivers if waivers.is_file() else None)
    if has_graph_file:
        console.say("no repository at hand: the bundled policies judge, without waivers")
        return Pack(source.bundle_root() / "policies", None)
    raise usage_error(
        "the repository has no policies",
        got=str(directory / "policies"),
        fix="restore the folder from version control, or name a pack with --policies DIR",
    )
