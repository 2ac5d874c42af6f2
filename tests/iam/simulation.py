"""The IAM simulator, an external process: many requests in one run."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "simulator"
RESULTS = {
    "Allowed": "allowed",
    "ExplicitlyDenied": "explicitly denied",
    "ImplicitlyDenied": "implicitly denied",
}
# Keys that requests carry and the simulator's copy of the reference forgets, so that it would drop them: it gets
# them under names of the same kind that it keeps, in policies and requests alike.
FORGOTTEN = {
    "token.actions.githubusercontent.com:sub": "aws:PrincipalTag/token-subject",
    "token.actions.githubusercontent.com:aud": "aws:PrincipalTag/token-audience",
    "kms:ResourceAliases": "aws:CalledVia",
    'sagemaker:VolumeKmsKey"': 'aws:PrincipalTag/old-volume-key"',
    'sagemaker:OutputKmsKey"': 'aws:PrincipalTag/old-output-key"',
}


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """One request and the ids of the policies that bear on it."""

    principal: str
    action: str
    resource: str
    account: str
    context: Mapping[str, Any]
    identity: Sequence[str] = ()
    boundary: str = ""
    service_control: Sequence[str] = ()
    resource_control: Sequence[str] = ()
    resource_policy: str = ""

    @property
    def is_outsider(self) -> bool:
        return not self.principal.startswith("arn:") or ":oidc-provider/" in self.principal


@dataclass(kw_only=True)
class Policies:
    """Documents by id; equal documents share one."""

    documents: dict[str, Any] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)

    def add(self, document: str | Mapping[str, Any]) -> str:
        text = document if isinstance(document, str) else json.dumps(document)
        if text not in self._ids:
            self._ids[text] = f"p{len(self._ids)}"
            self.documents[self._ids[text]] = json.loads(text)
        return self._ids[text]


def require() -> None:
    """Skip where the simulator is not installed, and say how it is."""
    if shutil.which("node") is None:
        pytest.skip("node is missing: the IAM simulator runs on it")
    if not (FOLDER / "node_modules" / "@cloud-copilot" / "iam-simulate").is_dir():
        pytest.skip("the IAM simulator is missing: make simulator")


def run(policies: Policies, simulations: Sequence[Simulation]) -> list[str]:
    """Return what the simulator answers to each request, in the words of our own results."""
    require()
    rows = [
        {
            "principal": each.principal,
            "action": each.action,
            "resource": each.resource,
            "account": each.account,
            "context": dict(each.context),
            "identity": list(each.identity),
            "boundary": each.boundary or None,
            "serviceControl": None if each.is_outsider else list(each.service_control),
            "resourceControl": list(each.resource_control),
            "resourcePolicy": each.resource_policy or None,
        }
        for each in simulations
    ]
    given = json.dumps({"policies": policies.documents, "simulations": rows})
    for forgotten, kept in FORGOTTEN.items():
        given = given.replace(json.dumps(forgotten)[1:-1], json.dumps(kept)[1:-1])
    done = subprocess.run(
        ["node", "simulate.mjs"], input=given, capture_output=True, text=True, cwd=FOLDER, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(done.stdout)
    return [RESULTS.get(answer.get("result", ""), f"error {answer.get('error', '')}") for answer in answers]
