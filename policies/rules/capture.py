"""The capture of a database's changes."""

from __future__ import annotations

from collections.abc import Iterator

from ..values import is_set
from ..view import Breach, Resource

ENDPOINT = "aws:dms/endpoint:Endpoint"


def change_capture_private(resource: Resource) -> Iterator[Breach]:
    """STR-003. An endpoint says how one end is reached, an instance where the rows wait."""
    if not is_set(resource["kmsKeyArn"]):
        yield Breach("rows or passwords are not encrypted with a key of ours", "kmsKeyArn")
    if resource.type == ENDPOINT:
        if resource["sslMode"] in {None, "none"}:
            yield Breach("the line to the database is not encrypted", "sslMode")
        if is_set(resource["password"]):
            yield Breach("the password stands in the program's state", "password")
    elif resource["publiclyAccessible"] is not False:
        yield Breach("the instance has a public address", "publiclyAccessible")
