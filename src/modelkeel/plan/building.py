"""Answers into a plan."""

from __future__ import annotations

from dataclasses import replace

from modelkeel.answers import digest
from modelkeel.answers.model import Answers
from modelkeel.plan import (
    accounts,
    apart,
    as_served,
    backup,
    brought,
    cluster,
    cluster_choice,
    compliance,
    conformance,
    edge,
    erasure,
    event_table,
    feed,
    floor,
    hours,
    machine_settings,
    machines,
    maturity,
    monitoring,
    network,
    on_call,
    operations,
    organization,
    reservation,
    services,
    serving,
    serving_modes,
    serving_rehearsal,
    settings,
    storage,
    team_quota,
    tooling_settings,
    training,
    way_in,
    words,
)
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.plan.model import SCHEMA_VERSION, Plan, PlannedStack
from modelkeel.plan.serving import Serving
from modelkeel.plan.serving_modes import ServingModes
from modelkeel.plan.topics import Topics
from modelkeel.plan.training import Training
from modelkeel.tables.instance import instances

SHARED = "shared"


def build(answers: Answers) -> Plan:
    """Return the plan that follows from the answers and today's tables.

    Raises:
        ModelkeelError: the answers ask for more than AWS has: too many instances for one endpoint, a network
            that is too small, an instance that the Region does not offer.
    """
    topics = decide(answers)
    return Plan(
        schema_version=SCHEMA_VERSION,
        answers_digest=digest(answers),
        programs=topics.accounts.programs,
        environments=tuple(answers.environments),
        decisions=topics.decisions(),
        stacks=_stacks(answers, topics),
        words=words.words(answers, topics),
    )


def decide(answers: Answers) -> Topics:
    """Return every topic of the plan, decided."""
    regime = compliance.resolve(answers)
    zones = network.zone_count(answers)
    served = serving.plan(answers, regime, zones)
    modes = serving_rehearsal.plan(answers, serving_modes.plan(answers, regime, served))
    watched = monitoring.plan(answers, regime, serving_modes.recorded_as(served, modes))
    trained = training.plan(answers)
    trained_on = machines.plan(answers, trained)
    grouped = cluster.plan(answers, trained, zones, serves=served.endpoint_type == "eks")
    chosen = accounts.plan(
        answers,
        regime,
        modes.main,
        cluster=grouped.used,
        kubernetes=grouped.karpenter,
        capacity=trained_on.reservation != "none",
    )
    governed = "governance" in chosen.programs
    stored = storage.plan(answers, regime, realtime=served.mode == "realtime", evidence=governed)
    called = services.interface_endpoints(
        answers, regime, modes, stored, grouped, governed=governed, kill_switch=watched.kill_switch
    )
    private = tuple(sorted({*called, *machines.endpoints(trained_on)}))
    # A blue/green update runs the old and the new fleet side by side.
    fleet: dict[str, int] = {
        name: 2 * modes.most_instances(name)
        + trained_on.instances_in(name, answers.concurrent_jobs)
        + grouped.addresses(name)
        + (modes.servers.addresses(name) if modes.servers is not None else 0)
        for name in answers.environments
    }
    joined = network.plan(answers, regime, private, fleet)
    return Topics(
        regime=regime,
        accounts=chosen,
        network=joined,
        storage=stored,
        training=trained,
        cluster=grouped,
        machines=trained_on,
        serving=replace(served, decisions=as_served.serving_decisions(served.decisions, modes)),
        modes=modes,
        monitoring=replace(watched, decisions=as_served.watching_decisions(watched.decisions, modes)),
        backup=backup.plan(answers, regime),
        floor=floor.plan(answers, modes, joined, brought.keys(answers, len(stored.key_classes), grouped.used)),
        operations=_details(answers, regime, trained, served, modes, stored.stream_retention_hours),
    )


def _details(
    answers: Answers,
    regime: Regime,
    trained: Training,
    served: Serving,
    modes: ServingModes,
    retention_hours: int,
) -> tuple[Decision, ...]:
    gpus = instances()[trained.instance_type.removeprefix("ml.")].gpus * trained.instance_count
    on_kubernetes = served.endpoint_type == "eks"
    return (
        *reservation.decisions(answers, trained, trained.purchase),
        *cluster_choice.decisions(answers, trained, trained.purchase, serves=on_kubernetes),
        *team_quota.decisions(answers, gpus * answers.concurrent_jobs),
        *feed.decisions(answers, retention_hours),
        *event_table.decisions(answers, regime),
        *edge.decisions(answers),
        *way_in.decisions(answers, served.mode),
        *hours.decisions(answers),
        *brought.decisions(answers),
        *apart.decisions(answers),
        *conformance.decisions(answers),
        *maturity.decisions(answers),
        *on_call.decisions(answers, modes),
        *erasure.decisions(regime),
        *operations.decisions(answers, regime),
    )


def _stacks(answers: Answers, topics: Topics) -> tuple[PlannedStack, ...]:
    stacks = []
    above = {
        "log_archive": (accounts.log_archive_id(answers), organization.log_archive),
        "organization": (answers.management_account_id, organization.settings),
        "tooling": (accounts.tooling_account_id(answers), tooling_settings.tooling),
    }
    for program in topics.accounts.programs:
        if program in above:
            home, made = above[program]
            config = {
                **_keys("platform", settings.platform(answers, topics, None, home)),
                **_keys(program, made(answers, topics)),
            }
            stacks.append(_stack(answers, program, SHARED, None, home, config))
            continue
        if program == "account":
            for account_id, environments in topics.accounts.by_account.items():
                config = {
                    **_keys("platform", settings.platform(answers, topics, None, account_id)),
                    **_keys("account", settings.account(answers, topics, environments, account_id)),
                }
                stacks.append(_stack(answers, program, account_id, None, account_id, config))
            continue
        for environment in answers.environments:
            if program == "capacity" and environment != topics.machines.production:
                continue
            account_id = answers.account_ids[environment]
            config = {
                **_keys("platform", settings.platform(answers, topics, environment, account_id)),
                **_keys(program, settings.PROGRAMS.get(program, _nothing)(answers, topics, environment)),
                **machine_settings.config(answers, topics, program, environment),
            }
            stacks.append(_stack(answers, program, environment, environment, account_id, config))
    return tuple(stacks)


def _nothing(answers: Answers, topics: Topics, environment: str) -> dict[str, object]:
    return {}


def _stack(
    answers: Answers, program: str, stack: str, environment: str | None, account_id: str, config: dict[str, object]
) -> PlannedStack:
    return PlannedStack(
        program=program,
        stack=stack,
        environment=environment,
        account_id=account_id,
        region=answers.region,
        config=dict(sorted(config.items())),
    )


def _keys(namespace: str, values: dict[str, object]) -> dict[str, object]:
    return {f"{namespace}:{key}": value for key, value in values.items()}
