"""Processes beside the server for work that would hold its event loop: pycrdt keeps the interpreter's lock while it works."""
