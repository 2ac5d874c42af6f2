"""Topics, queues and the alarms that speak through them."""

from __future__ import annotations

from collections.abc import Iterator

from ..values import is_set
from ..view import Breach, Resource

TOPIC = "aws:sns/topic:Topic"


def messages_encrypted(resource: Resource) -> Iterator[Breach]:
    """MON-002. A queue may also be encrypted with a key that SQS keeps."""
    if is_set(resource["kmsMasterKeyId"]):
        return
    if resource.type == TOPIC or resource["sqsManagedSseEnabled"] is not True:
        yield Breach("messages are not encrypted", "kmsMasterKeyId")


def alarm_tells_somebody(alarm: Resource) -> Iterator[Breach]:
    """MON-001, for each alarm: one without an action is a light in an empty room."""
    if alarm["actionsEnabled"] is False:
        yield Breach("the alarm's actions are off", "actionsEnabled")
    elif not is_set(alarm["alarmActions"]):
        yield Breach("the alarm tells nobody", "alarmActions")
