"""The SageMaker pipeline of the training stack, held against the service's own model and rehearsed on one machine."""
