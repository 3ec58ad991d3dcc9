"""Who may do what: actors, roles, one policy."""
