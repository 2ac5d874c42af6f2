"""What the covering matrix combines: each dimension is one line, each of its options the answers that it changes.

A further choice of a question, or a further question, is one more entry here: the pairs that it brings are then
covered by themselves. The first dimension is special: its options are the example answers that a case starts from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Changes = dict[str, Any]

PRESET = "archetype"
MODEL = "model_package"
ENVIRONMENT = "environment"
TEAMS = [f"team_{letter}" for letter in "abcdefghijkl"]
LLM = {"model_params_b": 8, "training_tokens_b": 0.05, "context_tokens": 4096, "max_train_hours": 12}
STANDBY = {
    "us-east-1": "us-west-2",
    "eu-west-1": "eu-central-1",
    "us-gov-west-1": "us-gov-east-1",
    "cn-north-1": "cn-northwest-1",
}

DIMENSIONS: Mapping[str, Mapping[str, Changes]] = {
    PRESET: {
        "fraud": {"preset": "fraud_realtime"},
        "recommend": {"preset": "recommendations"},
        "platform": {"preset": "shared_platform"},
        "vending": {"preset": "predictive_maintenance"},
        "assistant": {"preset": "llm_finetune_serve"},
        "tabular": {"preset": "tabular_batch"},
        "blank": {"preset": "blank"},
    },
    "frameworks": {
        "no-framework": {"frameworks": []},
        "soc2-iso": {"frameworks": ["soc2", "iso_27001", "iso_42001"]},
        "hipaa": {"frameworks": ["hipaa"], "data_sensitivity": ["phi"]},
        "pci-dora": {"frameworks": ["pci_dss_4", "dora"], "data_sensitivity": ["cardholder", "pii"]},
        "gdpr-high-risk": {
            "frameworks": ["gdpr", "nist_ai_rmf"],
            "ai_act_role": "both",
            "ai_act_class": "high_annex_iii",
            "decision_impact": "automated_significant",
            "protected_attributes": ["age_band"],
        },
        "fedramp-moderate": {"frameworks": ["fedramp_moderate", "nist_800_53_r5"]},
        "fedramp-high": {"frameworks": ["fedramp_high"]},
    },
    "place": {
        "home": {"regions": ["home"]},
        "ireland": {"regions": ["eu-west-1"]},
        "govcloud": {"regions": ["us-gov-west-1"]},
        "beijing": {"regions": ["cn-north-1"]},
    },
    "serving": {
        "batch": {"serving_mode": ["batch"]},
        "realtime": {"serving_mode": ["realtime"], "exposure": "api_gateway_iam"},
        "async": {"serving_mode": ["async"]},
        "serverless": {"serving_mode": ["serverless"], "peak_rps": 20, "p99_ms": 500, "payload_kb": 16},
        "streaming": {"serving_mode": ["streaming"], "exposure": "internal_alb"},
        "edge": {"serving_mode": ["batch", "edge"]},
        "nothing": {"serving_mode": ["none"]},
    },
    "model": {
        "trees": {"model_family": "gbdt"},
        "vision": {"model_family": "vision", "model_params_b": 0.3},
        "lora": {"model_family": "llm_lora", **LLM},
        "full": {"model_family": "llm_full_ft", **LLM, "train_gpu": "multi_node", "serving_platform": "eks"},
    },
    "platform": {
        "by-rule": {"train_platform": "auto"},
        "jobs": {"train_platform": "sagemaker_jobs"},
        "hyperpod": {"train_platform": "hyperpod_eks"},
        "karpenter": {"train_platform": "eks_karpenter"},
        "aws-batch": {"train_platform": "aws_batch"},
    },
    "purchase": {
        "bought-by-rule": {"purchase": "auto"},
        "spot": {"purchase": "spot", "checkpoints": True},
        "block": {"purchase": "capacity_block"},
        "plan": {"purchase": "training_plan"},
    },
    "accounts": {
        "one-account": {"account_model": "single"},
        "per-env": {"account_model": "per_env"},
        "tooling": {"account_model": "per_env_plus_tooling"},
        "per-team": {"account_model": "per_team_per_env"},
    },
    ENVIRONMENT: {
        "prod": {"environments": ["prod"]},
        "dev-of-two": {"environments": ["dev", "prod"]},
        "staging-of-three": {"environments": ["dev", "staging", "prod"]},
        "prod-of-three": {"environments": ["dev", "staging", "prod"]},
    },
    "network": {
        "own-closed": {"network": "create", "egress": "none"},
        "own-list": {"network": "create", "egress": "allowlist", "egress_domains": ["packages.example.com"]},
        "own-nat": {"network": "create", "egress": "nat"},
        "given": {"network": "existing", "egress": "none"},
    },
    "ingestion": {
        "files": {"ingestion": ["batch_s3"]},
        "kinesis": {"ingestion": ["kinesis"], "events_per_sec": 500},
        "msk": {"ingestion": ["msk"], "events_per_sec": 5000},
        "iot": {"ingestion": ["iot_core", "batch_s3"], "events_per_sec": 3334},
        "cdc": {"ingestion": ["cdc"]},
    },
    "availability": {
        "no-promise": {"availability": "dev"},
        "two-zones": {"availability": "99.0"},
        "three-zones": {"availability": "99.9"},
        "two-regions": {"availability": "99.95"},
    },
    "rollout": {
        "canary": {"rollout": "canary"},
        "linear": {"rollout": "linear"},
        "rolling": {"rollout": "rolling"},
        "at-once": {"rollout": "all_at_once"},
        "shadow": {"rollout": "shadow_then_canary"},
    },
    "features": {
        "store-by-rule": {"feature_store": "auto"},
        "offline": {"feature_store": "offline"},
        "online": {"feature_store": "offline_online"},
        "tables": {"feature_store": "none"},
    },
    "teams": {"one-team": {"teams": []}, "twelve-teams": {"teams": TEAMS}},
    "name": {
        "short": {"project_name": "abc"},
        "long": {"project_name": "abcdefghij-klmnopqrs-uvw"},
    },
    "management": {"alone": {"management": "none"}, "control-tower": {"management": "control_tower"}},
    "maturity": {
        "production": {"maturity_goal": "production"},
        "prototype": {"maturity_goal": "prototype"},
        "regulated": {"maturity_goal": "regulated"},
    },
    "ci": {
        "github": {"ci": "github"},
        "gitlab": {"ci": "gitlab"},
        "no-ci": {"ci": "none", "admin_role": "PlatformAdmin"},
    },
    "volume": {"small": {"data_volume": "<10GB"}, "large": {"data_volume": "200TB"}},
    "tracking": {"mlflow": {"tracking": "mlflow_app"}, "untracked": {"tracking": "none"}},
    MODEL: {"no-model-yet": {}, "approved": {}},
}

# What these options are told by a control, rightly: the answer stands, and the finding is waived or put right.
TOLD = {
    ("rollout", "at-once"): {"endpoint-rolls-back"},
    # A fleet of one has no second zone, and nothing to shift traffic to step by step.
    ("availability", "no-promise"): {"endpoint-redundant", "endpoint-rolls-back"},
    ("network", "own-nat"): {"vpc-egress-named"},
}

# What is not said where these are answered, whatever else is: TLS may go anywhere where no framework binds.
NOT_TOLD = {("frameworks", "no-framework"): {"vpc-egress-named"}}

# What is said of guardrails that are written and attached to nothing, as an organization that names no targets wants.
UNATTACHED = {
    "organization-audit-kept-on",
    "organization-data-not-for-training",
    "organization-regions-listed",
    "organization-sagemaker-guarded",
}


def answers_of(options: Mapping[str, str], presets: Mapping[str, Changes]) -> Changes:
    """Return the answers that `options`, one for each dimension, stand for."""
    values = dict(presets[DIMENSIONS[PRESET][options[PRESET]]["preset"]])
    values.pop("data_residency", None)
    for dimension, option in options.items():
        if dimension not in {PRESET, MODEL}:
            values |= DIMENSIONS[dimension][option]
    return values | _agreeing(values)


def _key(region: str, account: str, number: int) -> str:
    return f"arn:{_partition(region)}:kms:{region}:{account}:key/{number}234abcd-12ab-34cd-56ef-1234567890ab"


def _certificate(region: str, account: str, number: int) -> str:
    return f"arn:{_partition(region)}:acm:{region}:{account}:certificate/{number}234abcd-12ab-34cd-56ef-1234567890ab"


def _partition(region: str) -> str:
    return {"us-gov-west-1": "aws-us-gov", "cn-north-1": "aws-cn"}.get(region, "aws")


def _agreeing(values: Changes) -> Changes:
    """Return what must fit: an account and a budget for each environment, and subnets of an existing network."""
    environments = values["environments"]
    single = values["account_model"] == "single" or len(environments) == 1
    home = "us-east-1" if values["regions"] == ["home"] else values["regions"][0]
    if values["regions"] == ["home"] and "gdpr" in values["frameworks"]:
        home = "eu-west-1"
    if values["regions"] == ["home"] and "fedramp_high" in values["frameworks"]:
        home = "us-gov-west-1"
    changes: Changes = {
        "regions": [home, STANDBY[home]] if values["availability"] == "99.95" else [home],
        "account_ids": {name: "1" * 12 if single else str(n) * 12 for n, name in enumerate(environments, 1)},
        "monthly_budget_usd": dict.fromkeys(environments, 1_000_000),
        "network_cidr": "10.0.0.0/8",
    }
    if values["network"] == "existing":
        changes["existing_vpc_ids"] = {name: f"vpc-0{n}23456789abcdef0" for n, name in enumerate(environments)}
        changes["existing_subnet_ids"] = {
            name: [f"subnet-{n}{zone}123456789abcdef" for zone in "abc"] for n, name in enumerate(environments)
        }
        # Who gives a network gives data, too, and a key where no framework wants one for each class of data.
        changes["existing_data_buckets"] = {name: f"acme-raw-data-{name}" for name in environments}
        if not {"hipaa", "pci_dss_4", "fedramp_moderate", "fedramp_high"} & set(values["frameworks"]):
            changes["existing_key_arns"] = {
                name: _key(home, changes["account_ids"][name], n) for n, name in enumerate(environments)
            }
    if values.get("exposure") == "internal_alb":
        changes["certificate_arns"] = {
            name: _certificate(home, changes["account_ids"][name], n) for n, name in enumerate(environments)
        }
    if values["account_model"] == "per_env_plus_tooling":
        changes["tooling_account_id"] = "9" * 12
    if values["account_model"] == "per_team_per_env":
        changes["teams"] = values.get("teams", [])[:1]
    if values["model_family"] in {"gbdt", "vision"}:
        changes["train_gpu"] = "auto"
    return changes
