"""Chapters that every model has: registered, approved by others, live; and the evidence of it."""

from __future__ import annotations

from pathlib import Path

from ..governance import audit, evidence
from ..problem import NotAllowedError
from ..registry.local import Registry
from .story import Story

OPERATOR = "olga"
APPROVERS = ("grace", "edsger", "barbara")
_TOLD_ENTRIES = 6


def approve(registry: Registry, story: Story, candidate: Path, *, author: str) -> int:
    """Register `candidate`, try to approve one's own, have others approve, go live; return the version."""
    version = registry.register(candidate, author=author)
    story.say(f"version {version.number} is registered by {author}: {version.status}")
    return vote(registry, story, version.number, author=author)


def vote(registry: Registry, story: Story, number: int, *, author: str) -> int:
    """Let the author try to approve a pending version, have others approve it, go live; return the version."""
    version = registry.get(number)
    for person in (author, *APPROVERS[: version.approvers_needed]):
        try:
            voted = registry.vote(version.number, by=person, approve=True, reason="read the card and the gates")
            story.say(f"{person} approves: {voted.status}")
        except NotAllowedError as refused:
            story.say(f"{person} tries to approve: {refused.what}")
    registry.deploy(version.number, by=OPERATOR)
    story.say(f"version {registry.live()} is live")
    return version.number


def evidence_of(registry: Registry, story: Story) -> None:
    """Bundle the evidence of the live version, check it, and read the audit log."""
    story.chapter("Evidence")
    number = registry.live()
    assert number is not None
    bundle = evidence.bundle(registry.home, registry, number)
    story.figure("evidence of the release", f"{bundle.name}: {evidence.verify(bundle)} files, each with its hash")
    entries = audit.read(registry.home)
    story.figure("audit log", f"{len(entries)} entries, unbroken chain of hashes")
    for entry in entries[-_TOLD_ENTRIES:]:
        story.say(f"{entry['who']} {entry['action']} {entry['subject']}")
