"""The whole life of a model in one run: `python -m <package> demo`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.metrics import average_precision_score

from .. import steps, storage
from ..data import contract, dataset, lineage
from ..gates.result import Result
from ..governance import audit, evidence
from ..governance.review import Queue
from ..monitoring import drift, metrics, retraining, truth
from ..monitoring.metrics import Alarm
from ..problem import GateFailedError, NotAllowedError, ProblemError
from ..registry.local import Registry
from ..serving import reasons, wording
from ..settings import Settings
from ..training import baseline, tracking
from ..training import model as models
from ..training import train as training
from . import cloud, live, page, plots, world
from .story import Story

AUTHOR, OPERATOR = "ada", "olga"
APPROVERS = ("grace", "edsger", "barbara")
_MOVED = 0.6
_BIAS = 0.6


@dataclass
class Life:
    """What the chapters share."""

    home: Path
    settings: Settings
    story: Story
    world: world.World
    registry: Registry


def run(home: Path, settings: Settings) -> Path:
    """Live through everything once, below `home`, and return the page that tells it."""
    shutil.rmtree(home, ignore_errors=True)
    story = Story(f"{settings.project.name}: the life of a model")
    story.chapter("Data that keeps its contract")
    with story.working("making synthetic history and the days after it"):
        made = world.make(settings, seed=settings.project.seed, moved=_MOVED)
    life = Life(home, settings, story, made, Registry(home, settings.approval.approvers_needed))
    _data(life)
    _train(life)
    results = _gates(life)
    _unfair(life, results)
    _approve(life, 1)
    live.rehearse(life.home, settings, story, made)
    decisions = _watch(life)
    _late_labels(life, decisions)
    _retrain(life)
    _people(life)
    cloud.rehearse(home, settings, story)
    _evidence(life)
    story.chapters[-1].lines.append(f"the whole run took {story.seconds:.0f} seconds")
    path = home / "story.html"
    page.write(story, path, lead="From data contract to evidence, in the order in which it happens.")
    print(f"\nAll of it took {story.seconds:.0f} s. The page: {path}")
    return path


def _data(life: Life) -> None:
    story, history = life.story, life.world.history
    version = steps.land(life.home, "history", history, life.world.labels_of(history), made_by="synthetic generator")
    story.figure("events", f"{version.rows['events']:,}, {version.first[:10]} to {version.last[:10]}")
    story.figure("dataset version", f"{version.version} (made from its contents)")
    positives = life.world.labels_of(history)[dataset.LABEL].mean()
    story.figure(f"share of {dataset.LABEL}", f"{positives:.2%}")
    batch = history.tail(1000).reset_index(drop=True)
    spoiled = batch.assign(**{dataset.VALUE: batch[dataset.VALUE].where(batch.index != 5, -1.0)})
    kept = contract.check(spoiled)
    reason = kept.quarantined["reason"].iloc[0]
    story.say(f"a batch with a corrupt row: {len(kept.valid)} rows pass, 1 is in quarantine ({reason})")
    for what, broken in (
        ("an empty partition", batch.head(0)),
        ("a batch without a column", batch.drop(columns="channel")),
        *live.forbidden(batch),
    ):
        try:
            contract.check(broken)
        except ProblemError as refused:
            story.say(f"{what} is refused: {refused.what}")


def _train(life: Life) -> None:
    story, settings = life.story, life.settings
    story.chapter("Training, repeatable to the digit")
    with story.working(f"searching {settings.training.search_trials} sets of hyperparameters, then training"):
        model = steps.train(life.home, settings, search=True)
    facts = model.facts
    story.figure("trees", f"{facts['rounds']}, depth {facts['parameters']['max_depth']}")
    story.figure("rows", ", ".join(f"{name} {count:,}" for name, count in facts["rows"].items()))
    with story.working("training once more with the same seed"):
        _, data = steps.read_examples(life.home)
        again = training.train(data, settings, parameters=models.Parameters(**facts["parameters"]))
    same = again.booster.save_raw("ubj") == model.booster.save_raw("ubj")
    story.figure("the same trees a second time", "yes, byte for byte" if same else "NO")
    with story.working("writing the run to MLflow (a SQLite file)"):
        figures = {"validation_average_precision": facts["validation_pr_auc"]}
        run = tracking.track(model, settings, life.home, author=AUTHOR, figures=figures)
    story.figure("tracked as", run or "not tracked")
    held, simple = _held(life, data)
    scores = model.scores(held.inputs)
    oracle = life.world.oracle.loc[held.truth.index].to_numpy()
    reached, plain, best = (float(average_precision_score(held.positive, s)) for s in (scores, simple, oracle))
    story.figure("PR-AUC on the holdout", f"{reached:.3f}, logistic regression {plain:.3f}, {reached - plain:+.3f}")
    story.figure(
        "share of what any model could reach here", f"{reached / best:.0%} (the generator's own risk: {best:.3f})"
    )
    curves = {"boosted trees": scores, "logistic regression": simple, "best possible": oracle}
    story.picture("Precision and recall on the holdout", plots.precision_recall(held.positive, curves))
    spread = plots.money_by_threshold(scores, held.positive, held.value, model.threshold, settings.costs)
    story.picture("Cost by threshold on the holdout", spread)


def _held(life: Life, data: training.Examples) -> tuple[training.Examples, Any]:
    parts = training.split(data, life.settings)
    held = data.of(parts.holdout)
    return held, baseline.scores(data.of(parts.train), held)


def _gates(life: Life) -> list[Result]:
    life.story.chapter("Gates before registration")
    with life.story.working("judging quality, money, fairness, robustness and explanations"):
        results = steps.judge(life.home, life.settings, author=AUTHOR)
    for result in results:
        life.story.figure(result.gate, ("passed: " if result.passed else "FAILED: ") + result.why)
    weights = next(result.figures["importance"] for result in results if result.gate == "explanation")
    life.story.picture("What the model looks at", plots.importance(weights))
    return results


def _unfair(life: Life, fair: list[Result]) -> None:
    """The same steps on labels in which an unfair reviewer marked one group: the gate must stop it."""
    story = life.story
    # The bias is planted by age: the gate must look at it here, whatever the team declared.
    gates = replace(
        life.settings.gates, protected=tuple({"age_band": 0, **dict.fromkeys(life.settings.gates.protected)})
    )
    settings = replace(life.settings, gates=gates)
    story.chapter("A planted bias, stopped by the fairness gate")
    days = settings.training.history_days
    what = dataset.Circumstances(planted_bias=_BIAS, bias_until_day=days - settings.training.holdout_days)
    home = life.home / "unfair"
    with story.working("making a history with unfair labels, training on it, judging it"):
        steps.make_data(home, settings, days=days, circumstances=what)
        steps.train(home, settings)
        try:
            steps.judge(home, settings, author=AUTHOR)
            story.say("NOT stopped")
        except GateFailedError as stopped:
            story.say(f"stopped: {stopped.what}")
            story.say(stopped.got)
    judged = {
        "from fair labels": next(result.figures["ratios"] for result in fair if result.gate == "fairness"),
        "from unfair labels": storage.read_json(home / steps.CANDIDATE / "evaluation.json")["fairness"]["ratios"],
    }
    if all(judged.values()):
        story.picture("False-positive rates by group", plots.fairness(judged, settings.gates.largest_gap))


def _approve(life: Life, number: int) -> None:
    """Register, try to approve one's own, have others approve, go live."""
    story, registry = life.story, life.registry
    if number == 1:
        story.chapter("Registered, approved by somebody else, live")
    version = registry.register(life.home / steps.CANDIDATE, author=AUTHOR)
    story.say(f"version {version.number} is registered by {AUTHOR}: {version.status}")
    for person in (AUTHOR, *APPROVERS[: version.approvers_needed]):
        try:
            voted = registry.vote(version.number, by=person, approve=True, reason="read the card and the gates")
            story.say(f"{person} approves: {voted.status}")
        except NotAllowedError as refused:
            story.say(f"{person} tries to approve: {refused.what}")
    registry.deploy(version.number, by=OPERATOR)
    story.say(f"version {registry.live()} is live")


