"""Where data comes from, what it must look like, and where each dataset came from."""
