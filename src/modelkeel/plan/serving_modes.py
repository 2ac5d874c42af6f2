"""The ways in which the model answers side by side, and the size of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM
from modelkeel.plan import async_fleet, language_server, model_copies, serverless_size
from modelkeel.plan.async_fleet import AsyncFleet
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.plan.language_server import LanguageServer
from modelkeel.plan.model_copies import ModelCopies
from modelkeel.plan.serverless_size import ServerlessSize
from modelkeel.plan.serving import Serving, batch, capture
from modelkeel.tables.instance import instances
from modelkeel.tables.region import regions

ENDPOINTS = ("realtime", "multi_model", "inference_components", "async", "serverless")
"""Endpoints of SageMaker."""
CAPTURING = ("realtime", "multi_model", "async", "batch")
RECORDED = ("serverless", "inference_components")
"""Endpoints that capture nothing, whose requests the callers can record."""


@dataclass(frozen=True, kw_only=True)
class ServingModes:
    """Modes in the order of their weight, the first is the main one; none: nothing is served."""

    names: tuple[str, ...]
    realtime: Serving | None = None
    many: Serving | None = None
    """The fleet that many models share, each loaded when it is asked for."""
    copies: ModelCopies | None = None
    asynchronous: AsyncFleet | None = None
    serverless: ServerlessSize | None = None
    servers: LanguageServer | None = None
    scoring: Serving | None = None
    record_percent: int = 0
    """Share of the requests that callers record where the endpoint captures none."""
    in_dev: ServingModes | None = None
    """The same modes on other machines, where dev has machines of its own."""
    decisions: tuple[Decision, ...]

    def of(self, environment: str) -> ServingModes:
        """Return the modes as they are sized in `environment`."""
        return self.in_dev if environment == "dev" and self.in_dev is not None else self

    @property
    def main(self) -> str:
        """The first mode; `none` where nothing is served."""
        return self.names[0] if self.names else "none"

    @property
    def has_endpoint(self) -> bool:
        """Something answers requests, rather than nightly jobs alone."""
        return any(name in (*ENDPOINTS, language_server.MODE) for name in self.names)

    @property
    def has_sagemaker_endpoint(self) -> bool:
        """SageMaker answers requests."""
        return any(name in ENDPOINTS for name in self.names)

    @property
    def captures(self) -> bool:
        """Something leaves records of what was asked and answered."""
        return bool(self.watched)

    @property
    def recorded(self) -> list[str]:
        """Modes whose callers record what was asked and answered."""
        return [name for name in self.names if name in RECORDED and self.record_percent]

    @property
    def watched(self) -> list[str]:
        """Modes that leave records, by themselves or by their callers."""
        return [name for name in self.names if name in CAPTURING or name in self.recorded]

    @property
    def endpoint_instance_types(self) -> set[str]:
        """SageMaker types that endpoints and transform jobs run on."""
        sized = (self.realtime, self.many, self.copies, self.asynchronous, self.scoring)
        return {part.instance_type for part in sized if part is not None}

    @property
    def instance_types(self) -> set[str]:
        """All types that serve: SageMaker's, and those of the cluster by their EC2 names."""
        return self.endpoint_instance_types | ({self.servers.instance_type} if self.servers else set())

    @property
    def gpu_modes(self) -> list[str]:
        """Modes whose instances have GPUs."""
        found = {
            "realtime": self.realtime is not None
            and instances()[self.realtime.instance_type.removeprefix("ml.")].gpus > 0,
            "inference_components": self.copies is not None and self.copies.gpu,
            "async": self.asynchronous is not None and self.asynchronous.gpu,
        }
        return [name for name in self.names if found.get(name)]

    def most_instances(self, environment: str) -> int:
        """Return the most instances that all modes run at once in `environment`, without those of an update."""
        parts = (
            self.realtime.max_capacity[environment] if self.realtime else 0,
            self.many.max_capacity[environment] if self.many else 0,
            self.copies.max_instances[environment] if self.copies else 0,
            self.asynchronous.max_capacity[environment] if self.asynchronous else 0,
            self.scoring.batch_count if self.scoring else 0,
        )
        return sum(parts)


