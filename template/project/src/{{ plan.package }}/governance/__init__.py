"""People over the model: reviews, overrides, decision log, evidence."""
