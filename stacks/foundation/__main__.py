"""The foundation program: keys by data class, network, private endpoints, flow logs."""

import pulumi

from stacks import provider
from stacks.components.private_endpoints import PrivateEndpoints, PrivateEndpointsArgs
from stacks.components.workload_security_group import WorkloadSecurityGroup, WorkloadSecurityGroupArgs
from stacks.foundation import ways
from stacks.foundation.settings import FoundationSettings
from stacks.settings import Platform, load

platform = load(Platform, "platform")
settings = load(FoundationSettings, "foundation")
opts = provider.options(platform, "foundation")

keys = ways.keys(platform, settings, opts)
network = ways.network(platform, settings, keys.arns["logs"], opts)
endpoints = PrivateEndpoints(
    "services",
    PrivateEndpointsArgs(
        platform=platform,
        vpc_id=network.vpc_id,
        vpc_cidr=network.vpc_cidr,
        subnet_ids=network.private_subnet_ids[: settings.interface_endpoint_zones or None],
        route_table_ids=network.route_table_ids,
        gateways=settings.gateway_endpoints,
        interfaces=settings.interface_endpoints,
        packages=settings.amazon_linux_packages,
    ),
    opts,
)
jobs = WorkloadSecurityGroup(
    "jobs",
    WorkloadSecurityGroupArgs(
        vpc_id=network.vpc_id,
        description="Training and processing jobs",
        endpoints_security_group_id=endpoints.security_group_id,
        prefix_list_ids=endpoints.prefix_list_ids,
        talks_to_itself=True,
        internet=settings.egress != "none",
    ),
    opts,
)
models = (
    WorkloadSecurityGroup(
        "models",
        WorkloadSecurityGroupArgs(
            vpc_id=network.vpc_id,
            description="Model endpoints and transform jobs",
            endpoints_security_group_id=endpoints.security_group_id,
            prefix_list_ids=endpoints.prefix_list_ids,
            talks_to_itself=False,
        ),
        opts,
    )
    if settings.model_security_group
    else jobs
)

pulumi.export("vpc_id", network.vpc_id)
pulumi.export("private_subnet_ids", network.private_subnet_ids)
pulumi.export("private_subnet_cidrs", settings.private_subnet_cidrs)
pulumi.export("availability_zones", settings.availability_zones)
pulumi.export("job_security_group_id", jobs.security_group_id)
pulumi.export("endpoint_security_group_id", models.security_group_id)
pulumi.export("private_link_security_group_id", endpoints.security_group_id)
for data_class, arn in keys.arns.items():
    pulumi.export(f"{data_class}_key_arn", arn)
