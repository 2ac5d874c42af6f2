"""Settings of the data program; config namespace `data`.

Exports: `<purpose>_bucket_name` and `<purpose>_bucket_arn` for each of raw, curated, features, models,
capture and logs (a purpose without a bucket of its own exports the bucket that stands in for it; objects
lie below `<purpose>/`), `dataset_gib`, `glue_database_name`, `query_workgroup_name`, `feature_group_names` (list),
`online_feature_groups` (list of name, record_identifier, event_time_type),
`stream_name`, `stream_arn` (empty without a stream), `kafka_bootstrap_brokers`,
`kafka_client_security_group_id` and `kafka_producer_policy_arn` (empty without a cluster of this program),
`change_security_group_id` (which the database lets in; empty without a capture),
`backup_plan_id` and `backup_role_arn` (empty without a vault).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class DataSettings:
    """Where the environment's data lies, for how long, and how it arrives."""

    dataset_gib: int
    """GiB that the lake is expected to hold in this environment; exported, so that it can be priced."""
    buckets: list[str]
    """Purposes with a bucket of their own: curated, models and logs at least; raw, features, capture."""

    existing_raw_bucket: str = ""
    """A bucket of this account with raw data that others own; it is read and never changed, and raw data of a stream
    lies below `raw/` of the curated bucket. Empty: raw data has a bucket of this project."""

    intelligent_tiering_after_days: int
    """Days after which lake objects move to Intelligent-Tiering; 0: never."""

    archive_after_days: int
    """Days after which raw objects move to Glacier Instant Retrieval; 0: never."""

    noncurrent_days: int
    """Days for which overwritten and deleted versions are kept."""

    capture_retention_days: int
    """Days for which captured requests and predictions are kept."""

    access_log_retention_days: int
    """Days for which S3 access logs are kept."""

    object_lock_buckets: list[str]
    """Purposes whose bucket is created with Object Lock: `models`; never logs (S3 refuses), never personal data."""

    object_lock_mode: str
    """Default lock of those buckets: `off` (no default retention), `governance` or `compliance`."""

    object_lock_days: int
    """Days of the default lock; 0 when the mode is `off`."""

    releases_models: bool = False
    """A multi-model endpoint loads what lies below `models/released/`: only a deployment may write there."""

    log_group_retention_days: int
    """Days for which delivery logs are kept in CloudWatch Logs; one of the periods CloudWatch accepts."""

    query_scan_limit_gib: int
    """Most that one Athena query may scan, in GiB; 1 at least."""

    stream_enabled: bool
    """Create the Kinesis stream of events and its delivery to the raw bucket."""

    balancer_logs: bool = False
    """An internal load balancer writes its logs into the logs bucket, below `balancer/`."""

    devices: int = 0
    """Devices that send into the stream by IoT Core; 0: none do."""

    device_messages_per_sec: int = 0
    """Messages a second that all of them send at the busiest hour; exported, so that they can be priced."""

    device_hook_function_arn: str = ""
    """A Lambda function of yours that knows the serial numbers that may claim; empty: any claim passes."""

    device_rings: bool = False
    """Devices run the model: they join rings, and each may fetch what was packed and signed for devices."""

    device_defense: bool = False
    """This environment owns what an account has once for devices: the index of the fleet, IoT's log, the audit."""

    kafka_cluster_arn: str = ""
    """An MSK cluster that exists, with IAM authentication, private connectivity and a policy for Firehose; or empty."""

    kafka_topic: str = ""
    """The topic that is delivered to the raw bucket; in a cluster that exists it is there before this program runs."""

    kafka_lag_records: int = 0
    """Records that may wait in the topic before somebody is told; 0: any number."""

    kafka_brokers: int = 0
    """Brokers of a cluster that this program makes, a multiple of `kafka_zones`; 0: it makes none."""

    kafka_broker_type: str = ""
    """Size of those brokers: `kafka.m7g.large` and so on; not `kafka.t3.small`, which has no private connectivity."""

    kafka_version: str = "3.9.x.kraft"
    """Apache Kafka of the cluster: 3.6.0 at least, since topics are made by the API of MSK."""

    kafka_zones: int = 0
    """Zones that the brokers stand in: 2 or 3, the first private subnets of the network."""

    kafka_replicas: int = 0
    """Brokers that each record of the topic lies on; writers wait for all of them but one."""

    kafka_partitions: int = 0
    """Partitions of the topic; they can be added to, not taken away."""

    kafka_volume_gib: int = 0
    """GiB of each broker's disk at first."""

    kafka_volume_max_gib: int = 0
    """GiB up to which a disk grows by itself from 60 % on; as many as at first: it does not grow."""

    kafka_retention_hours: int = 0
    """Hours for which records can be read again from the topic."""

    stream_mode: str
    """`on_demand`, or `provisioned` with `stream_shards` shards."""

    stream_shards: int
    """Number of shards of a provisioned stream; 0 when on demand."""

    stream_retention_hours: int
    """Hours for which events can be read again: 24 to 8,760."""

    firehose_buffer_mib: int
    """MiB that Firehose gathers before it writes an object: 1 to 128."""

    firehose_buffer_seconds: int
    """Seconds after which Firehose writes what it has: 0 to 900."""

    change_engine: str = ""
    """Database whose changes are captured: postgresql, mysql, aurora_postgresql, aurora_mysql, oracle, sqlserver."""

    change_secret_arn: str = ""
    """Secret of this account with host, port, username and password of its reader; empty: nothing is captured."""

    change_secret_key_arn: str = ""
    """Key of that secret, where it is not the one that AWS keeps for Secrets Manager."""

    change_source_cidr: str = ""
    """Addresses that the database stands in, such as 10.1.2.0/24; the capture reaches nothing else."""

    change_database: str = ""
    """Name of the database within its server; MySQL needs none."""

    change_tables: list[str] = field(default_factory=lambda: ["%.%"])
    """Tables to capture as SCHEMA.TABLE; % stands for any text."""

    change_certificate_arn: str = ""
    """Certificate in DMS of who signed the database's: MySQL and Oracle encrypt the line with it alone."""

    change_instance_class: str = ""
    """Class of the replication instance."""

    change_multi_az: bool = False
    """Keep a second instance in another zone that takes over."""

    change_storage_gib: int = 0
    """GiB in which the instance keeps changes that wait."""

    event_columns: list[dict[str, str]] = field(default_factory=list)
    """Columns of the Iceberg table that events fill too: name, type (of Glue); none: events are objects alone.

    The table is filled from the Kafka topic where there is one, else from the stream; names are those of the record.
    """

    feature_groups: list[dict[str, Any]]
    """Feature groups: name, record_identifier, event_time, online (bool), ttl_days (0: none), features [{name, type}].

    A feature's type is `Integral`, `Fractional` or `String`.
    """

    backup_purposes: list[str]
    """Purposes whose bucket is copied into a vault: `curated` and `models`; empty: there is no vault."""

    backup_daily_days: int
    """Days for which a daily copy is kept; 0 without a vault."""

    backup_monthly_days: int
    """Days for which a monthly copy is kept; 0 without a vault."""

    backup_lock: bool
    """Lock the vault in governance mode: copies live neither shorter nor longer than the plan says."""

    backup_continuous: bool = False
    """Copy buckets continuously: they can be brought back to any moment of `backup_daily_days`, 35 at most."""

    sensitive_data_scan: bool
    """Let Macie search the lake and capture buckets daily for card and personal data; the account has Macie on."""
