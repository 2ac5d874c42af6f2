"""Behind the internal load balancer: passes a request to the one endpoint, signed as the function's role."""

import base64
import json
import os
import sys
import time
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

PATH = "/predictions"
_RUNTIME = boto3.client(
    "sagemaker-runtime", config=Config(connect_timeout=2, read_timeout=60, retries={"total_max_attempts": 1})
)
_COMPONENT = {"InferenceComponentName": name} if (name := os.environ.get("COMPONENT_NAME")) else {}
# What the endpoint says of a request that is not its fault stays inside: the caller hears that there is an error.
_STATUS = {"ValidationError": 400, "ModelNotReadyException": 503, "ThrottlingException": 429}


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a request of the load balancer: `POST /predictions` with JSON."""
    if event["path"] != PATH:
        return _said(404, "no such path")
    if event["httpMethod"] != "POST":
        return _said(405, "only POST is taken")
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return _said(415, "only application/json is taken")
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    begun = time.monotonic()
    status, answer = _invoke(content)
    line = {
        "requestId": headers.get("x-amzn-trace-id", ""),
        "status": status,
        "bytes": len(content),
        "latencyMs": round(1000 * (time.monotonic() - begun)),
    }
    _tell(line)
    return _said(status, answer) if status != 200 else _answer(200, answer)


def _invoke(content: bytes) -> tuple[int, str]:
    try:
        answer = _RUNTIME.invoke_endpoint(
            EndpointName=os.environ["ENDPOINT_NAME"],
            ContentType="application/json",
            Accept="application/json",
            Body=content,
            **_COMPONENT,
        )
        return 200, answer["Body"].read().decode()
    except ClientError as error:
        original = error.response.get("OriginalStatusCode", 0)
        code = error.response["Error"]["Code"]
        if 400 <= original < 500:
            return 400, "the request is not one that the model takes"
        _tell({"refused": code, "message": str(error)[:300]})
        status = _STATUS.get(code, 503)
        return status, "the request is refused" if status < 500 else "the model does not answer"
    except BotoCoreError as error:
        _tell({"failed": type(error).__name__})
        return 504, "the model does not answer in time"


def _said(status: int, message: str) -> dict[str, Any]:
    return _answer(status, json.dumps({"message": message}))


def _tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


def _answer(status: int, body: str) -> dict[str, Any]:
    return {
        "statusCode": status,
        "statusDescription": str(status),
        "isBase64Encoded": False,
        "headers": {"Content-Type": "application/json"},
        "body": body,
    }
