"""Two graphs of one environment compared: what an update would create, change, replace and delete, and why."""

from modelkeel.change.comparison import compare
from modelkeel.change.document import dumps, to_document
from modelkeel.change.model import Action, Change, Changes

__all__ = ["Action", "Change", "Changes", "compare", "dumps", "to_document"]
