"""The graphs that the cases are decided on, and the cases as questions."""

from __future__ import annotations

import functools
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import repositories
from iam.simulation import FORGOTTEN, Policies, Simulation

from modelkeel import answers
from modelkeel.graph import Graph
from modelkeel.iam.decision import Layers
from modelkeel.iam.estate import RESOURCE_CONTROL, SERVICE_CONTROL, Estate, Role, estate
from modelkeel.iam.request import Request, context
from modelkeel.iam.statement import Policy, policy
from modelkeel.tables.iam_action import actions

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS = {"dev": "111111111111", "prod": "333333333333"}
ORGANIZATION, STRANGER = "o-cardbank01", "999888777666"
OPEN = ("2026-11-25T18:00:00Z", "2026-11-26T06:00:00Z")
ISSUER = "token.actions.githubusercontent.com"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row of the table, filled in."""

    who: str
    env: str
    allowed: bool
    action: str
    resource: str
    context: Mapping[str, Any]
    why: str

    def __str__(self) -> str:
        return f"{self.env}-{self.who}-{self.why}".replace(" ", "-")


@dataclass(frozen=True, kw_only=True)
class World:
    """The graphs by environment, with the organization's beside each."""

    graphs: Mapping[str, Graph]
    estates: Mapping[str, Estate]


@functools.cache
def world() -> World:
    folder = Path(tempfile.mkdtemp()) / "card-fraud"
    made = answers.load(ROOT / "examples" / "fraud_realtime" / "answers.yml", data=["teams=pricing,safety"])
    repositories.written(made, folder)
    with (folder / "config/identity/Pulumi.prod.yaml").open("a", encoding="utf-8") as stream:
        stream.write(f'  identity:break_glass_from: "{OPEN[0]}"\n  identity:break_glass_until: "{OPEN[1]}"\n')
    shared = repositories.registered(folder, "shared")
    graphs = {name: repositories.registered(folder, name) for name in ACCOUNTS}
    return World(
        graphs=graphs,
        estates={name: estate(graph, shared) for name, graph in graphs.items()},
    )


def cases() -> list[Case]:
    """Return the rows of the table; the graphs are not needed to name them."""
    table = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))
    return [case for group in table["group"] for case in _group(group, table["requests"])]


def _group(group: Mapping[str, Any], requests: Mapping[str, list[str]]) -> Iterator[Case]:
    for answer, action, resource, words, why in group["cases"]:
        yield Case(
            who=group["who"],
            env=group["env"],
            allowed=answer == "allow",
            action=action,
            resource=resource,
            context=_context(f"{group.get('request', '')} {words}", requests),
            why=why,
        )


