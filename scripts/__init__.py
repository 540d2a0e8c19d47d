"""What `make` runs: installing, building, testing, and the supervisor of the services."""
