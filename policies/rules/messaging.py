"""Topics, queues and the alarms that speak through them."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import statements
from ..principal import deputy, is_open, refuses_plain_http
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


def message_policy_closed(policy: Resource) -> Iterator[Breach]:
    """MON-004. A forged alert is as bad as a missed one."""
    found = statements(policy["policy"])
    for statement in found:
        if is_open(statement):
            yield Breach("everybody may send or read", f"policy.{statement.path}")
        elif deputy(statement):
            yield Breach(f"{deputy(statement)} may send on behalf of any account", f"policy.{statement.path}")
    if not any(refuses_plain_http(statement) for statement in found):
        yield Breach("no statement denies everybody when aws:SecureTransport is false", "policy")
