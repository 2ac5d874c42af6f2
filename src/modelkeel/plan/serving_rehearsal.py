"""Which machines serve in dev where production's are racks: the same modes, on the cheapest that hold the model."""

from __future__ import annotations

from dataclasses import replace

from modelkeel.answers.model import Answers
from modelkeel.plan import async_fleet, language_server, model_copies
from modelkeel.plan.capacity import Carrier, carriers, scaling_target
from modelkeel.plan.decision import Decision
from modelkeel.plan.serving import Serving
from modelkeel.plan.serving_modes import ServingModes

DEV = "dev"
RACKS = ("p", "trn")
"""Families that dev may not use: policies/accelerators.toml, where a team that needs one there lists it."""


def plan(answers: Answers, modes: ServingModes) -> ServingModes:
    """Return the modes, with those of dev beside them where a machine of theirs is too large for it.

    A model that only a rack holds keeps it: the control that lists accelerators then asks the team.
    """
    if DEV not in answers.environments[:-1]:
        return modes
    tried = replace(
        modes,
        realtime=_endpoint(answers, modes.realtime),
        copies=_copies(answers, modes),
        asynchronous=_asynchronous(answers, modes),
        servers=_servers(answers, modes),
        scoring=_scoring(answers, modes.scoring),
        decisions=(),
    )
    if tried.instance_types == modes.instance_types:
        return modes
    return replace(modes, in_dev=tried, decisions=(*modes.decisions, _decision(modes, tried)))


def _smaller(answers: Answers, instance_type: str, use: str) -> Carrier | None:
    """Return the cheapest machine that holds the model and is no rack; None where the planned one is none either."""
    if not instance_type.removeprefix("ml.").startswith(RACKS):
        return None
    small = [each for each in carriers(answers, use) if not each.row.family.startswith(RACKS)]
    return min(small, key=lambda each: each.row.usd_per_hour or 0.0, default=None)


def _endpoint(answers: Answers, sizes: Serving | None) -> Serving | None:
    found = None if sizes is None else _smaller(answers, sizes.instance_type, "hosting")
    if sizes is None or found is None:
        return sizes
    target = scaling_target(found.requests_per_second)
    return replace(sizes, instance_type=found.row.ml_name, target_invocations_per_minute=target)


def _copies(answers: Answers, modes: ServingModes) -> model_copies.ModelCopies | None:
    sizes = modes.copies
    found = None if sizes is None else _smaller(answers, sizes.instance_type, "hosting")
    return sizes if sizes is None or found is None else model_copies.on(answers, sizes, found.row)


def _servers(answers: Answers, modes: ServingModes) -> language_server.LanguageServer | None:
    sizes = modes.servers
    found = None if sizes is None else _smaller(answers, sizes.instance_type, "hosting")
    return sizes if sizes is None or found is None else language_server.on(answers, sizes, found.row)


def _asynchronous(answers: Answers, modes: ServingModes) -> async_fleet.AsyncFleet | None:
    sizes = modes.asynchronous
    found = None if sizes is None else _smaller(answers, sizes.instance_type, "hosting")
    if sizes is None or found is None:
        return sizes
    backlog = async_fleet.backlog(answers, found)
    return replace(sizes, instance_type=found.row.ml_name, gpu=found.row.gpus > 0, backlog_per_instance=backlog)


def _scoring(answers: Answers, sizes: Serving | None) -> Serving | None:
    found = None if sizes is None else _smaller(answers, sizes.instance_type, "transform")
    return sizes if sizes is None or found is None else replace(sizes, instance_type=found.row.ml_name)


def _decision(modes: ServingModes, tried: ServingModes) -> Decision:
    value = sorted(tried.instance_types)
    large = ", ".join(sorted(modes.instance_types - tried.instance_types))
    return Decision(
        key="rehearsal_serving_instance_types",
        value=value,
        reason=f"In dev the model answers from a machine that holds it: {large} is for the environments that follow.",
        from_=("environments", "model_family", "model_params_b", "regions"),
        formula="the cheapest machine that holds the model and is no rack",
        source="policies/accelerators.toml: dev has no P and no large Trainium machines",
    )
