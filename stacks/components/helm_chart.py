"""A Helm chart in the version that the table pins, with its images from where the network reaches them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from stacks.charts import chart, with_images

TIMEOUT_SECONDS = 600


def helm_chart(
    name: str, values: Mapping[str, Any], image_registry: str, opts: pulumi.ResourceOptions
) -> kubernetes.helm.v3.Release:
    """Return the release of the chart `name`; a release that does not come up is taken back.

    Raises:
        KeyError: the table has no such chart.
    """
    row = chart(name)
    return kubernetes.helm.v3.Release(
        name,
        name=name,
        chart=row["chart"],
        version=row["version"],
        namespace=row["namespace"],
        values=with_images(name, values, image_registry),
        atomic=True,
        timeout=TIMEOUT_SECONDS,
        repository_opts={"repo": row["repository"]} if "repository" in row else None,
        opts=opts,
    )
