"""The tables as a whole: how old they are, and how they are renewed from AWS."""
