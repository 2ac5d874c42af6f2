"""Rules of this team, beside the pack's own."""
