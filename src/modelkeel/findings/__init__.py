"""Graph + controls -> findings: violation, pass, undetermined, waived, error."""

from modelkeel.findings.check import check
from modelkeel.findings.document import dumps, to_document
from modelkeel.findings.finding import Control, Finding, Findings, Foreign, Framework, Result

__all__ = ["Control", "Finding", "Findings", "Foreign", "Framework", "Result", "check", "dumps", "to_document"]
