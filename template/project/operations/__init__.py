"""What is done to an environment: bootstrap, preview, up, verify, drift, destroy. `make help` lists the targets."""
