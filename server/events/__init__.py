"""Append-only, hash-chained record of what people did."""
