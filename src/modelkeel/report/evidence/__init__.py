"""Evidence for an auditor: what was checked for which clause, with which result, on which resources."""

from modelkeel.report.evidence.bundle import bundle
from modelkeel.report.evidence.document import to_document

__all__ = ["bundle", "to_document"]
