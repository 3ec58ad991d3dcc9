"""The durable log of updates."""
