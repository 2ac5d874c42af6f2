"""Cross-rules over data, training and serving."""

from __future__ import annotations

import math
import re

from modelkeel.answers.conflict import Conflict
from modelkeel.answers.data import STREAMS
from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM, TABULAR
from modelkeel.tables.region import regions

MAX_ONLINE_PAYLOAD_KB = 6144
MAX_SERVERLESS_PAYLOAD_KB = 4096
MAX_SERVERLESS_AT_ONCE = 200
MOST_DATA_PB = 1000


def spot_needs_checkpoints(answers: Answers) -> Conflict | None:
    """An interrupted job without checkpoints starts again from nothing."""
    if answers.purchase == "spot" and not answers.checkpoints and answers.train_gpu in {"multi_gpu", "multi_node"}:
        return Conflict(
            what="spot capacity for training on many GPUs without checkpoints",
            why="one interruption loses the whole run",
            ways_out=("checkpoints: true", "purchase: on_demand"),
        )
    return None


def spare_machines_do_not_wait(answers: Answers) -> Conflict | None:
    """Two ways to pay less exclude each other, and Batch places the nodes of one job together or not at all."""
    if answers.purchase == "spot" and answers.warm_pool_minutes:
        return Conflict(
            what="machines that wait for the next job cannot be spare ones",
            why="warm_pool_minutes: 0, or capacity that is not spot",
            ways_out=("warm_pool_minutes: 0", "purchase: on_demand"),
            keys=("purchase", "warm_pool_minutes"),
        )
    if answers.purchase == "spot" and answers.train_platform == "aws_batch" and answers.train_gpu == "multi_node":
        return Conflict(
            what="AWS Batch does not run jobs of several nodes on spare capacity",
            why="on_demand or capacity_block there",
            ways_out=("purchase: on_demand", "train_platform: auto"),
            keys=("purchase", "train_platform", "train_gpu"),
        )
    return None


def a_lake_has_an_end(answers: Answers) -> Conflict | None:
    """Beyond an exabyte nothing here was ever sized."""
    match = re.fullmatch(r"([0-9.]+)(GB|TB|PB)", answers.data_volume)
    if match is None or float(match[1]) * {"GB": 1e-6, "TB": 1e-3, "PB": 1.0}[match[2]] <= MOST_DATA_PB:
        return None
    return Conflict(
        what="data_volume is more than one lake is planned for",
        why=f"up to {MOST_DATA_PB:,}PB: inventories, queries and lifecycle rules beyond it are projects of their own",
        ways_out=(f"data_volume: {MOST_DATA_PB}PB", "one project for each domain of the data"),
    )


def a_stream_has_events(answers: Answers) -> Conflict | None:
    """A stream is sized from its events."""
    streams = [name for name in answers.ingestion if name in STREAMS]
    if streams and answers.events_per_sec == 0:
        return Conflict(
            what=f"{streams[0]} delivers events, but events_per_sec is 0",
            why="events a second at the busiest hour, 1 or more",
            ways_out=("give events_per_sec", f"drop {streams[0]} from ingestion"),
        )
    return None


def size_of_a_language_model(answers: Answers) -> Conflict | None:
    """Memory of a language model follows from its parameters."""
    if answers.model_family in LLM and answers.model_params_b <= 0:
        return Conflict(
            what=f"{answers.model_family} needs the size of the model",
            why="billions of parameters, more than 0",
            ways_out=("model_params_b: 7",),
        )
    if answers.model_family in TABULAR and answers.train_gpu in {"multi_gpu", "multi_node"}:
        return Conflict(
            what=f"{answers.model_family} does not train on several GPUs here",
            why="auto, none or single",
            ways_out=("train_gpu: auto",),
            keys=("model_family", "train_gpu"),
        )
    return None


def none_stands_alone(answers: Answers) -> Conflict | None:
    """Serving either exists or it does not."""
    if "none" in answers.serving_mode and len(answers.serving_mode) > 1:
        return Conflict(
            what="serving_mode is none and something else",
            why="none alone, or the modes without it",
            ways_out=("drop none",),
        )
    return None


