"""From features to a model with a threshold, reproducible to the digit."""
