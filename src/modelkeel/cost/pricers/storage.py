"""Buckets, streams, tables, catalogues, images and backups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.calendar import DAYS_A_MONTH, runs_per_month
from modelkeel.cost.facts import MONTH_HOURS, Facts, items, mapping, number
from modelkeel.cost.range import Range, assumed, because, exactly
from modelkeel.cost.use import Free, Gap, Part, Pricer, Use, assume
from modelkeel.graph import Resource, Stack

BUCKET = "aws:s3/bucket:Bucket"
BACKUP_PLAN = "aws:backup/plan:Plan"
DATASET_EXPORT = "dataset_gib"
DATASET_BUCKETS = ("raw", "curated", "lake")
KB_A_GB = 1_000_000
MILLION = 1_000_000
FREE_RETENTION_HOURS = 24
FIREHOSE_STEP_KB = 5


def bucket(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Storage and requests. The first lake bucket holds the data set whose size the program exports."""
    yield assume("storage", "s3-standard", "bucket_gb")
    size = number(stack.exports.get(DATASET_EXPORT))
    if size and _holds_dataset(stack, resource):
        yield Use(
            dimension="data set",
            sku="s3-standard",
            quantity=exactly(size),
            assumption=f"the program exports {DATASET_EXPORT} = {size}; all of it in S3 Standard",
        )
    yield assume("writes", "s3-put", "bucket_put_millions")
    yield assume("reads", "s3-get", "bucket_get_millions")


def _holds_dataset(stack: Stack, resource: Resource) -> bool:
    """Raw data lies in the raw bucket; without one in the bucket that stands in for it."""
    for purpose in DATASET_BUCKETS:
        for candidate in stack.resources:
            if candidate.type == BUCKET and candidate.name.split("-")[0] == purpose:
                return candidate.urn == resource.urn
    return False


