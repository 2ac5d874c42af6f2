"""The whole life of a model, told on one laptop."""
