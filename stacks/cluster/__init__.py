"""The Kubernetes cluster: control plane, access, add-ons, machines."""
