"""The rules, one module a service; a rule is named as its control, in snake case."""
