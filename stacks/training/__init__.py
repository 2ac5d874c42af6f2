"""Image repository, experiment tracking, model registry and the training pipeline."""
