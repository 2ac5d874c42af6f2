"""Who does what: each task of a model's life over the five roles, and who outside them is asked."""

from __future__ import annotations

from typing import Any

ROLES = (
    "MLOps manager",
    "Data engineer",
    "Data scientist and ML engineer",
    "DevOps engineer",
    "Business analyst",
)
"""The people who have a role of their own in an environment, by its title there."""

TASKS = (
    # task, letters in the order of ROLES, who outside these roles takes part
    ("Use case and its figure of success", ("A", "C", "C", "I", "R"), "head of the business that uses it"),
    ("Answers and plan", ("A", "C", "R", "C", "I"), "risk owner is asked"),
    ("Accounts, network, keys", ("I", "I", "I", "R", ""), "head of platform answers for it, security is asked"),
    ("Data contract and quality", ("I", "R", "C", "I", "C"), "data owner answers for it"),
    ("Features and training code", ("A", "C", "R", "I", "I"), ""),
    ("Model approval", ("R", "I", "C", "I", "I"), "risk owner answers for it; never the author"),
    ("Deployment", ("I", "", "C", "A", "I"), "CI does it"),
    ("Monitoring, drift, retraining", ("A", "C", "R", "C", "I"), "risk owner is told"),
    ("Human review of decisions", ("I", "", "C", "", "R"), "reviewers decide, risk owner answers for it"),
    ("Incidents and the kill switch", ("A", "C", "C", "R", "I"), "risk owner and data protection officer are told"),
    ("Costs and budget", ("R", "I", "I", "C", "I"), "budget owner answers for it"),
    ("Training of people, drills", ("A", "R", "R", "R", "R"), ""),
)


def rows() -> list[dict[str, Any]]:
    """Return a row for each task: the task, a cell for each of `ROLES`, and who else takes part."""
    return [{"task": task, "letters": list(letters), "others": others} for task, letters, others in TASKS]