def _watch(life: Life) -> pd.DataFrame:
    """Score the days after the release, hold each against the baseline, raise the alarm, propose a retraining."""
    story, settings = life.story, life.settings
    story.chapter("Drift, found and told")
    live_model = life.registry.model(1)
    scorer = steps.scorer_of(live_model, "1", settings)
    reference = storage.read_table(life.registry.folder(1) / steps.BASELINE)
    summaries, tables = [], []
    with story.working(f"scoring and comparing {world.WATCHED_DAYS} days"):
        for number in range(world.WATCHED_DAYS):
            events = life.world.day(number)
            inputs = life.world.inputs.loc[events[dataset.ID]]
            tables.append(scorer.table(inputs))
            rows = drift.frame_of(events, inputs, live_model.scores(inputs))
            window = drift.compare(reference, rows, f"day {number}", settings.monitoring, seed=number)
            summaries.append(window.summary())
            figures = {"DriftedShare": (summaries[-1]["drifted_share"], "None"), "Records": (float(len(rows)), "Count")}
            metrics.emit(life.home / "metrics.jsonl", settings.project.name, figures, {"Source": "live"})
    watch = settings.monitoring
    alarm = Alarm("drift", 0.0, watch.windows_needed, watch.windows_seen)
    first = metrics.first_alarm(alarm, [summary["drifted_share"] for summary in summaries])
    since = world.DRIFT_AFTER_DAYS
    story.figure("inputs moved on", f"day {since}, by {_MOVED:.1f} standard deviations")
    story.figure("alarm", "none" if first is None else f"day {first}, {first - since + 1} windows after the move")
    if first is not None:
        moved = ", ".join(summaries[first]["drifted"])
        story.figure("inputs beyond their limit", moved)
        names = tuple(summary["window"] for summary in summaries[: first + 1] if summary["drifted"])
        proposal = retraining.propose(life.home, f"drift in {moved}", names)
        story.say(f"proposal {proposal.number} waits for a person: {proposal.why}")
    story.picture("Drift by day", plots.drift(summaries, since, first))
    return pd.concat(tables, ignore_index=True)


