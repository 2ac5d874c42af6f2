"""Capacity that is bought before it is used, applied by a person and by nobody else."""
