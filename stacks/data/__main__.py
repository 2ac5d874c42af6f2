"""The data program: buckets, catalogue, streams, feature groups."""

import pulumi

from stacks import placement, provider
from stacks.components.data_catalog import DataCatalog, DataCatalogArgs
from stacks.components.event_stream import EventStream, EventStreamArgs
from stacks.components.feature_store import FeatureStore, FeatureStoreArgs
from stacks.components.lake import Lake, LakeArgs
from stacks.components.sensitive_data_scan import SensitiveDataScan, SensitiveDataScanArgs
from stacks.data import change_capture, copies, devices, event_table, kafka
from stacks.data.settings import DataSettings
from stacks.settings import Platform, load
from stacks.upstream import Upstream

platform = load(Platform, "platform")
settings = load(DataSettings, "data")
opts = provider.options(platform, "data")
foundation = Upstream(platform, "foundation")
keys = {data_class: foundation.require(f"{data_class}_key_arn") for data_class in placement.KEY_CLASSES}

lake = Lake("lake", LakeArgs(platform=platform, settings=settings, key_arns=keys), opts)
catalog = DataCatalog(
    "catalog",
    DataCatalogArgs(
        platform=platform,
        location=pulumi.Output.concat("s3://", lake.bucket_names["curated"], "/curated/tables/"),
        results_location=pulumi.Output.concat("s3://", lake.bucket_names["curated"], "/query-results/"),
        kms_key_arn=keys["data"],
        log_kms_key_arn=keys["logs"],
        scan_limit_gib=settings.query_scan_limit_gib,
    ),
    opts,
)

stream = None
if settings.stream_enabled:
    stream = EventStream(
        "events",
        EventStreamArgs(
            platform=platform,
            bucket_arn=lake.bucket_arns[placement.bucket_of("raw", settings.buckets)],
            kms_key_arn=keys["data"],
            log_kms_key_arn=keys["logs"],
            mode=settings.stream_mode,
            shards=settings.stream_shards,
            retention_hours=settings.stream_retention_hours,
            buffer_mib=settings.firehose_buffer_mib,
            buffer_seconds=settings.firehose_buffer_seconds,
            log_retention_days=settings.log_group_retention_days,
        ),
        opts,
    )

events = kafka.ingestion(platform, settings, foundation, keys, lake.bucket_arns["raw"], opts)

if settings.event_columns:
    event_table.filled(platform, settings, event_table.Ground(lake, catalog, keys), stream, events, opts)

changes = change_capture.capture(platform, settings, foundation, keys, lake, opts)

fleet, rings = devices.admitted(platform, settings, lake, keys, stream, opts)

features = None
if settings.feature_groups:
    features = FeatureStore(
        "features",
        FeatureStoreArgs(
            platform=platform,
            groups=settings.feature_groups,
            bucket_name=lake.bucket_names["features"],
            bucket_arn=lake.bucket_arns["features"],
            kms_key_arn=keys["features"],
            database_name=catalog.database_name,
        ),
        opts,
    )

if settings.sensitive_data_scan:
    scanned = {placement.bucket_of(purpose, settings.buckets) for purpose in ("raw", "curated", "capture")}
    scan_args = SensitiveDataScanArgs(
        platform=platform, bucket_names=[lake.bucket_names[purpose] for purpose in sorted(scanned)]
    )
    SensitiveDataScan("sensitive-data", scan_args, opts)

vault = copies.kept(platform, settings, lake, keys, opts)

for purpose in placement.PURPOSES:
    pulumi.export(f"{purpose}_bucket_name", lake.bucket_names[purpose])
    pulumi.export(f"{purpose}_bucket_arn", lake.bucket_arns[purpose])
pulumi.export("dataset_gib", settings.dataset_gib)
pulumi.export("glue_database_name", catalog.database_name)
pulumi.export("query_workgroup_name", catalog.workgroup_name)
pulumi.export("feature_group_names", features.group_names if features else [])
pulumi.export("online_feature_groups", features.online_groups if features else [])
pulumi.export("stream_name", stream.stream_name if stream else "")
pulumi.export("stream_arn", stream.arn if stream else "")
pulumi.export("kafka_bootstrap_brokers", events.bootstrap_brokers if events else "")
pulumi.export("kafka_client_security_group_id", events.client_security_group_id if events else "")
pulumi.export("kafka_producer_policy_arn", events.producer_policy_arn if events else "")
pulumi.export("change_security_group_id", changes.security_group_id if changes else "")
pulumi.export("device_messages_per_sec", settings.device_messages_per_sec)
pulumi.export("core_devices", settings.devices if rings else 0)
pulumi.export("device_claim_policy_name", fleet.claim_policy_name if fleet else "")
pulumi.export("device_template_name", fleet.template_name if fleet else "")
pulumi.export("device_group_name", fleet.thing_group_name if fleet else "")
pulumi.export("backup_plan_id", vault.plan_id if vault else "")
pulumi.export("backup_role_arn", vault.role_arn if vault else "")
