"""What an endpoint keeps of requests and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pulumi
    from pulumi_aws.sagemaker import EndpointConfigurationDataCaptureConfigArgsDict


def capture_config(
    percent: int, uri: pulumi.Input[str], key_arn: pulumi.Input[str]
) -> EndpointConfigurationDataCaptureConfigArgsDict:
    """Return the capture of `percent` of the requests, input and output, below `uri`, encrypted with `key_arn`."""
    return {
        "enable_capture": percent > 0,
        "initial_sampling_percentage": percent,
        "destination_s3_uri": uri,
        "kms_key_id": key_arn,
        "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
        "capture_content_type_header": {
            "csv_content_types": ["text/csv"],
            "json_content_types": ["application/json"],
        },
    }
