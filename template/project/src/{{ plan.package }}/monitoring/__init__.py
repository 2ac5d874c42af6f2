"""What happens after deployment: capture, drift, late labels, metrics, alarms."""
