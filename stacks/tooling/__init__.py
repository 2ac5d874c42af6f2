"""What stands once for all environments in an account of its own: registry, images, and where CI comes in."""
