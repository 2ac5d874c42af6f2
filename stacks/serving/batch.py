"""Batch serving: nothing runs until a model is approved, then a scheduled scoring workflow."""

from __future__ import annotations

import json

import pulumi

from stacks.components.batch_scoring import BatchScoring, BatchScoringArgs
from stacks.serving.ground import Exports, Ground
from stacks.serving.settings import BatchSettings
from stacks.settings import load


def deploy(ground: Ground) -> Exports:
    """Create the scheduled scoring; return the export `batch_records_uri`.

    A day's scored records, each with its input, lie below `batch_records_uri`/yyyy/mm/dd, in UTC. While no model
    is approved, the export `planned_transform` (JSON) says how large a job will be and when it will run, so
    that its cost is known before.
    """
    settings = load(BatchSettings, "serving", BatchSettings.PREFIX)
    bucket = ground.data.require("curated_bucket_name")
    output_uri = pulumi.Output.format("s3://{0}/curated/predictions", bucket)
    exports: Exports = {"batch_records_uri": output_uri}
    if not ground.settings.model_package_arn:
        job = {
            "instance_type": settings.instance_type,
            "instance_count": settings.instance_count,
            "schedule_expression": settings.schedule_expression,
        }
        return {**exports, "planned_transform": json.dumps(job, sort_keys=True)}
    scoring = BatchScoring(
        "scoring",
        BatchScoringArgs(
            platform=ground.platform,
            model_name=ground.model_name,
            input_uri=pulumi.Output.format("s3://{0}/curated/scoring", bucket),
            output_uri=output_uri,
            data_key_arn=ground.foundation.require("data_key_arn"),
            workflow_key_arn=ground.foundation.require("evidence_key_arn"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            scheduler_role_arn=ground.identity.require("scheduler_role_arn"),
            instance_type=settings.instance_type,
            instance_count=settings.instance_count,
            max_payload_mib=settings.max_payload_mib,
            content_type=settings.content_type,
            schedule_expression=settings.schedule_expression,
            schedule_timezone=settings.schedule_timezone,
            log_retention_days=ground.settings.log_retention_days,
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )
    return {**exports, "scoring_workflow_arn": scoring.workflow_arn, "batch_model_name": ground.model_name}
