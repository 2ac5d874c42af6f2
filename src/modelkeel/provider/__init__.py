"""The real AWS provider, where a build of it is at hand: what it says of every resource of a graph."""

from modelkeel.provider.asking import Judge, validate
from modelkeel.provider.discovery import Binary, at_hand, find
from modelkeel.provider.replacing import Planner
from modelkeel.provider.validation import NotVerifiable, Place, Validation, Verdict, dumps, to_document

__all__ = [
    "Binary",
    "Judge",
    "NotVerifiable",
    "Place",
    "Planner",
    "Validation",
    "Verdict",
    "at_hand",
    "dumps",
    "find",
    "to_document",
    "validate",
]
