"""Buckets, keys, storage classes, streams, feature groups."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from modelkeel.answers.data import STREAMS
from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.plan.size import data_gib
from modelkeel.tables.archetype import archetypes
from modelkeel.tables.region import regions

PURPOSES = ("raw", "curated", "features", "models", "capture", "logs")
ON_DEMAND_LIMIT = 200_000
SHARD_EVENTS = 1000
ONLINE_P99_MS = 100


@dataclass(frozen=True, kw_only=True)
class Storage:
    """Decided storage; periods are in days."""

    buckets: tuple[str, ...]
    key_classes: tuple[str, ...]
    intelligent_tiering_after_days: int
    archive_after_days: int
    noncurrent_days: int
    query_scan_limit_gib: int
    stream: bool
    stream_mode: str
    stream_shards: int
    stream_retention_hours: int
    firehose_buffer_mib: int
    firehose_buffer_seconds: int
    feature_store: str
    feature_groups: tuple[dict[str, Any], ...]
    decisions: tuple[Decision, ...]

    @property
    def online_features(self) -> bool:
        """Tell whether features can be read while a request waits."""
        return self.feature_store in {"offline_online", "online_inmemory"}


def plan(answers: Answers, regime: Regime, *, realtime: bool, evidence: bool) -> Storage:
    """Return where data lies, for how long, and how it arrives."""
    gib = data_gib(answers)
    store, store_decision = _feature_store(answers, gib, realtime=realtime)
    stream, streaming = _stream(answers)
    buckets, keys, split = _split(
        answers, regime, gib, store=store, realtime=realtime, stream=stream, evidence=evidence
    )
    tiering = 30 if gib >= 100 else 0
    archive = 180 if gib >= 1024 else 0
    noncurrent = 30 if regime.has("erasure") else 90
    scan = 10 if gib <= 10 else 100 if gib <= 1024 else 1000 if gib <= 51_200 else 5000
    mode = "provisioned" if answers.events_per_sec > ON_DEMAND_LIMIT else "on_demand"
    return Storage(
        buckets=buckets,
        key_classes=keys,
        intelligent_tiering_after_days=tiering,
        archive_after_days=archive,
        noncurrent_days=noncurrent,
        query_scan_limit_gib=scan,
        stream=stream,
        stream_mode=mode,
        stream_shards=math.ceil(answers.events_per_sec / SHARD_EVENTS / 0.6) if mode == "provisioned" else 0,
        stream_retention_hours=168 if regime.regulated else 24,
        firehose_buffer_mib=128 if answers.events_per_sec >= 1000 else 64,
        firehose_buffer_seconds=300,
        feature_store=store,
        feature_groups=_groups(answers, regime, store),
        decisions=(
            split,
            Decision(
                key="storage_classes",
                value={"intelligent_tiering_after_days": tiering, "archive_after_days": archive},
                reason=(
                    "Lake objects move to Intelligent-Tiering, raw ones to Glacier Instant Retrieval after half a year."
                    if archive
                    else "The lake is small: what tiering and archiving would save does not pay for its requests."
                    if not tiering
                    else "Lake objects move to Intelligent-Tiering; there is too little to archive."
                ),
                from_=("data_volume",),
                formula=f"lake {gib:g} GiB; tiering from 100 GiB, archive from 1,024 GiB",
                source="Amazon S3 User Guide, Storage classes; Amazon S3 pricing (a fee for each 1,000 objects)",
            ),
            _versions(noncurrent),
            _scan_limit(scan),
            *streaming,
            store_decision,
            _handling(answers, regime),
        ),
    )


def _versions(noncurrent_days: int) -> Decision:
    return Decision(
        key="noncurrent_days",
        value=noncurrent_days,
        reason=(
            "Overwritten versions go after a month: an erasure request must reach them too."
            if noncurrent_days == 30
            else "An overwritten table can be brought back for a quarter."
        ),
        from_=("frameworks",),
        source="Regulation (EU) 2016/679, Art. 17; Amazon S3 User Guide, Managing noncurrent versions",
    )


def _scan_limit(gib: int) -> Decision:
    return Decision(
        key="query_scan_limit_gib",
        value=gib,
        reason="One careless query cannot read the whole lake.",
        from_=("data_volume",),
        formula=f"{gib} GiB * 0.005 USD/GiB = {gib * 0.005:.2f} USD a query at most",
        source="Amazon Athena User Guide, Data usage control limits; 5 USD a TB scanned",
    )


def _feature_store(answers: Answers, gib: float, *, realtime: bool) -> tuple[str, Decision]:
    value = answers.feature_store
    lacking = "feature_store" in regions()[answers.region].lacks
    if value == "auto":
        fast = realtime and answers.p99_ms < ONLINE_P99_MS
        value = "offline_online" if fast else "offline" if realtime or gib > 1024 else "none"
        value = "none" if lacking or answers.model_family in LLM else value
    asked = answers.feature_store != "auto"
    reasons = {
        "offline_online": "As answered: features are ready while a request waits, and the offline copy trains."
        if asked
        else f"Answers within {answers.p99_ms} ms need features that are ready; the offline copy trains.",
        "offline": "Features are shared and joined as of a point in time; nobody reads them while a request waits.",
        "none": f"{answers.region} does not offer the store; features are tables in the lake."
        if lacking
        else "A language model reads text: there are no features to share."
        if answers.model_family in LLM
        else "One nightly table is the features; a store would only copy it.",
        "online_inmemory": "As answered; it keeps no offline copy.",
    }
    return value, Decision(
        key="feature_store",
        value=value,
        reason=reasons[value],
        from_=("feature_store", "serving_mode", "p99_ms", "data_volume", "model_family", "regions"),
        formula=""
        if asked
        else f"p99 {answers.p99_ms:,} ms; online below {ONLINE_P99_MS} ms"
        if realtime
        else f"lake {gib:g} GiB; a store from 1,024 GiB on",
        source="SageMaker Developer Guide, Feature Store concepts",
    )


def _handling(answers: Answers, regime: Regime) -> Decision:
    how = {
        "public": "no limits",
        "internal": "staff only",
        "pii": "tokens instead of names, erased on request",
        "phi": "eligible services only, kept apart, never in captures",
        "cardholder": "tokenised upstream; card numbers are refused by the data contract",
        "credentials_adjacent": "never stored; refused by the data contract",
    }
    return Decision(
        key="data_handling",
        value={kind: how[kind] for kind in answers.data_sensitivity},
        reason=f"The strictest kind decides the class of the whole platform: {regime.data_classification}.",
        from_=("data_sensitivity",),
        source="PCI DSS 4.0.1, 3.3 and 3.4; 45 CFR 164.514; Regulation (EU) 2016/679, Art. 25",
    )


def _groups(answers: Answers, regime: Regime, store: str) -> tuple[dict[str, Any], ...]:
    if store == "none":
        return ()
    online = store != "offline"
    return tuple(
        {
            "name": group.name,
            "record_identifier": group.record_identifier,
            "event_time": group.event_time,
            "online": online,
            # What is read while a request waits is about somebody: it never stays for ever.
            "ttl_days": (group.ttl_days or regime.capture_days) if online else 0,
            "features": [{"name": name, "type": kind} for name, kind in group.features.items()],
        }
        for group in archetypes()[archetypes()[answers.archetype].seed].feature_groups
    )


def _stream(answers: Answers) -> tuple[bool, tuple[Decision, ...]]:
    sources = [name for name in answers.ingestion if name in STREAMS]
    if not sources:
        return False, ()
    return True, (
        Decision(
            key="stream",
            value="provisioned" if answers.events_per_sec > ON_DEMAND_LIMIT else "on_demand",
            reason="Events arrive in a Kinesis stream that grows by itself, and Firehose writes them to the raw bucket."
            if sources == ["kinesis"]
            else "A rule of IoT Core brings what devices send into a Kinesis stream, and Firehose writes it to the raw"
            " bucket."
            if "msk" not in sources
            else "Firehose reads the topic of a Kafka cluster; other sources have a Kinesis stream that Firehose writes"
            " to the raw bucket, too.",
            from_=("ingestion", "events_per_sec"),
            formula=f"{answers.events_per_sec:,} events/s; on demand up to {ON_DEMAND_LIMIT:,}",
            source="Kinesis Data Streams Developer Guide, Capacity modes",
        ),
    )


def _split(
    answers: Answers, regime: Regime, gib: float, *, store: str, realtime: bool, stream: bool, evidence: bool
) -> tuple[tuple[str, ...], tuple[str, ...], Decision]:
    apart = regime.has("cmk_per_domain")
    wanted = {
        "raw": apart or stream or gib > 1024,
        "curated": True,
        "features": apart or store != "none",
        "models": True,
        "capture": apart or realtime,
        "logs": True,
    }
    buckets = tuple(name for name in PURPOSES if wanted[name])
    keys = ["data", *(["features"] if wanted["features"] and apart else []), "models"]
    keys += ["capture"] if apart else []
    keys += ["logs", *(["evidence"] if evidence and apart else [])]
    return (
        buckets,
        tuple(keys),
        Decision(
            key="buckets",
            value=list(buckets),
            reason=(
                f"Each class of data has its own bucket and key, as {regime.who_asks('cmk_per_domain')} asks."
                if apart
                else "Data of one kind shares a bucket; keys for data, for models and for logs keep duties apart."
            ),
            from_=("frameworks", "ingestion", "feature_store", "serving_mode", "data_volume"),
            formula=f"keys: {', '.join(keys)}",
            source="AWS KMS Developer Guide; PCI DSS 4.0.1, 3.6: keys by purpose",
        ),
    )
