"""What runs inside the cluster: device plugins, queues of the teams, operators, machines on demand."""
