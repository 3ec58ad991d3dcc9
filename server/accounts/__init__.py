"""Bodies and people."""
