"""The instance table, renewed from EC2, from the Price List and from SageMaker's own list of types."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any

from modelkeel import aws
from modelkeel.catalog import price_list
from modelkeel.catalog.price_list import ListPrice
from modelkeel.catalog.price_renewal import sagemaker_price
from modelkeel.catalog.renewal import Kept, Renewal
from modelkeel.errors import ModelkeelError
from modelkeel.tables import instance
from modelkeel.tables.prices import HOME_REGION
from modelkeel.tables.region import regions

# What SageMaker's API model does not tell.
_OTHER_USES = ("training_plan",)
_NOT_ASKED = re.compile(r"; offers of Regions that were not asked are of \d{4}-\d{2}-\d{2}: [a-z0-9, -]+")


def renew(text: str, make: aws.Clients, today: datetime.date) -> Renewal:
    """Return the instance document in `text` with hardware, offers, uses and prices as AWS tells them now.

    A Region that does not answer (no opt-in, another partition) keeps its offers, and the source says which. New
    instance types are not added: their devices and quotas are written by hand. The date moves when no row was kept.

    Raises:
        ModelkeelError: AWS refuses or does not answer in us-east-1 (exit code 3).
    """
    document = json.loads(text)
    uses = aws.sagemaker_uses()
    offers, silent = _offers(make)
    hardware = _hardware_of({row["name"] for row in document["instances"]}, offers, make)
    rows, kept = [], []
    for row in document["instances"]:
        known = hardware.get(row["name"])
        rows.append({**_renewed(row, known, uses, offers), **_priced(row, make)})
        if known is None:
            kept.append(Kept(row["name"], "no Region that answers has this type: its hardware stays"))
    checked = document["checked"] if kept else today.isoformat()
    renewed = len(rows) - len(kept)
    source = _NOT_ASKED.sub("", document["source"])
    if silent:
        source += f"; offers of Regions that were not asked are of {document['checked']}: {', '.join(silent)}"
        kept += [Kept(region, "the Region did not answer: its offers stay") for region in silent]
    lacking = sorted((uses["training"] | uses["hosting"]) - {f"ml.{row['name']}" for row in rows})
    if lacking:
        kept.append(Kept("types that the table lacks", f"they are added by hand: {', '.join(lacking)}"))
    after = dumps({"source": source, "checked": checked, "instances": rows})
    return Renewal(file=instance.FILE, before=text, after=after, renewed=renewed, kept=tuple(kept))


def dumps(document: Mapping[str, Any]) -> str:
    """Return the canonical text of an instance document: one row a line, rows sorted by name, keys sorted."""
    ordered = sorted(document["instances"], key=lambda row: str(row["name"]))
    rows = ",\n".join(json.dumps(row, sort_keys=True) for row in ordered)
    header = f'"source": {json.dumps(document["source"])}, "checked": {json.dumps(document["checked"])}'
    return f'{{{header}, "instances": [\n{rows}\n]}}\n'


def _offers(make: aws.Clients) -> tuple[dict[str, frozenset[str]], list[str]]:
    """Return what each Region offers, and the Regions that do not answer: credentials are of one partition."""
    offers = {HOME_REGION: aws.offered_types(make, HOME_REGION)}
    silent = []
    for region in regions().values():
        if region.name == HOME_REGION:
            continue
        if region.partition != regions()[HOME_REGION].partition:
            silent.append(region.name)
            continue
        try:
            offers[region.name] = aws.offered_types(make, region.name)
        except ModelkeelError:
            silent.append(region.name)
    return offers, silent


def _hardware_of(
    names: set[str], offers: Mapping[str, frozenset[str]], make: aws.Clients
) -> dict[str, Mapping[str, Any]]:
    """Describe the types, each in a Region that offers it; us-east-1 has most of them."""
    found: dict[str, Mapping[str, Any]] = {}
    for region, offered in offers.items():
        if (names - set(found)) & offered:
            found = {**aws.instance_types(make, region), **found}
    return found


def _renewed(
    row: Mapping[str, Any],
    known: Mapping[str, Any] | None,
    uses: Mapping[str, frozenset[str]],
    offers: Mapping[str, frozenset[str]],
) -> dict[str, Any]:
    name = row["name"]
    taken = [use for use, types in uses.items() if f"ml.{name}" in types]
    places = [region for region, types in offers.items() if name in types]
    return {
        **row,
        **(_hardware(known) if known else {}),
        "uses": sorted({*taken, *(use for use in row["uses"] if use in _OTHER_USES)}),
        "regions": sorted({*places, *(region for region in row["regions"] if region not in offers)}),
    }


def _hardware(known: Mapping[str, Any]) -> dict[str, Any]:
    """Source: EC2 API Reference, InstanceTypeInfo."""
    network = known["NetworkInfo"]
    return {
        "architecture": next(kind for kind in known["ProcessorInfo"]["SupportedArchitectures"] if kind != "i386"),
        "vcpus": known["VCpuInfo"]["DefaultVCpus"],
        "memory_gib": known["MemoryInfo"]["SizeInMiB"] / 1024,
        "nvme_gb": known.get("InstanceStorageInfo", {}).get("TotalSizeInGB", 0),
        "efa_interfaces": network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 0),
        "max_enis": network["MaximumNetworkInterfaces"],
        "ips_per_eni": network["Ipv4AddressesPerInterface"],
        "spot": "spot" in known["SupportedUsageClasses"],
        "capacity_block": "capacity-block" in known["SupportedUsageClasses"],
    }


def _priced(row: Mapping[str, Any], make: aws.Clients) -> dict[str, Any]:
    """Source: AWS Price List, AmazonEC2 with shared tenancy and Linux, AmazonSageMaker; a price not listed stays."""
    filters = [
        ("TERM_MATCH", "instanceType", row["name"]),
        ("TERM_MATCH", "regionCode", HOME_REGION),
        ("TERM_MATCH", "operatingSystem", "Linux"),
        ("TERM_MATCH", "tenancy", "Shared"),
        ("TERM_MATCH", "preInstalledSw", "NA"),
        ("TERM_MATCH", "capacitystatus", "Used"),
    ]
    found = price_list.find(aws.products(make, "AmazonEC2", filters))
    priced: dict[str, Any] = {"ec2_usd_per_hour": float(found.usd)} if isinstance(found, ListPrice) else {}
    own = sagemaker_price(make, f"ml.{row['name']}", HOME_REGION)
    if isinstance(own, ListPrice):
        priced |= {"usd_per_hour": float(own.usd), "price_basis": "observed"}
    return priced
