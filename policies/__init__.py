"""The policy pack: controls as rows of data, rules as pure functions, one adapter for the Pulumi engine.

Nothing here imports the generator or the stacks: the pack judges any project that uses pulumi-aws.
"""