def plan(answers: Answers, regime: Regime, serving: Serving) -> ServingModes:
    """Return the modes that the answers ask for; `serving` is the main one, as far as it has a fleet.

    Raises:
        ModelkeelError: a mode cannot carry the model or the requests.
    """
    names = tuple(_names(answers, regime, serving))
    copies = model_copies.plan(answers, serving) if "inference_components" in names else None
    asynchronous = async_fleet.plan(answers) if "async" in names else None
    serverless = serverless_size.plan(answers) if "serverless" in names else None
    servers = language_server.plan(answers, serving) if language_server.MODE in names else None
    scoring = _scoring(answers, serving) if "batch" in names else None
    percent = _record_percent(answers, regime, names)
    beside = scoring.decisions if scoring is not None and serving.mode != "batch" else ()
    return ServingModes(
        names=names,
        realtime=serving if "realtime" in names else None,
        many=serving if "multi_model" in names else None,
        copies=copies,
        asynchronous=asynchronous,
        serverless=serverless,
        servers=servers,
        scoring=scoring,
        record_percent=percent,
        decisions=(
            _decision(answers, names),
            *([_recording(percent)] if percent else []),
            *(copies.decisions if copies else ()),
            *(asynchronous.decisions if asynchronous else ()),
            *(serverless.decisions if serverless else ()),
            *(servers.decisions if servers else ()),
            *beside,
        ),
    )


def recorded_as(serving: Serving, modes: ServingModes) -> Serving:
    """Return the fleet that monitoring is sized by: a serverless endpoint has none, and its callers record."""
    if modes.main in modes.recorded and serving.mode != "realtime":
        return replace(serving, mode="realtime", capture_percent=modes.record_percent)
    return serving


def _record_percent(answers: Answers, regime: Regime, names: tuple[str, ...]) -> int:
    """Callers record what the answers want kept; texts of a language model are not what the jobs compare."""
    if answers.model_family in LLM or not {*RECORDED} & {*names}:
        return 0
    return int(capture(answers, regime).value)


def _recording(percent: int) -> Decision:
    return Decision(
        key="recorded_percent",
        value=percent,
        reason="The endpoint captures nothing: its callers record what they asked and what it said, to a stream that"
        " only takes, and the jobs read that as they would read captured requests.",
        from_=("serving_mode", "served_models", "capture", "redaction", "peak_rps", "model_family"),
        source="SageMaker Developer Guide, Serverless Inference: no data capture; Amazon Data Firehose, Direct PUT",
        alternatives=("capture: off records nothing, and no job watches the model",),
    )


def _names(answers: Answers, regime: Regime, serving: Serving) -> list[str]:
    main = serving.mode
    if serving.endpoint_type in {"async", "serverless", "multi_model", language_server.MODE}:
        main = serving.endpoint_type
    elif serving.mode == "realtime" and _as_components(answers, regime, serving):
        main = "inference_components"
    names = [main] if main != "none" else []
    asked = [mode for mode in ("async", "serverless", "batch") if mode in answers.serving_mode]
    if regime.has("no_serverless") and "serverless" in asked:
        asked.remove("serverless")
    return [*names, *(mode for mode in asked if mode not in names)] if names else []


def _as_components(answers: Answers, regime: Regime, serving: Serving) -> bool:
    """Several models share a fleet; so does a language model whose requests no law wants on record.

    An endpoint of inference components captures no requests.
    """
    if "inference_component" in regions()[answers.region].lacks:
        return False
    if serving.endpoint_type == "inference_components":
        return True
    recorded = regime.high_risk or answers.capture in {"sample", "all"}
    return answers.model_family in LLM and serving.endpoint_type == "realtime" and not recorded


def _scoring(answers: Answers, serving: Serving) -> Serving:
    if serving.mode == "batch":
        return serving
    found = batch(answers, serving.decisions[0])
    renamed = (
        replace(row, key={"serving_instance_type": "scoring_instance_type"}.get(row.key, row.key))
        for row in found.decisions[1:]
    )
    return replace(found, decisions=tuple(renamed))


def _decision(answers: Answers, names: tuple[str, ...]) -> Decision:
    reasons = {
        "realtime": "a real-time endpoint",
        "multi_model": "many models on one real-time endpoint, each loaded from S3 when it is first asked for",
        "inference_components": "copies of the model on shared instances, which may shrink to none in dev",
        "async": "an endpoint that answers from a queue",
        "serverless": "an endpoint without instances of its own",
        "batch": "a scheduled transform job",
        language_server.MODE: "vLLM on machines of the Kubernetes cluster",
    }
    said = "; ".join(f"{name}: {reasons[name]}" for name in names)
    return Decision(
        key="serving_modes",
        value=list(names),
        reason=f"Side by side, from one approved package: {said}." if names else "No program serves the model.",
        from_=("serving_mode", "model_family", "capture", "frameworks", "regions"),
        source="SageMaker Developer Guide, Inference options",
    )
