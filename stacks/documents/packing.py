"""Statements packed into as few documents as their limit allows."""

from __future__ import annotations

from collections.abc import Iterable

from stacks.documents.statement import Document, Statement, document, size


def packed(statements: Iterable[Statement], limit_characters: int, what: str) -> list[Document]:
    """Return documents that hold the statements in their order, each within `limit_characters`.

    Raises:
        ValueError: one statement alone is longer than a document may be.
    """
    documents: list[Document] = []
    for statement in statements:
        alone = document([statement])
        if size(alone) > limit_characters:
            raise ValueError(
                f"{what}: the statement {statement.get('Sid', '')} does not fit into a document\n"
                f"  got: {size(alone)} characters\n  allowed: {limit_characters}\n"
                "  fix: name fewer actions, resources or instance types in one statement, or split it in two"
            )
        last = document([*documents[-1]["Statement"], statement]) if documents else alone
        if documents and size(last) <= limit_characters:
            documents[-1] = last
        else:
            documents.append(alone)
    return documents
