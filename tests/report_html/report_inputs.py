"""Inputs of reports: a small platform, findings of every result, decisions and answers."""

from __future__ import annotations

from typing import Any

from cost.platform_graph import PROJECT, platform, resource, stack, urn

from modelkeel import cost
from modelkeel.graph import Graph
from modelkeel.report import html

SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html"


def finding(control: str, result: str, about: str | None, *, severity: str = "high", **more: Any) -> dict[str, Any]:
    return {
        "control": control,
        "result": result,
        "severity": severity,
        "urn": about,
        "program": "data",
        "environment": "prod",
        "path": "",
        "message": f"message of {control}",
        "remediation": f"remedy of {control}",
        "frameworks": [
            {"id": "gdpr", "clause": "32", "basis": "judgement"},
            {"id": "pci_dss_4", "clause": "10.2", "basis": "vendor-backed"},
            {"id": "pci_dss_4", "clause": "9.1", "basis": "vendor-backed"},
        ],
        "location": {"file": "stacks/data/__main__.py", "line": 7},
        "control_source": SOURCE,
        "waiver": None,
        "fingerprint": control + (about or ""),
        **more,
    }


def findings(*rows: dict[str, Any]) -> dict[str, Any]:
    summary: dict[str, Any] = dict.fromkeys(("violation", "error", "undetermined", "waived", "pass"), 0)
    for row in rows:
        summary[row["result"]] += 1
    summary["resource_types_without_control"] = {"aws:sns/topic:Topic": 1}
    return {
        "schema_version": 1,
        "tool_version": "0.1.0",
        "project": PROJECT,
        "environment": "prod",
        "summary": summary,
        "findings": list(rows),
    }


BUCKET = urn("data", "aws:s3/bucket:Bucket", "raw")
STREAM = urn("data", "aws:kinesis/stream:Stream", "events")
WAIVER = {"owner": "ada", "reason": "moved next month", "ticket": "SEC-12", "expires": "2027-01-31", "expired": False}
ROWS = (
    finding("bucket-versioned", "pass", BUCKET),
    finding("stream-encrypted", "violation", STREAM, severity="critical"),
    finding("stream-retained", "undetermined", STREAM, severity="low"),
    finding("bucket-logged", "waived", BUCKET, waiver=WAIVER),
    finding("account-watched", "pass", None),
)
PLAN: dict[str, Any] = {
    "schema_version": 1,
    "decisions": [
        {
            "key": "serving.instance_type",
            "value": "ml.c7i.2xlarge",
            "reason": "Trees of this size answer in 60 ms on a CPU.",
            "from": ["p99_ms", "model_family"],
            "formula": "p99 / 2",
            "source": SOURCE,
            "alternatives": ["ml.g5.xlarge: not needed"],
        }
    ],
}
ANSWERS: dict[str, Any] = {"project_name": "fraud", "peak_rps": 2000, "frameworks": ["pci_dss_4"], "gpu": False}


def report(graph: Graph | None = None, **changes: Any) -> str:
    chosen = platform() if graph is None else graph
    inputs: dict[str, Any] = {
        "graph": chosen,
        "findings": findings(*ROWS),
        "bill": cost.price(chosen),
        "plan": PLAN,
        "answers": ANSWERS,
    }
    return html.build(**{**inputs, **changes})


def one_resource(name: str, kind: str = "aws:s3/bucket:Bucket") -> Graph:
    from cost.platform_graph import graph

    return graph(stack("data", resource("data", kind, name)))
