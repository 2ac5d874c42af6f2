"""What a graph asks of the quotas of its account, and whether an account grants it."""

from modelkeel.quotas.document import dumps, to_document, wanted
from modelkeel.quotas.need import Demand, QuotaNeed
from modelkeel.quotas.needs import needed
from modelkeel.quotas.request import command
from modelkeel.quotas.verdict import Verdict, judge

__all__ = ["Demand", "QuotaNeed", "Verdict", "command", "dumps", "judge", "needed", "to_document", "wanted"]
