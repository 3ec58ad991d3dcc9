"""Acts, their bodies and members, their documents."""
