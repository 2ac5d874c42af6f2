"""Where models are registered and approved: SageMaker's registry, whatever tracks the experiments."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision

KEPT = "sagemaker"
"""What every program reads a version from: endpoint, drift and quality jobs, devices, evidence."""
SOURCE = (
    "Service Authorization Reference, Amazon SageMaker (sagemaker:ModelApprovalStatus on UpdateModelPackage) and Amazon"
    " SageMaker with MLflow (SetRegisteredModelAlias, TransitionModelVersionStage: the app as a whole, no condition on"
    " model or status), read 2026-11-26"
)


def decision(answers: Answers) -> Decision:
    """Return the registry; MLflow alone is not taken, because an approval there holds nothing back."""
    asked = answers.registry == "mlflow_only"
    return Decision(
        key="registry",
        value=KEPT,
        reason="Models are registered in SageMaker though MLflow alone was asked for: no state of a version in MLflow"
        " keeps SageMaker from serving it, the right to set an alias holds for every model and every alias of the app,"
        " and no event tells of one. Endpoints, jobs and devices take a model package, and its approval"
        " alone lets one go live. MLflow keeps the runs."
        if asked
        else "A version waits as a model package until other people than its author approve it; IAM holds that, and an"
        " endpoint is made from the approved package alone.",
        from_=("registry", "tracking"),
        source=SOURCE,
        alternatives=("mlflow_only: one place for runs and models, and an approval that no service asks for.",),
    )
