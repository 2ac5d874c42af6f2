"""Who may do what in an environment: the permission boundary, the CI roles and the service roles."""
