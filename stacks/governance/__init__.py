"""Evidence, human review, the registry policy and the kill switch."""