def serverless_is_not_fast(answers: Answers) -> Conflict | None:
    """A serverless endpoint starts cold and takes small requests only."""
    if "serverless" not in answers.serving_mode:
        return None
    if answers.p99_ms < 50:
        return Conflict(
            what="a serverless endpoint cannot answer within p99_ms",
            why="50 ms or more: it starts cold",
            ways_out=("serving_mode: [realtime]", "a larger p99_ms"),
            keys=("serving_mode", "p99_ms"),
        )
    if answers.payload_kb > MAX_SERVERLESS_PAYLOAD_KB or answers.model_family in LLM:
        return Conflict(
            what="a serverless endpoint cannot carry this",
            why=f"requests up to {MAX_SERVERLESS_PAYLOAD_KB} kB and models that need no GPU",
            ways_out=("serving_mode: [async]",),
            keys=("serving_mode", "payload_kb", "model_family"),
        )
    at_once = math.ceil(answers.peak_rps * answers.p99_ms / 1000)
    if at_once > MAX_SERVERLESS_AT_ONCE:
        return Conflict(
            what=f"a serverless endpoint cannot answer {at_once:,} requests at once",
            why=f"up to {MAX_SERVERLESS_AT_ONCE} at once: peak_rps * p99_ms / 1000",
            ways_out=("serving_mode: [realtime]", "a smaller peak_rps"),
            keys=("serving_mode", "peak_rps", "p99_ms"),
        )
    return None


def large_requests_are_asynchronous(answers: Answers) -> Conflict | None:
    """A real-time endpoint takes 6 MB and a minute."""
    if "realtime" not in answers.serving_mode:
        return None
    if answers.payload_kb > MAX_ONLINE_PAYLOAD_KB or answers.p99_ms > 60_000:
        return Conflict(
            what="a real-time endpoint cannot take requests this large or this slow",
            why=f"up to {MAX_ONLINE_PAYLOAD_KB} kB and 60,000 ms",
            ways_out=("serving_mode: [async]", "a smaller payload_kb and p99_ms"),
        )
    return None


def an_online_store_is_not_enough_to_train(answers: Answers) -> Conflict | None:
    """The in-memory store has no offline copy to train from."""
    if answers.feature_store == "online_inmemory" and answers.retrain_cadence != "manual":
        return Conflict(
            what="the in-memory feature store keeps no offline copy, and retraining reads one",
            why="offline_online, or retraining by hand",
            ways_out=("feature_store: offline_online", "retrain_cadence: manual"),
        )
    return None


def devices_verify_what_they_run(answers: Answers) -> Conflict | None:
    """A device runs whatever it is sent, so it must know the sender."""
    if "edge" in answers.serving_mode and not answers.edge_signing:
        return Conflict(
            what="models are sent to devices without a signature",
            why="edge_signing: true",
            ways_out=("edge_signing: true", "drop edge from serving_mode"),
        )
    return None


def the_region_has_what_is_asked(answers: Answers) -> Conflict | None:
    """Some Regions lack services that an answer asks for by name."""
    row = regions().get(answers.region)
    if row is None:
        return None
    if "feature_store" in row.lacks and answers.feature_store not in {"auto", "none"}:
        return Conflict(
            what=f"SageMaker Feature Store is not offered in {row.name}",
            why="feature_store auto or none there",
            ways_out=("feature_store: none", "another Region"),
            keys=("feature_store", "regions"),
        )
    if "hyperpod" in row.lacks and answers.train_platform.startswith("hyperpod"):
        return Conflict(
            what=f"SageMaker HyperPod is not offered in {row.name}",
            why="auto, sagemaker_jobs, eks_karpenter or aws_batch there",
            ways_out=("train_platform: auto", "another Region"),
            keys=("train_platform", "regions"),
        )
    return None


RULES = (
    (("serving_mode", "edge_signing"), devices_verify_what_they_run),
    (("feature_store", "train_platform", "regions"), the_region_has_what_is_asked),
    (("purchase", "checkpoints", "train_gpu"), spot_needs_checkpoints),
    (("purchase", "warm_pool_minutes", "train_platform", "train_gpu"), spare_machines_do_not_wait),
    (("data_volume",), a_lake_has_an_end),
    (("ingestion", "events_per_sec"), a_stream_has_events),
    (("model_family", "model_params_b", "train_gpu"), size_of_a_language_model),
    (("serving_mode",), none_stands_alone),
    (("serving_mode", "p99_ms", "payload_kb", "model_family", "peak_rps"), serverless_is_not_fast),
    (("serving_mode", "payload_kb", "p99_ms"), large_requests_are_asynchronous),
    (("feature_store", "retrain_cadence"), an_online_store_is_not_enough_to_train),
)
