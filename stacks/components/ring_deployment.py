"""A version of the registry as a Greengrass component, and the deployments that keep it on the rings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import provider
from stacks.documents import device_ring, edge_release
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class RingDeploymentsArgs:
    """`rings` says which version of the registry each ring runs; a ring that is not in it has no deployment."""

    platform: Platform
    component: str
    package: str
    architecture: str
    models_bucket: pulumi.Input[str]
    rings: Mapping[str, int]
    caution: edge_release.Caution


class RingDeployments(pulumi.ComponentResource):
    """A component for each version that a ring runs, and a deployment for each ring, which new devices of it get too.

    A component takes the digests of its artefacts when it is made: without what a release has packed and signed it
    cannot be made at all. So only an approved version reaches a ring, and a person says which and when.
    """

    def __init__(self, name: str, args: RingDeploymentsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:RingDeployments", name, None, opts)
        tags = provider.tags(args.platform, "serving")
        made = {
            version: aws.cloudcontrol.Resource(
                f"{name}-{version}",
                type_name=edge_release.COMPONENT_TYPE,
                desired_state=_component(args, version, tags),
                opts=pulumi.ResourceOptions(parent=self),
            )
            for version in sorted(set(args.rings.values()))
        }
        for ring in device_ring.RINGS:
            if ring not in args.rings:
                continue
            version = args.rings[ring]
            state = edge_release.deployment(
                args.component,
                version,
                ring=ring,
                group_arn=device_ring.group_arn(args.platform, ring),
                caution=args.caution,
                tags=tags,
            )
            aws.cloudcontrol.Resource(
                f"{name}-{ring}",
                type_name=edge_release.DEPLOYMENT_TYPE,
                desired_state=json.dumps(state),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[made[version]]),
            )
        self.register_outputs({})


def _component(args: RingDeploymentsArgs, version: int, tags: dict[str, str]) -> pulumi.Output[str]:
    def state(bucket: str) -> str:
        recipe = edge_release.recipe(
            args.component, version, bucket=bucket, package=args.package, architecture=args.architecture
        )
        return json.dumps({"InlineRecipe": json.dumps(recipe), "Tags": tags})

    return pulumi.Output.from_input(args.models_bucket).apply(state)
