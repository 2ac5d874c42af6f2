"""The infrastructure of the project: one folder a Pulumi program, shared components beside them."""
