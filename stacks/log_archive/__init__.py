"""Where the organization's trail is kept, out of reach of every account that it records."""
