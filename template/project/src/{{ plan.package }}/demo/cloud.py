"""The same release on AWS's own interfaces, answered by moto in this process: nothing leaves the machine."""

from __future__ import annotations

import os
from pathlib import Path

from ..registry import sagemaker
from ..registry.local import Registry
from ..settings import Settings
from .release import APPROVERS
from .story import Story

_FAKE = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-west-1"}


def rehearse(home: Path, settings: Settings, story: Story) -> None:
    """Register the live version as a SageMaker model package, pending, and approve it as a person does."""
    story.chapter("The same registry on AWS's interfaces")
    try:
        from moto import mock_aws
    except ImportError:
        story.say("left out: moto is not installed (it is in the dev group)")
        return
    registry = Registry(home, settings.approval.approvers_needed)
    number = registry.live()
    assert number is not None
    kept = {name: os.environ.get(name) for name in _FAKE}
    os.environ.update(_FAKE)
    try:
        with story.working("moto: S3 and SageMaker"), mock_aws():
            _release(registry, number, settings, story)
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _release(registry: Registry, number: int, settings: Settings, story: Story) -> None:
    place = sagemaker.Place(
        bucket=f"{settings.project.name}-models",
        group=settings.project.name,
        image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/ml:0.1.0",
    )
    sagemaker.prepare(place)
    arn = sagemaker.register(registry, number, place)
    story.figure("model package", arn)
    story.figure("its state", sagemaker.status(arn))
    needed = settings.approval.approvers_needed
    for person in (registry.get(number).author, *APPROVERS[:needed]):
        try:
            reached = sagemaker.approve(arn, by=person, reason="read the card and the gates", needed=needed)
            story.say(f"{person} approves: {reached}")
        except sagemaker.NotAllowedError as refused:
            story.say(f"{person} tries to approve: {refused.what}")
    story.figure("approved by", ", ".join(sagemaker.require(arn, needed)))
