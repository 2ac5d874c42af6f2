"""Cross-rules over environments, accounts, Regions and the network."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from modelkeel.answers.conflict import Conflict
from modelkeel.answers.model import Answers
from modelkeel.tables.region import regions

PRIVATE_RANGES = tuple(
    ipaddress.IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


SETS = ("environments", "regions", "frameworks", "serving_mode", "ingestion", "data_sensitivity", "teams")


def entries_for_each_environment(answers: Answers) -> Conflict | None:
    """Accounts and budgets are given for exactly the environments that exist."""
    for key in ("account_ids", "monthly_budget_usd"):
        given, wanted = set(getattr(answers, key)), set(answers.environments)
        if given == wanted:
            continue
        missing, extra = sorted(wanted - given), sorted(given - wanted)
        ways = [f"add {key}.{name}" for name in missing] + [f"drop {key}.{name}" for name in extra]
        return Conflict(
            what=f"{key} does not fit the environments",
            why=f"an entry for each of {', '.join(answers.environments)} and for no other",
            ways_out=tuple(ways),
            keys=("environments", key),
        )
    return None


def environments_once(answers: Answers) -> Conflict | None:
    """Nothing is listed twice."""
    for key in SETS:
        values = getattr(answers, key)
        if len(set(values)) != len(values):
            return Conflict(
                what=f"{key} lists something twice",
                why="each entry once",
                ways_out=("drop the repetition",),
                keys=(key,),
            )
    return None


def accounts_follow_the_model(answers: Answers) -> Conflict | None:
    """`single` means one account id, `per_env` a different one for each environment."""
    ids = answers.account_ids
    if answers.account_model == "single" and len(set(ids.values())) > 1:
        return Conflict(
            what="account_model is single, but several accounts are given",
            why="the same account id for every environment",
            ways_out=("account_model: per_env", "give each environment the same id"),
        )
    if answers.account_model != "single" and len(ids) > 1 and len(set(ids.values())) == 1:
        return Conflict(
            what="account_model asks for separate accounts, but every environment has the same one",
            why="different account ids",
            ways_out=("account_model: single", "give each environment an account of its own"),
        )
    return None


def regions_exist(answers: Answers) -> Conflict | None:
    """Regions are known and lie in one partition; the primary one is among those that data may lie in."""
    import difflib  # noqa: PLC0415 (only a mistake needs it)

    known = regions()
    for key in ("regions", "data_residency"):
        for name in getattr(answers, key):
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                return Conflict(
                    what=f"{name!r} is no AWS Region that Modelkeel knows",
                    why=", ".join(known),
                    ways_out=(f"did you mean {close[0]}?" if close else "choose a Region of the list",),
                    keys=(key,),
                )
    named = {known[name].partition for name in (*answers.regions, *answers.data_residency)}
    if len(named) > 1:
        return Conflict(
            what="the Regions lie in different AWS partitions",
            why="one partition: accounts and roles of one do not exist in another",
            ways_out=("drop the Regions of all but one of " + ", ".join(sorted(named)),),
            keys=("regions", "data_residency"),
        )
    if answers.data_residency and answers.region not in answers.data_residency:
        return Conflict(
            what="the primary Region is not among those that data may lie in",
            why=", ".join(answers.data_residency),
            ways_out=(f"add {answers.region} to data_residency", f"regions: [{answers.data_residency[0]}]"),
            keys=("regions", "data_residency"),
        )
    return None


def network_is_private(answers: Answers) -> Conflict | None:
    """The range for the networks is a true network of a private range."""
    ways = ("network_cidr: 10.20.0.0/16",)
    try:
        network = ipaddress.IPv4Network(answers.network_cidr)
    except ValueError as error:
        return Conflict(
            what=f"network_cidr is no network: {error}",
            why="an address without host bits, a slash, and a length from 8 to 24",
            ways_out=ways,
        )
    private = any(network.subnet_of(block) for block in PRIVATE_RANGES)
    if not private or not 8 <= network.prefixlen <= 24:
        return Conflict(
            what="network_cidr cannot hold the environments' networks",
            why="a block from /8 to /24 inside " + ", ".join(str(block) for block in PRIVATE_RANGES),
            ways_out=ways,
        )
    return None


def networks_do_not_overlap(answers: Answers) -> Conflict | None:
    """What is in use elsewhere is not used again: networks that overlap can never be joined."""
    try:
        network = ipaddress.IPv4Network(answers.network_cidr)
    except ValueError:
        return None
    try:
        taken = [ipaddress.IPv4Network(cidr) for cidr in answers.reserved_cidrs]
    except ValueError as error:
        return Conflict(
            what=f"reserved_cidrs holds what is no network: {error}",
            why="addresses without host bits, each with a slash and a length from 8 to 32",
            ways_out=("write each as 10.0.0.0/8",),
            keys=("reserved_cidrs",),
        )
    clash = next((block for block in taken if network.overlaps(block)), None)
    if clash is None:
        return None
    blocks = (block for whole in PRIVATE_RANGES for block in _sixteens(whole))
    free = next((block for block in blocks if not any(block.overlaps(other) for other in taken)), None)
    return Conflict(
        what="network_cidr overlaps a range that is in use elsewhere",
        why=f"a range beside {clash}",
        ways_out=((f"network_cidr: {free}",) if free else ()) + (f"drop {clash} from reserved_cidrs",),
    )


def _sixteens(whole: ipaddress.IPv4Network) -> Iterator[ipaddress.IPv4Network]:
    return whole.subnets(new_prefix=16) if whole.prefixlen < 16 else iter((whole,))


def a_second_region_for_the_highest_availability(answers: Answers) -> Conflict | None:
    """99.95 % needs a Region to fall back on."""
    if answers.availability == "99.95" and len(answers.regions) < 2:
        return Conflict(
            what="availability 99.95 needs a second Region",
            why="a primary and a standby Region",
            ways_out=(f"regions: [{answers.region}, ANOTHER]", "availability: '99.9'"),
        )
    return None


def an_organization_is_named(answers: Answers) -> Conflict | None:
    """The account of the organization's policies is of use only where the organization is known."""
    if answers.management_account_id and not answers.org_id:
        return Conflict(
            what="management_account_id is given, but no organization",
            why="both or neither: the policies name the organization whose principals they let in",
            ways_out=(
                "org_id: o-..., as `aws organizations describe-organization` shows",
                "drop management_account_id",
            ),
        )
    return None


RULES = (
    (("environments", "account_ids", "monthly_budget_usd"), entries_for_each_environment),
    (SETS, environments_once),
    (("account_model", "account_ids"), accounts_follow_the_model),
    (("regions", "data_residency"), regions_exist),
    (("org_id", "management_account_id"), an_organization_is_named),
    (("network_cidr",), network_is_private),
    (("network_cidr", "reserved_cidrs"), networks_do_not_overlap),
    (("availability", "regions"), a_second_region_for_the_highest_availability),
)