def versioning(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Old versions of overwritten objects."""
    status = mapping(resource.inputs.get("versioningConfiguration")).get("status")
    if status != "Enabled":
        yield Free(reason="versioning is off")
        return
    yield Use(
        dimension="old versions",
        sku="s3-standard",
        quantity=assumed("bucket_gb") * assumed("noncurrent_share"),
        assumption=because("bucket_gb", "noncurrent_share"),
    )


def inventory(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Listed objects, about one a write."""
    yield assume("objects listed", "s3-inventory", "bucket_put_millions")


def stream(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """On demand: stream hours and data; provisioned: shard hours and put units; both: longer retention."""
    events = _events(facts, stack)
    gigabytes = stream_gigabytes(facts, stack)
    said = because("events_per_prediction", "event_record_kb", "stream_gb")
    retention = number(resource.inputs.get("retentionPeriod")) or Decimal(FREE_RETENTION_HOURS)
    longer = max(retention - FREE_RETENTION_HOURS, Decimal(0))
    if mapping(resource.inputs.get("streamModeDetails")).get("streamMode") != "ON_DEMAND":
        yield from _shards(resource, events, longer)
        return
    yield Use(dimension="stream", sku="kinesis-stream", quantity=exactly(MONTH_HOURS), assumption="all month")
    yield Use(dimension="data in", sku="kinesis-in", quantity=gigabytes, assumption=said)
    yield Use(
        dimension="data out",
        sku="kinesis-out",
        quantity=gigabytes * assumed("stream_readers"),
        assumption=f"{said}; {because('stream_readers')}",
    )
    if longer:
        yield Use(
            dimension="longer retention",
            sku="kinesis-retention",
            quantity=gigabytes * (longer / MONTH_HOURS),
            assumption=f"{retention} hours, {FREE_RETENTION_HOURS} of them free; {said}",
        )


def _shards(resource: Resource, events: Range, longer: Decimal) -> Iterator[Part]:
    shards = number(resource.inputs.get("shardCount"))
    if shards is None:
        yield Gap(dimension="shards", reason="the number of shards is unknown until deployment")
        return
    hours = exactly(shards * MONTH_HOURS)
    yield Use(dimension="shards", sku="kinesis-shard", quantity=hours, assumption=f"{shards} shards all month")
    yield Use(dimension="records in", sku="kinesis-put", quantity=events, assumption=because("events_per_prediction"))
    if longer:
        yield Use(dimension="longer retention", sku="kinesis-shard-retention", quantity=hours, assumption="all month")


def delivery(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Ingested records in steps of 5 KB, and conversion to a columnar format where it is on."""
    gigabytes = _events(facts, stack) * FIREHOSE_STEP_KB * (Decimal(MILLION) / KB_A_GB) + assumed("stream_gb")
    said = f"each record counts {FIREHOSE_STEP_KB} KB; {because('events_per_prediction', 'stream_gb')}"
    destination = mapping(resource.inputs.get("extendedS3Configuration"))
    yield Use(dimension="ingestion", sku="firehose-ingest", quantity=gigabytes, assumption=said)
    conversion = mapping(destination.get("dataFormatConversionConfiguration"))
    if conversion and conversion.get("enabled") is not False:
        yield Use(dimension="format conversion", sku="firehose-conversion", quantity=gigabytes, assumption=said)
    if mapping(destination.get("dynamicPartitioningConfiguration")).get("enabled") is True:
        yield Use(dimension="partitioning", sku="firehose-partitioning", quantity=gigabytes, assumption=said)


def stream_gigabytes(facts: Facts, stack: Stack) -> Range:
    """Return the gigabytes of events in a month."""
    return _events(facts, stack) * assumed("event_record_kb") * (Decimal(MILLION) / KB_A_GB) + assumed("stream_gb")


def _events(facts: Facts, stack: Stack) -> Range:
    return facts.predictions_millions(stack) * assumed("events_per_prediction")


def table(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Requests on demand or capacity by the hour; storage; point-in-time recovery where it is on."""
    if resource.inputs.get("billingMode") == "PAY_PER_REQUEST":
        yield assume("writes", "dynamodb-write", "table_writes_millions")
        yield assume("reads", "dynamodb-read", "table_reads_millions")
    else:
        for dimension, sku, key in (
            ("write capacity", "dynamodb-write-capacity", "writeCapacity"),
            ("read capacity", "dynamodb-read-capacity", "readCapacity"),
        ):
            units = number(resource.inputs.get(key))
            if units is None:
                yield Gap(dimension=dimension, reason="the provisioned capacity is unknown until deployment")
            else:
                yield Use(dimension=dimension, sku=sku, quantity=exactly(units * MONTH_HOURS), assumption="all month")
    yield assume("storage", "dynamodb-storage", "table_gb")
    if mapping(resource.inputs.get("pointInTimeRecovery")).get("enabled") is True:
        yield assume("point-in-time recovery", "dynamodb-recovery", "table_gb")


def repository(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Stored images."""
    yield assume("images", "ecr-storage", "image_gb")


def registry_scanning(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Enhanced scanning is charged by image; basic scanning is free."""
    if resource.inputs.get("scanType") != "ENHANCED":
        yield Free(reason="basic scanning is free")
        return
    yield assume("scanned images", "inspector-image", "image_scans")


def workgroup(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Data that queries scan."""
    yield assume("data scanned", "athena-scan", "athena_tb")


def crawler(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Crawler runs."""
    yield assume("runs", "glue-dpu", "crawler_dpu_hours")


def table_optimizer(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Merging and tidying of an Iceberg table, by the time that Glue computes."""
    yield assume("runs", "glue-dpu", "compaction_dpu_hours")


def backup_selection(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Warm copies: of a bucket the first in full and then the changes, of a table each copy in full."""
    stores = items(resource.inputs.get("resources"))
    buckets = sum(1 for arn in stores if isinstance(arn, str) and ":s3:::" in arn)
    tables = sum(1 for arn in stores if isinstance(arn, str) and ":dynamodb:" in arn)
    if buckets + tables < max(len(stores), 1):
        yield Gap(dimension="copies", reason="what is copied is unknown until deployment, or of an unpriced kind")
    if buckets:
        yield Use(
            dimension="copies of buckets",
            sku="backup-storage",
            quantity=assumed("backup_gb") * buckets,
            assumption=f"{buckets} buckets; {because('backup_gb')}",
        )
    if tables:
        kept = _copies_kept(facts.referred(resource, "planId", BACKUP_PLAN))
        yield Use(
            dimension="copies of tables",
            sku="backup-storage-dynamodb",
            quantity=assumed("table_gb") * tables * kept,
            assumption=f"{tables} tables, {kept} copies live at a time; {because('table_gb')}",
        )


def _copies_kept(plan: Resource | None) -> Decimal:
    """Return how many copies live at a time: days kept over days between runs, of each rule."""
    kept = Decimal(0)
    for rule in items(plan.inputs.get("rules")) if plan else ():
        days = number(mapping(mapping(rule).get("lifecycle")).get("deleteAfter"))
        runs = runs_per_month(str(mapping(rule).get("schedule")))
        if days is not None and runs is not None:
            kept += (days * runs / DAYS_A_MONTH).quantize(Decimal(1))
    return max(kept, Decimal(1))


def file_system(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """FSx for Lustre by its capacity; other throughputs than 125 MB/s/TiB are not in the table."""
    capacity = number(resource.inputs.get("storageCapacity"))
    throughput = number(resource.inputs.get("perUnitStorageThroughput"))
    if capacity is None or throughput is None:
        yield Gap(dimension="capacity", reason="capacity or throughput is unknown until deployment")
        return
    yield Use(dimension="capacity", sku=f"fsx-lustre-{throughput}", quantity=exactly(capacity), assumption="all month")


PRICERS: Mapping[str, Pricer] = {
    "aws:athena/workgroup:Workgroup": workgroup,
    "aws:backup/selection:Selection": backup_selection,
    "aws:dynamodb/table:Table": table,
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": registry_scanning,
    "aws:ecr/repository:Repository": repository,
    "aws:fsx/lustreFileSystem:LustreFileSystem": file_system,
    "aws:glue/catalogTableOptimizer:CatalogTableOptimizer": table_optimizer,
    "aws:glue/crawler:Crawler": crawler,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": delivery,
    "aws:kinesis/stream:Stream": stream,
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketV2:BucketV2": bucket,
    "aws:s3/bucketVersioning:BucketVersioning": versioning,
    "aws:s3/inventory:Inventory": inventory,
}
