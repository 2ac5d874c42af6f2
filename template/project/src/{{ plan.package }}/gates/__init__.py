"""What a model must pass before it may be registered."""
