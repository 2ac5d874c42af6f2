"""Cross-rules over what stands apart or exists already: accounts, networks, teams, guardrails."""

from __future__ import annotations

import zoneinfo

from modelkeel.answers.conflict import Conflict
from modelkeel.answers.model import Answers
from modelkeel.answers.serving import ONLINE
from modelkeel.tables.ci_system import ci_systems
from modelkeel.tables.framework import frameworks

BY_ENVIRONMENT = (
    "existing_vpc_ids", "existing_subnet_ids", "existing_key_arns", "existing_data_buckets", "existing_kafka_arns",
    "certificate_arns",
)  # fmt: skip


def existing_network_is_named(answers: Answers) -> Conflict | None:
    """An existing network needs its VPC and its subnets, in two zones, for each environment."""
    if answers.network != "existing":
        return None
    for name in answers.environments:
        if name not in answers.existing_vpc_ids:
            return Conflict(
                what=f"network is existing, but the VPC of {name} is not named",
                why="a VPC for each environment",
                ways_out=(f"give existing_vpc_ids.{name}", "network: create"),
                keys=("network", "existing_vpc_ids"),
            )
        if len(set(answers.existing_subnet_ids.get(name, ()))) < 2:
            return Conflict(
                what=f"network is existing, but fewer than two subnets of {name} are named",
                why="two private subnets or more for each environment, in different zones",
                ways_out=(f"name them in existing_subnet_ids.{name}", "network: create"),
                keys=("network", "existing_subnet_ids"),
            )
    return None


def entries_belong_to_an_environment(answers: Answers) -> Conflict | None:
    """What is given by environment is given for environments that exist."""
    for key in BY_ENVIRONMENT:
        extra = sorted(set(getattr(answers, key)) - set(answers.environments))
        if extra:
            return Conflict(
                what=f"{key} names an environment that does not exist",
                why=", ".join(answers.environments),
                ways_out=tuple(f"drop {key}.{name}" for name in extra),
                keys=("environments", key),
            )
    return None


def given_keys_are_near(answers: Answers) -> Conflict | None:
    """Roles name a key by aliases, which lie in the key's account and Region."""
    for name, arn in answers.existing_key_arns.items():
        account = answers.account_ids.get(name, "")
        region, owner = arn.split(":")[3:5]
        if account and (region, owner) != (answers.region, account):
            return Conflict(
                what=f"the key of {name} is in {region} of account {owner}",
                why=f"a key in {answers.region} of account {account}: roles of {name} name it by an alias, which lies"
                " where the key is",
                ways_out=(
                    f"existing_key_arns.{name}: a key made there, or a replica",
                    f"drop existing_key_arns.{name}",
                ),
                keys=("existing_key_arns", "account_ids", "regions"),
            )
    return None


def classes_of_data_have_keys(answers: Answers) -> Conflict | None:
    """Some frameworks ask for a key for each class of data, and one key is given."""
    asking = [name for name in answers.frameworks if "cmk_per_domain" in frameworks()[name].switches]
    if not answers.existing_key_arns or not asking:
        return None
    titles = " and ".join(frameworks()[name].title for name in asking)
    return Conflict(
        what="one key is given for all classes of data",
        why=f"a key for each class: {titles} ask{'s' * (len(asking) == 1)} for it",
        ways_out=("drop existing_key_arns: the project makes a key for each class",),
        keys=("existing_key_arns", "frameworks"),
    )


def accounts_apart_are_named(answers: Answers) -> Conflict | None:
    """A tooling account is named where one is asked for, and stands apart from the environments."""
    if answers.account_model == "per_env_plus_tooling" and not answers.tooling_account_id:
        return Conflict(
            what="account_model is per_env_plus_tooling, but the tooling account is not named",
            why="12 digits",
            ways_out=("give tooling_account_id", "account_model: per_env"),
            keys=("account_model", "tooling_account_id"),
        )
    shared = [name for name, account in answers.account_ids.items() if account == answers.tooling_account_id]
    if answers.account_model == "per_env_plus_tooling" and shared:
        return Conflict(
            what=f"the tooling account is that of {shared[0]}",
            why="an account of its own",
            ways_out=("another tooling_account_id", "account_model: per_env"),
            keys=("account_ids", "tooling_account_id"),
        )
    return None


def a_project_has_the_accounts_of_one_team(answers: Answers) -> Conflict | None:
    """Accounts are named by environment, so those of several teams are those of several projects."""
    if answers.account_model == "per_team_per_env" and len(answers.teams) > 1:
        return Conflict(
            what=f"accounts for each team, and {len(answers.teams)} teams in one project",
            why="one team or none: account_ids has one account for each environment",
            ways_out=(
                f"a project for each team, this one with teams: [{answers.teams[0]}]",
                "account_model: per_env, whose accounts the teams share",
            ),
        )
    return None


