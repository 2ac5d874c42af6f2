"""The model on the device: what is packed for it, who signed it, how it runs there, and how a release spreads."""
