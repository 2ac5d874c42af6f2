"""What exists once in an account: audit trail, recorder, threat detection, defaults, CI identity provider."""