def guardrails_need_an_organization(answers: Answers) -> Conflict | None:
    """Service control policies exist in an organization only."""
    if answers.policy_target_ids and not answers.org_id:
        return Conflict(
            what="guardrails are to be attached, but no organization is named",
            why="the id of the AWS Organization: o- and ten or more characters",
            ways_out=("give org_id", "drop policy_target_ids"),
        )
    return None


def quotas_belong_to_a_team(answers: Answers) -> Conflict | None:
    """A quota is given to a team that exists."""
    extra = sorted(set(answers.team_gpus) - set(answers.teams))
    if extra:
        return Conflict(
            what=f"team_gpus names {extra[0]}, which is no team",
            why=", ".join(answers.teams) or "no teams are named",
            ways_out=(f"add {extra[0]} to teams", f"drop team_gpus.{extra[0]}"),
        )
    return None


def the_time_zone_exists(answers: Answers) -> Conflict | None:
    """A time zone is one of the IANA database; where the machine has none, its form is all that can be checked."""
    known = zoneinfo.available_timezones() if answers.timezone != "UTC" else set()
    if not known or answers.timezone in known:
        return None
    import difflib  # noqa: PLC0415 (only a mistake needs it)

    close = difflib.get_close_matches(answers.timezone, sorted(known), n=1)
    return Conflict(
        what=f"{answers.timezone!r} is no time zone",
        why="a name of the IANA database, such as Europe/Berlin",
        ways_out=(f"did you mean {close[0]}?" if close else "timezone: UTC",),
    )


def an_allow_list_has_names(answers: Answers) -> Conflict | None:
    """A firewall that lets listed names pass needs the list; nobody else knows whose packages a team trusts."""
    if answers.egress != "allowlist" or answers.egress_domains:
        return None
    return Conflict(
        what="egress is an allow-list, and no name is on it",
        why="one name at least, such as packages.example.com",
        ways_out=(
            "name in egress_domains what jobs call: your package index, your model hub",
            "egress: none, with packages in the image and weights in a bucket",
        ),
    )


def somebody_deploys(answers: Answers) -> Conflict | None:
    """A CI system without tokens that AWS can trust deploys nothing, so a person's role must be named."""
    system = ci_systems()[answers.ci]
    if system.issuer_url or answers.admin_role:
        return None
    return Conflict(
        what="nobody could deploy"
        if answers.ci == "none"
        else f"nobody could deploy: the roles for {answers.ci} cannot be made from the answers alone",
        why="a CI system whose tokens AWS trusts ("
        + ", ".join(name for name, row in ci_systems().items() if row.issuer_url)
        + "), or the role with which people administer the accounts",
        ways_out=("admin_role: the name of that role, such as Admin", "ci: github"),
    )


def a_channel_is_named(answers: Answers) -> Conflict | None:
    """Alarms reach Slack by the ids of workspace and channel."""
    if "slack" in answers.alert_to and not (answers.slack_workspace_id and answers.slack_channel_id):
        return Conflict(
            what="alarms go to slack, but workspace and channel are not named",
            why="the ids that Slack shows: T... and C...",
            ways_out=("give slack_workspace_id and slack_channel_id", "drop slack from alert_to"),
        )
    return None


def somebody_can_be_called(answers: Answers) -> Conflict | None:
    """A mail wakes nobody, and a nightly job has no callers who feel anything."""
    if answers.on_call == "none":
        return None
    if "pagerduty" not in answers.alert_to:
        return Conflict(
            what="urgent alarms are to call somebody, but nothing that calls is named",
            why="pagerduty among alert_to",
            ways_out=("alert_to: [email, pagerduty]", "on_call: none"),
            keys=("on_call", "alert_to"),
        )
    if not set(answers.serving_mode) & set(ONLINE):
        return Conflict(
            what="urgent alarms are those of what callers feel, and nothing answers callers",
            why="on_call: none with batch, edge or none",
            ways_out=("on_call: none", "an online mode in serving_mode"),
            keys=("on_call", "serving_mode"),
        )
    return None


RULES = (
    (("network", "existing_vpc_ids", "existing_subnet_ids", "environments"), existing_network_is_named),
    (("environments", *BY_ENVIRONMENT), entries_belong_to_an_environment),
    (("existing_key_arns", "account_ids", "regions"), given_keys_are_near),
    (("existing_key_arns", "frameworks"), classes_of_data_have_keys),
    (("account_model", "account_ids", "tooling_account_id"), accounts_apart_are_named),
    (("account_model", "teams"), a_project_has_the_accounts_of_one_team),
    (("org_id", "policy_target_ids"), guardrails_need_an_organization),
    (("egress", "egress_domains"), an_allow_list_has_names),
    (("ci", "admin_role"), somebody_deploys),
    (("teams", "team_gpus"), quotas_belong_to_a_team),
    (("timezone",), the_time_zone_exists),
    (("on_call", "alert_to", "serving_mode"), somebody_can_be_called),
    (("alert_to", "slack_workspace_id", "slack_channel_id"), a_channel_is_named),
)
