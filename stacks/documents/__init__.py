"""IAM policy documents as pure functions of names: what may be done is read, and tested, without a cloud."""
