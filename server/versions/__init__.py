"""Frozen revisions of an act."""
