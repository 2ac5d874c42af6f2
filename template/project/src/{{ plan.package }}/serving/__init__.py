"""Answers to requests: scores, decisions, reason codes."""
