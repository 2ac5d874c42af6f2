"""The platform around the projects: teams, their projects, the feature catalogue, the fleet of models, chargeback."""
