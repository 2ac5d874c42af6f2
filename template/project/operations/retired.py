"""Configurations and models that updates have left behind.

Pulumi leaves the old ones standing (`retain_on_delete` in stacks/components/): were it to delete them at the end of an
update that SageMaker has rolled back, the live endpoint would lose the configuration and the model it runs on. So they
are removed here, after an update was seen live; the ones before the last stay, to go back to.
"""

from __future__ import annotations

from collections.abc import Sequence

from operations.asked import Endpoint
from operations.environment import Environment
from operations.live import Clients


def remove(clients: Clients, environment: Environment, asked: Sequence[Endpoint], *, kept: int = 1) -> list[str]:
    """Delete what neither serves nor was asked, but for the last `kept` of each endpoint; return their names.

    Only what carries the tags of the project and the environment is touched: another project's name may begin alike.
    """
    live = {clients.endpoint(endpoint.name).get("EndpointConfigName") for endpoint in asked}
    wanted = {endpoint.configuration_name for endpoint in asked} | live
    ours = [
        row["EndpointConfigName"]
        for row in clients.configurations(environment.prefix)
        if _is_ours(clients, environment, row["EndpointConfigArn"])
    ]
    former = [name for name in ours if name not in wanted]
    stay = {*wanted, *former[: kept * len(asked)]}
    models = {variant.model_name for endpoint in asked for variant in endpoint.variants}
    for name in stay:
        configuration = clients.configuration(name) if name else {}
        for key in ("ProductionVariants", "ShadowProductionVariants"):
            models |= {row.get("ModelName") for row in configuration.get(key, [])}
    for endpoint in asked:
        if any(variant.model_name is None for variant in endpoint.variants):
            models |= set(clients.component_models(endpoint.name))
    return [
        *_configurations(clients, [name for name in ours if name not in stay]),
        *_models(clients, environment, models),
    ]


def _configurations(clients: Clients, names: Sequence[str]) -> list[str]:
    for name in names:
        clients.sagemaker.delete_endpoint_config(EndpointConfigName=name)
    return list(names)


def _models(clients: Clients, environment: Environment, stay: set[str | None]) -> list[str]:
    gone = []
    for row in clients.models(environment.prefix):
        if row["ModelName"] not in stay and _is_ours(clients, environment, row["ModelArn"]):
            clients.sagemaker.delete_model(ModelName=row["ModelName"])
            gone.append(row["ModelName"])
    return gone


def _is_ours(clients: Clients, environment: Environment, arn: str) -> bool:
    tags = clients.tags(arn)
    return all(tags.get(key) == value for key, value in environment.tags.items()) and tags.get("stack") == "serving"
