"""Kafka clusters: who gets in, and by what line."""

from __future__ import annotations

from collections.abc import Iterator

from ..values import at
from ..view import Breach, Resource

PRIVATE = (None, "DISABLED")


def kafka_closed(cluster: Resource) -> Iterator[Breach]:
    """STR-002. The first two are off where nothing is said, and a broker then asks nobody who he is."""
    who, line = cluster["clientAuthentication"], at(cluster["encryptionInfo"], "encryptionInTransit")
    if at(who, "sasl", "iam") is not True:
        yield Breach("clients do not sign in by IAM", "clientAuthentication.sasl.iam")
    if at(who, "unauthenticated") is True:
        yield Breach("clients get in without signing in", "clientAuthentication.unauthenticated")
    if at(line, "clientBroker") not in {None, "TLS"}:
        yield Breach("clients may talk in clear text", "encryptionInfo.encryptionInTransit.clientBroker")
    if at(line, "inCluster") is False:
        yield Breach("brokers talk to each other in clear text", "encryptionInfo.encryptionInTransit.inCluster")
    if at(cluster["brokerNodeGroupInfo"], "connectivityInfo", "publicAccess", "type") not in PRIVATE:
        path = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type"
        yield Breach("brokers have public addresses", path)
