"""Addresses, zones, private endpoints, the way to the internet."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan import private_links
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.tables.region import regions

RESERVED_ADDRESSES = 5
GROWTH = 1.3
LARGEST_PREFIX = 16
SMALLEST_PRIVATE_PREFIX = 26
PUBLIC_PREFIX = 28
# Six blocks of /28 in a quarter: a public and a firewall subnet in each of three zones.
FILTERED_PREFIX = 25


@dataclass(frozen=True, kw_only=True)
class Block:
    """The addresses of one environment."""

    vpc_cidr: str
    private: tuple[str, ...]
    public: tuple[str, ...]
    firewall: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Network:
    """Decided addresses and ways in and out."""

    zones: tuple[str, ...]
    blocks: Mapping[str, Block]
    egress: Mapping[str, str]
    gateway_endpoints: tuple[str, ...]
    interface_endpoints: tuple[str, ...]
    endpoint_zones: Mapping[str, int]
    """In how many zones the interface endpoints of each environment stand."""
    dns_guard: bool
    made: bool
    """Whether the network is made here; else a network team gives it."""
    decisions: tuple[Decision, ...]


def zone_count(answers: Answers) -> int:
    """Return how many zones an environment spans: three from 99.9 % on, else two; fewer where the Region has fewer."""
    wanted = 3 if answers.availability in {"99.9", "99.95"} else 2
    return min(wanted, len(regions()[answers.region].zones))


def addresses_needed(instances: int, interface_endpoints: int) -> int:
    """Return addresses that one private subnet needs, with 30 % room and the five that AWS keeps.

    All instances may stand in one zone when the others are lost, so they are not divided by the zones.
    Source: Amazon VPC User Guide, Subnet CIDR blocks (first four addresses and the last are reserved).
    """
    return math.ceil((instances + interface_endpoints) * GROWTH) + RESERVED_ADDRESSES


def smallest_prefix(addresses: int, smallest: int = SMALLEST_PRIVATE_PREFIX) -> int:
    """Return the longest prefix, `smallest` at most, whose block holds `addresses`."""
    return min(smallest, 32 - math.ceil(math.log2(addresses)))


def plan(answers: Answers, regime: Regime, services: tuple[str, ...], instances: Mapping[str, int]) -> Network:
    """Return the network; `services` are the interface endpoints, `instances` the most that stand in a subnet.

    Raises:
        ModelkeelError: `network_cidr` is too small for the environments.
    """
    zones = zone_count(answers)
    names = regions()[answers.region].zone_names(zones)
    most = max(instances.values())
    needed = addresses_needed(most, len(services))
    prefix = smallest_prefix(needed)
    filtered = answers.egress == "allowlist" and regime.regulated
    # A quarter of the block holds the public subnets, and those of the firewall beside them.
    prefix = min(prefix, FILTERED_PREFIX) if filtered else prefix
    vpc_prefix = prefix - 2
    if vpc_prefix < LARGEST_PREFIX:
        raise usage_error(
            "the machines need more addresses than a VPC has",
            got=f"{most:,} machines, pods and file servers at once: {needed:,} addresses in each of {zones} zones",
            allowed="a VPC of /16: 16,384 addresses in a zone",
            fix="a smaller peak_rps, concurrent_jobs, data_volume or training_data_gib, or several projects",
        )
    blocks = _blocks(answers, zones, prefix, vpc_prefix)
    egress, way_out = _egress(answers, regime)
    gateways = {"none": 0, "nat_single": 1, "nat_per_az": zones}
    blocks = {
        name: Block(
            vpc_cidr=row.vpc_cidr,
            private=row.private,
            public=row.public[: gateways[egress[name]]],
            firewall=row.firewall[: gateways[egress[name]]] if filtered else (),
        )
        for name, row in blocks.items()
    }
    closed = all(way == "none" for way in egress.values())
    endpoint_zones = private_links.zones_of(answers, zones)
    guarded = answers.network == "create" and ((regime.regulated and closed) or answers.egress == "allowlist")
    return Network(
        zones=names,
        blocks=blocks,
        egress=egress,
        # The register of erasures is a table; a gateway costs nothing.
        gateway_endpoints=("dynamodb", "s3") if regime.has("erasure") else ("s3",),
        interface_endpoints=services,
        endpoint_zones=endpoint_zones,
        dns_guard=guarded,
        made=answers.network == "create",
        decisions=(
            _zones(names),
            _networks(answers, blocks, _formula(most, len(services), needed, zones, prefix), needed),
            way_out,
            *_domains(answers),
            _names(answers, regime, guarded=guarded),
            *private_links.decisions(answers, services, endpoint_zones),
        ),
    )


def _formula(machines: int, endpoints: int, needed: int, zones: int, prefix: int) -> str:
    return (
        f"ceil(({machines:,} for machines and pods + {endpoints} endpoints) * {GROWTH}) + {RESERVED_ADDRESSES}"
        f" = {needed:,} addresses -> /{prefix} a subnet; {zones} private subnets and a quarter for public ones"
        f" -> /{prefix - 2}"
    )


def _zones(names: tuple[str, ...]) -> Decision:
    return Decision(
        key="availability_zones",
        value=list(names),
        reason=f"{len(names)} zones: the loss of one leaves the service up.",
        from_=("availability", "regions"),
        source="SageMaker Developer Guide, Best practices for deploying models; tables/regions.toml",
    )


def _networks(answers: Answers, blocks: Mapping[str, Block], formula: str, needed: int) -> Decision:
    if answers.network == "existing":
        return Decision(
            key="networks",
            value={name: answers.existing_vpc_ids[name] for name in answers.environments},
            reason=f"As given; each subnet must have {needed:,} free addresses. Flow logs and names of the network are"
            " watched by who gives it.",
            from_=("network", "existing_vpc_ids", "existing_subnet_ids"),
            source="Amazon VPC User Guide, Subnet CIDR blocks: five addresses reserved",
        )
    return Decision(
        key="networks",
        value={name: row.vpc_cidr for name, row in blocks.items()},
        reason="Each environment has the next free block of your range: none overlap, so they can be joined.",
        from_=("network_cidr", "environments", "peak_rps", "concurrent_jobs"),
        formula=formula,
        source="Amazon VPC User Guide, Subnet CIDR blocks: /16 to /28, five addresses reserved",
    )


def _domains(answers: Answers) -> tuple[Decision, ...]:
    if answers.egress != "allowlist":
        return ()
    return (
        Decision(
            key="egress_domains",
            value=list(answers.egress_domains),
            reason="As answered; nothing else is reached. A job that installs packages or fetches weights while it runs"
            " needs the names of their index and hub here; what is in the image or in a bucket needs none.",
            from_=("egress", "egress_domains"),
            source="AWS Network Firewall Developer Guide, Stateful domain list rule groups",
        ),
    )


def _names(answers: Answers, regime: Regime, *, guarded: bool) -> Decision:
    if guarded and answers.egress == "allowlist":
        reason = "Only names of AWS, of the network and of the list are answered; every question is kept."
    elif guarded:
        reason = "A closed network still leaks by the names that it asks for: only AWS's and its own are answered."
    elif regime.regulated:
        reason = "The network has a way to the internet, whose names nobody can list; flow logs say who was called."
    else:
        reason = "No framework asks for it; without a way out, calls to other names lead nowhere."
    return Decision(
        key="dns_guard",
        value=guarded,
        reason=reason,
        from_=("frameworks", "egress"),
        source="Route 53 Developer Guide, DNS Firewall and Resolver query logging; NIST 800-53 SC-7(5), PCI DSS 1.3.2",
    )


def _blocks(answers: Answers, zones: int, prefix: int, vpc_prefix: int) -> dict[str, Block]:
    whole = ipaddress.IPv4Network(answers.network_cidr)
    count = len(answers.environments)
    available = 2 ** (vpc_prefix - whole.prefixlen) if vpc_prefix >= whole.prefixlen else 0
    if available < count:
        widest = vpc_prefix - math.ceil(math.log2(count))
        raise usage_error(
            "network_cidr is too small for the environments",
            got=f"network_cidr={answers.network_cidr}: {available} blocks of /{vpc_prefix}, {count} are needed",
            allowed=f"/{widest} or wider",
            fix=f"network_cidr: 10.20.0.0/{min(16, widest)}" if widest >= 8 else "drop an environment",
        )
    blocks: dict[str, Block] = {}
    for name, network in zip(answers.environments, whole.subnets(new_prefix=vpc_prefix), strict=False):
        quarters = list(network.subnets(prefixlen_diff=2))
        public = list(quarters[3].subnets(new_prefix=max(PUBLIC_PREFIX, prefix)))
        blocks[name] = Block(
            vpc_cidr=str(network),
            private=tuple(str(block) for block in quarters[:zones]),
            public=tuple(str(block) for block in public[:zones]),
            firewall=tuple(str(block) for block in public[zones : 2 * zones]),
        )
    return blocks


def _egress(answers: Answers, regime: Regime) -> tuple[dict[str, str], Decision]:
    wanted = answers.egress
    if wanted == "auto":
        wanted = "none"
    production = answers.environments[-1]
    zonal = answers.availability in {"99.9", "99.95"}
    value: dict[str, str] = {
        name: "none" if wanted == "none" else "nat_per_az" if zonal and name == production else "nat_single"
        for name in answers.environments
    }
    return value, Decision(
        key="egress",
        value=value,
        reason=(
            "Nothing in the network reaches the internet: services come through private endpoints, packages through"
            " the image."
            if wanted == "none"
            else "NAT gateways let jobs reach the internet; production has one in each zone."
            if wanted == "nat"
            else "NAT gateways behind a firewall that lets only listed names pass and drops all else."
            if regime.regulated
            else "NAT gateways; only listed names are answered. A program that knows an address gets through: a"
            " firewall that stops it costs 288 USD a month and zone."
        ),
        from_=("egress", "availability", "frameworks"),
        source="AWS PCI DSS and NIST controls SC-7, 1.3: inbound and outbound traffic is restricted; AWS Network"
        " Firewall pricing (0.395 USD an hour and endpoint, us-east-1)",
        alternatives=("nat: from 33 USD a month and gateway, plus 0.045 USD a GB",),
    )
