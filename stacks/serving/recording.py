"""Records of an endpoint that captures nothing: made by whoever calls it, where the settings ask for them."""

from __future__ import annotations

import pulumi

from stacks.components.request_recorder import RequestRecorder, RequestRecorderArgs
from stacks.serving.ground import Exports, Ground


def deploy(ground: Ground, mode: str, percent: int, endpoint_name: str, variant_name: str) -> Exports:
    """Create the recorder of `mode`; return the exports `<mode>_records_uri`, `_recorder_name`, `_caller_policy_arn`.

    `percent` is the share of requests that callers record, which they are told by the export `<mode>_record_percent`;
    0: nobody records.
    """
    if not percent:
        return {}
    recorder = RequestRecorder(
        f"{mode.replace('_', '-')}-records",
        RequestRecorderArgs(
            platform=ground.platform,
            endpoint_name=endpoint_name,
            variant_name=variant_name,
            bucket_arn=ground.data.require("capture_bucket_arn"),
            kms_key_arn=ground.foundation.require("capture_key_arn"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            log_retention_days=ground.settings.log_retention_days,
        ),
        ground.opts,
    )
    return {
        f"{mode}_records_uri": pulumi.Output.format("{0}/{1}/{2}", ground.capture_uri, endpoint_name, variant_name),
        f"{mode}_recorder_name": recorder.stream_name,
        f"{mode}_caller_policy_arn": recorder.caller_policy_arn,
        f"{mode}_record_percent": str(percent),
    }
