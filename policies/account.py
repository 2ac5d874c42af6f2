"""Which accounts the project looks after itself."""

from __future__ import annotations

from .values import Undetermined
from .view import View

# The account program owns all of these or none: where there is none, an organization's security team owns them.
OWNED_TOGETHER = (
    "aws:accessanalyzer/analyzer:Analyzer",
    "aws:cfg/recorder:Recorder",
    "aws:cloudtrail/trail:Trail",
    "aws:guardduty/detector:Detector",
    "aws:macie2/account:Account",
    "aws:securityhub/account:Account",
    "aws:securityhub/accountV2:AccountV2",
)


def managed_accounts(view: View) -> tuple[str, ...]:
    """Return the accounts whose singletons the project owns.

    Raises:
        Undetermined: the account program was not read, or owns none of them: an organization's team does.
    """
    if "account" not in view.programs:
        raise Undetermined("the account program is not among the stacks that were read")
    stacks = view.stacks("account")
    owned = tuple(stack for stack in stacks if view.within(stack, *OWNED_TOGETHER))
    if not owned:
        raise Undetermined("the account program leaves audit and detection to others: their owner answers for it")
    return owned
