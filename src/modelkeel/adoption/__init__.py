"""Existing resources that a program is to take over: the user's list held against the recorded graph."""

from modelkeel.adoption.bulk import bulk_document, bulk_text, config_text
from modelkeel.adoption.document import dumps, to_document
from modelkeel.adoption.listing import read, spoken
from modelkeel.adoption.matching import adopt
from modelkeel.adoption.model import Adoption, Adoptions, Difference, Wish

__all__ = [
    "Adoption",
    "Adoptions",
    "Difference",
    "Wish",
    "adopt",
    "bulk_document",
    "bulk_text",
    "config_text",
    "dumps",
    "read",
    "spoken",
    "to_document",
]
