"""The state machine that stops an environment above its budget, as Amazon States Language with JSONata.

The actions that AWS Budgets offers attach policies and stop EC2 and RDS instances; none of them stops a SageMaker
endpoint or a training run (AWS Cost Management User Guide, "Configuring budget actions", read 2026-11-25). So the
budget is read every hour, and what runs is stopped by the services' own calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

STOPPED = "stopped"
GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class StopFacts:
    """Everything that the definition holds; `percent` is the share of the budget above which it acts."""

    partition: str
    account_id: str
    budget_name: str
    percent: int
    pipeline_name: str
    endpoint_names: Sequence[str]
    component_names: Sequence[str]
    topic_arn: str
    environment: str


def definition(facts: StopFacts) -> dict[str, Any]:
    """Return the state machine: read the budget; above it stop training runs, sleep components, delete endpoints.

    People are told only when something was stopped, not every hour of the rest of the month.
    """
    return {
        "Comment": "Stop what runs when the budget is spent",
        "QueryLanguage": "JSONata",
        "StartAt": "ReadBudget",
        "TimeoutSeconds": 900,
        "States": {**_looking(facts), **_stopping(facts), **_telling(facts)},
    }


def _looking(facts: StopFacts) -> dict[str, Any]:
    spent = "$number($states.result.Budget.CalculatedSpend.ActualSpend.Amount)"
    limit = "$number($states.result.Budget.BudgetLimit.Amount)"
    return {
        "ReadBudget": {
            **_call(facts, "budgets", "describeBudget"),
            "Arguments": {"AccountId": facts.account_id, "BudgetName": facts.budget_name},
            "Assign": {"over": f"{{% {spent} > {limit} * {facts.percent} / 100 %}}"},
            "Next": "IsSpent",
        },
        "IsSpent": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $over %}", "Next": "FindRuns"}],
            "Default": "Within",
        },
        "Within": {"Type": "Succeed"},
    }


def _stopping(facts: StopFacts) -> dict[str, Any]:
    running = "$states.result.PipelineExecutionSummaries[PipelineExecutionStatus = 'Executing'].PipelineExecutionArn"
    return {
        "FindRuns": {
            **_call(facts, "sagemaker", "listPipelineExecutions"),
            "Arguments": {"PipelineName": facts.pipeline_name, "MaxResults": 50},
            "Assign": {"runs": f"{{% [{running}] %}}"},
            "Next": "StopRuns",
        },
        "StopRuns": _each(
            facts,
            "{% $runs %}",
            "stopPipelineExecution",
            {"PipelineExecutionArn": "{% $states.input %}", "ClientRequestToken": "{% $uuid() %}"},
            counted="stopped_runs",
            following="SleepComponents",
        ),
        "SleepComponents": _each(
            facts,
            list(facts.component_names),
            "updateInferenceComponentRuntimeConfig",
            {"InferenceComponentName": "{% $states.input %}", "DesiredRuntimeConfig": {"CopyCount": 0}},
            counted="slept_components",
            following="DeleteEndpoints",
        ),
        "DeleteEndpoints": _each(
            facts,
            list(facts.endpoint_names),
            "deleteEndpoint",
            {"EndpointName": "{% $states.input %}"},
            counted="deleted_endpoints",
            following="IsNews",
        ),
    }


def _telling(facts: StopFacts) -> dict[str, Any]:
    stopped = "{% $stopped_runs + $slept_components + $deleted_endpoints > 0 %}"
    return {
        "IsNews": {"Type": "Choice", "Choices": [{"Condition": stopped, "Next": "Tell"}], "Default": "Within"},
        "Tell": {
            **_call(facts, "sns", "publish"),
            "Arguments": {"TopicArn": facts.topic_arn, "Message": _message(facts)},
            "End": True,
        },
    }


def _message(facts: StopFacts) -> str:
    counts = (
        "$string($stopped_runs) & ' training runs stopped, ' & $string($slept_components)"
        " & ' components without copies, ' & $string($deleted_endpoints) & ' endpoints deleted. '"
    )
    back = "Raise the budget or wait for the next month, then refresh and update the serving program."
    head = f"{facts.environment} has spent more than {facts.percent} % of its budget: "
    return f"{{% '{head}' & {counts} & '{back}' %}}"


def _call(facts: StopFacts, service: str, action: str) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:{facts.partition}:states:::aws-sdk:{service}:{action}"}


def _each(
    facts: StopFacts, items: str | list[str], action: str, arguments: dict[str, Any], *, counted: str, following: str
) -> dict[str, Any]:
    """One call for each item; what is not there, or cannot be stopped just now, keeps nothing else from it."""
    return {
        "Type": "Map",
        "Items": items,
        "MaxConcurrency": 5,
        "ItemProcessor": {
            "StartAt": "Stop",
            "States": {
                "Stop": {
                    **_call(facts, "sagemaker", action),
                    "Arguments": arguments,
                    "Output": STOPPED,
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Output": GONE, "Next": "Gone"}],
                    "End": True,
                },
                "Gone": {"Type": "Pass", "End": True},
            },
        },
        "Assign": {counted: f"{{% $count($states.result[$ = '{STOPPED}']) %}}"},
        "Next": following,
    }
