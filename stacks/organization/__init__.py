"""What holds in every account of the organization's unit: service control and resource control policies."""