def _context(words: str, requests: Mapping[str, list[str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in words.split():
        if word in requests:
            found |= _context(" ".join(requests[word]), requests)
        elif word.startswith("-"):
            del found[word[1:]]
        else:
            key, _, value = word.partition("=")
            key = f"{ISSUER}:sub" if key == "sub" else key
            found[key] = value[1:-1].split(",") if value.startswith("[") else value
    return found


@functools.cache
def _words(env: str) -> dict[str, str]:
    account = ACCOUNTS[env]
    found = {
        "n": f"card-fraud-{env}",
        "env": env,
        "acc": account,
        "sm": f"arn:aws:sagemaker:eu-west-1:{account}:",
        "s3": "arn:aws:s3:::",
        "role": f"arn:aws:iam::{account}:role/mlops/{env}",
        "boundary": f"arn:aws:iam::{account}:policy/mlops/{env}/card-fraud-{env}-boundary",
    }
    for _, resource in world().graphs[env].resources():
        if resource.type == "aws:kms/key:Key":
            found[f"key_{resource.name}"] = str(resource.outputs["arn"])
    return found


def fill(value: Any, env: str) -> Any:
    if isinstance(value, list):
        return [fill(item, env) for item in value]
    words = _words(env)
    for word, text in words.items():
        value = value.replace(f"{{{word}}}", text)
    return value


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A case as our own question and as the simulator's."""

    request: Request
    layers: Layers
    context: Mapping[str, Any]

    def simulation(self, policies: Policies) -> Simulation:
        layers = self.layers

        def add(each: Policy) -> str:
            return policies.add(each.text)

        return Simulation(
            principal=self.request.principal,
            action=self.request.action,
            resource=self.request.resource,
            account=self.request.resource_account,
            context=self.context,
            identity=[add(each) for each in layers.identity],
            boundary=add(layers.boundary) if layers.boundary else "",
            service_control=[add(each) for each in layers.service_control],
            resource_control=[add(each) for each in layers.resource_control],
            resource_policy=add(layers.resource) if layers.resource else "",
        )


def ask(case: Case) -> Asked:
    """Return the question of a case, all layers in place."""
    env = case.env
    own = world().estates[env]
    principal, identity, boundary, account, organization = _principal(case, own)
    resource = fill(case.resource, env)
    target = resource.split(":")[4] if resource.count(":") > 4 else ""
    always: dict[str, Any] = {
        "aws:CurrentTime": "2026-11-25T12:00:00Z",
        "aws:RequestedRegion": "eu-west-1",
        "aws:SecureTransport": "true",
        "aws:ResourceAccount": target if target.isdigit() else ACCOUNTS[env],
    }
    if principal.startswith("arn:aws:iam") and ":oidc-provider/" not in principal:
        always |= {
            "aws:PrincipalArn": principal,
            "aws:PrincipalAccount": account,
            "aws:PrincipalIsAWSService": "false",
            "aws:PrincipalOrgID": organization,
            "aws:PrincipalTag/team": "pricing",
        }
    if ":oidc-provider/" in principal:
        always[f"{ISSUER}:aud"] = "sts.amazonaws.com"
    if case.action.startswith("s3:"):
        always["s3:TlsVersion"] = "1.3"
    given = carried(case.action, {**always, **{key: fill(value, env) for key, value in case.context.items()}})
    known, lists = context(given)
    owner = target if target.isdigit() else str(given["aws:ResourceAccount"])
    return Asked(
        request=Request(
            principal=principal,
            action=case.action,
            resource=resource,
            resource_account=owner,
            context=known,
            lists=lists,
        ),
        layers=Layers(
            identity=identity,
            boundary=boundary,
            service_control=own.control(SERVICE_CONTROL, rolled_out=True) if organization == ORGANIZATION else [],
            resource_control=own.control(RESOURCE_CONTROL, rolled_out=True),
            resource=own.resource_policy(resource),
        ),
        context=given,
    )


def carried(action: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys that a request of the action can carry: the table names the same for several actions."""
    keys = actions()[action.lower()].keys
    prefix = action.partition(":")[0] + ":"
    return {
        key: value
        for key, value in given.items()
        if keys is None
        or not key.startswith(prefix)
        or key in FORGOTTEN
        or any(key.lower().startswith(known) for known in keys)
    }


def _principal(case: Case, own: Estate) -> tuple[str, tuple[Policy, ...], Policy | None, str, str]:
    account = ACCOUNTS[case.env]
    everything = (policy("everything", EVERYTHING),)
    if case.who.startswith("service:"):
        return case.who.removeprefix("service:"), (), None, account, ORGANIZATION
    if case.who == "job":
        return f"arn:aws:iam::{account}:oidc-provider/{ISSUER}", (), None, account, ORGANIZATION
    if case.who == "stranger":
        return f"arn:aws:iam::{STRANGER}:role/admin", everything, None, STRANGER, "o-stranger01"
    if case.who == "admin":
        return f"arn:aws:iam::{account}:role/Admin", everything, None, account, ORGANIZATION
    if case.who.startswith("sso:"):
        name = f"AWSReservedSSO_{case.who.removeprefix('sso:')}_0123456789abcdef"
        role = f"arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/{name}"
        return role, everything, None, account, ORGANIZATION
    role = own.roles[case.who]
    return role.arn, role.identity, role.boundary, account, ORGANIZATION


def service_trusts(env: str) -> Iterator[tuple[str, Asked, bool]]:
    """Yield each role of a service as asked for by it: for a resource of this account, and for one of another."""
    for name, role in world().estates[env].roles.items():
        for statement in role.trust.statements:
            for kind, service in statement.principals:
                if kind == "Service":
                    source = next(row.values[0] for row in statement.conditions if row.key == "aws:SourceArn")
                    source = source.replace("*", "x")
                    yield name, _taken_on(role, service, source), True
                    yield name, _taken_on(role, service, source.replace(role.account, STRANGER)), False


def _taken_on(role: Role, service: str, source: str) -> Asked:
    given = {
        "aws:PrincipalIsAWSService": "true",
        "aws:SecureTransport": "true",
        "aws:SourceAccount": source.split(":")[4],
        "aws:SourceArn": source,
    }
    known, lists = context(given)
    request = Request(
        principal=service,
        action="sts:AssumeRole",
        resource=role.arn,
        resource_account=role.account,
        context=known,
        lists=lists,
    )
    return Asked(request=request, layers=Layers(resource=role.trust), context=given)
