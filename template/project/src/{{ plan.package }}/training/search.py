"""Hyperparameter search on the validation period: Optuna's TPE, seeded, with a journal that a killed search resumes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import optuna
from sklearn.metrics import average_precision_score

from .. import features
from ..settings import Settings
from .model import Parameters, columns_of
from .train import Examples, fit, split


def search(data: Examples, settings: Settings, journal: Path) -> Parameters:
    """Return the parameters with the highest PR-AUC on the validation period; the holdout is never looked at."""
    parts = split(data, settings)
    learned, judged = data.of(parts.train), data.of(parts.validation)
    inputs = columns_of(judged.inputs, features.NAMES)

    def objective(trial: optuna.Trial) -> float:
        booster = fit(learned, judged, _suggested(trial), settings)
        return float(average_precision_score(judged.truth, np.asarray(booster.inplace_predict(inputs))))

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        study_name=settings.project.name,
        direction="maximize",
        load_if_exists=True,
        storage=optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(journal))),
        sampler=optuna.samplers.TPESampler(seed=settings.project.seed, n_startup_trials=5),
    )
    done = sum(trial.state.is_finished() for trial in study.trials)
    if not study.trials:
        # The defaults are the first trial: a short search may end with them, never with something worse.
        study.enqueue_trial({"max_depth": 6, "learning_rate": 0.08, "min_child_weight": 5.0, "reg_lambda": 1.0})
    study.optimize(objective, n_trials=max(0, settings.training.search_trials - done))
    return _suggested(optuna.trial.FixedTrial(study.best_params))


def _suggested(trial: optuna.trial.BaseTrial) -> Parameters:
    return Parameters(
        max_depth=trial.suggest_int("max_depth", 3, 8),
        learning_rate=trial.suggest_float("learning_rate", 0.03, 0.2, log=True),
        min_child_weight=trial.suggest_float("min_child_weight", 1.0, 20.0, log=True),
        reg_lambda=trial.suggest_float("reg_lambda", 0.1, 10.0, log=True),
    )