def _late_labels(life: Life, decisions: pd.DataFrame) -> None:
    story = life.story
    story.chapter("Truth that comes late")
    for days in (10, dataset.LABEL_WAIT_DAYS + world.WATCHED_DAYS):
        now = life.world.release + pd.Timedelta(days=days)
        judged = truth.join(decisions, life.world.labels, life.world.live, now)
        story.figure(f"{days} days after the release", f"truth is known for {judged.share:.0%} of the decisions")
    weeks = truth.by_week(judged, life.settings)
    for week in weeks:
        story.figure(
            f"week of {week['week']}",
            f"precision {week['precision']:.2f}, recall {week['recall']:.2f}, {week['euro_saved']:,.0f} euro saved",
        )
    story.picture("Quality and money by week", plots.weeks(weeks))


def _retrain(life: Life) -> None:
    """A person approves, the same steps run on newer data, and the challenger meets the champion."""
    story, settings = life.story, life.settings
    story.chapter("Retraining, approved by a person")
    decided = retraining.decide(life.home, 1, by=APPROVERS[0], approve=True, reason="prices rose, the change is real")
    story.say(f"{decided.by} approves the retraining: {decided.reason}")
    everything = pd.concat([life.world.history, life.world.live], ignore_index=True)
    known_until = everything[dataset.TIME].max() - pd.Timedelta(days=dataset.LABEL_WAIT_DAYS)
    start = known_until - pd.Timedelta(days=settings.training.history_days)
    times = everything[dataset.TIME]
    recent = everything[(times >= start) & (times < known_until)].reset_index(drop=True)
    version = steps.land(life.home, "history-2", recent, life.world.labels_of(recent), made_by="live traffic")
    story.figure("new dataset", f"{version.rows['events']:,} events to {version.last[:10]}, all of known truth")
    # Shorter periods to judge on: what changed is in the newest days, and the challenger must learn from some of them.
    whole = settings.training
    periods = replace(whole, validation_days=whole.validation_days // 2, holdout_days=whole.holdout_days // 2)
    shorter = replace(settings, training=periods)
    parameters = models.Parameters(**life.registry.model(1).facts["parameters"])
    with story.working("training and judging the challenger"):
        steps.train(life.home, shorter, name="history-2", parameters=parameters)
        results = steps.judge(life.home, shorter, author=AUTHOR, name="history-2")
    for result in results:
        if result.gate in ("quality", "champion", "fairness"):
            story.figure(result.gate, ("passed: " if result.passed else "FAILED: ") + result.why)
    _approve(life, 2)
    live.second_release(life.home, settings, story, life.world)


def _people(life: Life) -> None:
    story, queue = life.story, Queue(life.home)
    story.chapter("People decide the close calls")
    answers = _answers(life)
    opened = queue.open(answers, dataset.ID)
    decided = sum(answer["decision"] != wording.PASS for answer in answers)
    story.figure("decisions of a day", f"{len(answers):,}: {decided} acted on, {opened} of them wait for a person")
    waiting = queue.waiting()
    for case, final, why in zip(
        waiting, (wording.ACT, wording.PASS), ("fits the pattern", "the customer confirmed it"), strict=False
    ):
        done = queue.decide(case.id, final, by="rosa", why=why)
        told = "overrides the model" if done.overridden else "confirms the model"
        codes = ", ".join(reasons.text(code) for code in case.reasons)
        story.say(f"rosa {told} on {case.id} (score {case.score:.2f}; {codes}): {why}")
    story.figure("still waiting", str(len(queue.waiting())))


def _answers(life: Life) -> list[dict[str, Any]]:
    """The decisions of the last watched day, as a server or a nightly job gives them."""
    scorer = steps.live_scorer(life.home, life.settings)
    table = scorer.table(life.world.inputs.loc[life.world.day(world.WATCHED_DAYS)[dataset.ID]])
    return [
        row | {"reasons": [{"code": code, "text": reasons.text(code)} for code in str(row["reasons"]).split()]}
        for row in lineage.records_of(table)
    ]


def _evidence(life: Life) -> None:
    story = life.story
    story.chapter("Evidence")
    number = life.registry.live()
    assert number is not None
    bundle = evidence.bundle(life.home, life.registry, number)
    story.figure("evidence of the release", f"{bundle.name}: {evidence.verify(bundle)} files, each with its hash")
    entries = audit.read(life.home)
    story.figure("audit log", f"{len(entries)} entries, unbroken chain of hashes")
    for entry in entries[-6:]:
        story.say(f"{entry['who']} {entry['action']} {entry['subject']}")
