"""Who may do what: IAM decisions from the recorded graph, by the rules that IAM's user guide states."""
