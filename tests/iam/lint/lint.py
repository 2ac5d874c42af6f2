"""What parliament and cloudsplaining say of policy documents; runs in an environment of its own.

Reads {name: document} from standard input, writes [[name, finding, detail], ...]. Both know an older reference than AWS
has today: what they call unknown is judged by our own table of actions, in the tests.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from typing import Any

warnings.filterwarnings("ignore")

from cloudsplaining.scan.policy_document import PolicyDocument  # noqa: E402
from parliament import analyze_policy_string  # noqa: E402

RISKS = (
    "allows_privilege_escalation",
    "allows_data_exfiltration_actions",
    "permissions_management_without_constraints",
    "credentials_exposure",
    "service_wildcard",
    "write_actions_without_constraints",
)


def findings(name: str, document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for finding in analyze_policy_string(json.dumps(document)).findings:
        yield name, f"parliament {finding.issue}", json.dumps(finding.detail, default=str)
    read = PolicyDocument(document)
    for risk in RISKS:
        found = getattr(read, risk, None)
        for each in found or ():
            yield name, f"cloudsplaining {risk}", json.dumps(each, default=str)


def main() -> None:
    documents = json.load(sys.stdin)
    made = [row for name, document in documents.items() for row in findings(name, document)]
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
