"""A controller of one kind of job, in a namespace of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from stacks.charts import chart
from stacks.components.helm_chart import helm_chart

SYSTEM_MACHINES = {"purpose": "system"}


@dataclass(frozen=True, kw_only=True)
class OperatorChartArgs:
    """`values` are those of the chart; the table says version and namespace."""

    image_registry: str
    values: Mapping[str, Any] = field(default_factory=dict)


class OperatorChart(pulumi.ComponentResource):
    """A controller, and the kinds of resources that it brings."""

    def __init__(self, name: str, args: OperatorChartArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:kubernetes:OperatorChart", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        namespace = chart(name)["namespace"]
        if namespace != "kube-system":
            made = kubernetes.core.v1.Namespace(
                namespace,
                metadata={"name": namespace, "labels": {"pod-security.kubernetes.io/enforce": "baseline"}},
                opts=child,
            )
            child = pulumi.ResourceOptions(parent=self, depends_on=[made])
        helm_chart(name, args.values, args.image_registry, child)
        self.register_outputs({})
