"""The real-time endpoint or the batch scoring of the approved model."""
