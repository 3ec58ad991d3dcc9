"""Zlahoda beside other Yjs servers: the same clients, the same edits, one machine, one run."""
