"""Drift job, alarms, dashboard, notifications and budget."""
