"""What an environment costs at least: only what runs all month, at list prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.errors import ModelkeelError, Problem
from modelkeel.plan import hours, private_links
from modelkeel.plan.decision import Decision
from modelkeel.plan.network import Network
from modelkeel.plan.private_links import MONTH_HOURS
from modelkeel.plan.serving_modes import ServingModes
from modelkeel.tables.instance import instances

FIREWALL_USD_PER_HOUR = 0.395
NAT_USD_PER_HOUR = 0.045
KEY_USD_PER_MONTH = 1.0


@dataclass(frozen=True, kw_only=True)
class Floor:
    """USD a month by environment, and by part of the largest one."""

    usd_per_month: Mapping[str, float]
    decisions: tuple[Decision, ...]


def plan(answers: Answers, modes: ServingModes, network: Network, keys: Mapping[str, int]) -> Floor:
    """Return the floor of each environment.

    Raises:
        ModelkeelError: a budget lies below its floor; every such environment is named with what it pays for.
    """
    parts = {
        name: _parts(name, modes.of(name), network, keys[name], _hours(answers, name)) for name in answers.environments
    }
    totals: dict[str, float] = {name: round(sum(rows.values()), 2) for name, rows in parts.items()}
    problems = [
        _problem(answers, name, totals[name], parts[name], modes)
        for name in answers.environments
        if answers.monthly_budget_usd[name] < totals[name]
    ]
    if problems:
        raise ModelkeelError(*problems)
    production = answers.environments[-1]
    return Floor(
        usd_per_month=totals,
        decisions=(
            Decision(
                key="least_usd_per_month",
                value=totals,
                reason="What runs all month, whether or not it is used; training, storage and traffic come on top.",
                from_=("peak_rps", "availability", "environments", "monthly_budget_usd", "egress", "dev_hours"),
                formula=f"{production}: " + " + ".join(f"{name} {usd:.0f}" for name, usd in parts[production].items()),
                source="List prices of us-east-1 without tax and discounts; `modelkeel cost` prices every resource",
            ),
        ),
    )


def _hours(answers: Answers, environment: str) -> int:
    """Return the hours a month in which a real-time endpoint of the environment stands."""
    return hours.hours_a_month(answers) if environment == "dev" else MONTH_HOURS


def _parts(environment: str, modes: ServingModes, network: Network, keys: int, awake: int) -> dict[str, float]:
    parts = {
        "private endpoints": private_links.usd_per_month(
            len(network.interface_endpoints), network.endpoint_zones[environment]
        ),
        "keys": keys * KEY_USD_PER_MONTH,
    }
    for kind, count, always in _standing(modes, environment):
        price = instances()[kind.removeprefix("ml.")].usd_per_hour or 0.0
        parts["endpoint"] = parts.get("endpoint", 0.0) + count * price * (MONTH_HOURS if always else awake)
    gateways = {"none": 0, "nat_single": 1, "nat_per_az": len(network.zones)}[network.egress[environment]]
    if gateways and network.made:
        parts["NAT gateways"] = gateways * NAT_USD_PER_HOUR * MONTH_HOURS
    if network.blocks[environment].firewall and network.made:
        parts["egress firewall"] = gateways * FIREWALL_USD_PER_HOUR * MONTH_HOURS
    return parts


def _standing(modes: ServingModes, environment: str) -> Iterator[tuple[str, int, bool]]:
    """Yield instance types of endpoints, how many of each run at least, and whether nights do not stop them."""
    for fleet in (modes.realtime, modes.many):
        if fleet is not None:
            yield fleet.instance_type, fleet.min_capacity[environment], False
    if modes.copies is not None:
        yield modes.copies.instance_type, modes.copies.min_instances[environment], True
    if modes.asynchronous is not None:
        yield modes.asynchronous.instance_type, modes.asynchronous.min_capacity[environment], True
    if modes.servers is not None:
        yield modes.servers.instance_type, modes.servers.min_machines[environment], False


def _problem(answers: Answers, name: str, total: float, parts: Mapping[str, float], modes: ServingModes) -> Problem:
    ways = [f"monthly_budget_usd.{name} of {int(total) + 1} or more"]
    if modes.has_endpoint:
        ways.append("serving_mode: [batch], a smaller peak_rps or a lower availability")
    return Problem(
        what=f"the budget of {name} is less than it costs at least",
        got=f"monthly_budget_usd.{name}={answers.monthly_budget_usd[name]}",
        allowed=f"{total:,.0f} USD a month or more: " + ", ".join(f"{part} {usd:,.0f}" for part, usd in parts.items()),
        fix="; or ".join(ways),
    )
