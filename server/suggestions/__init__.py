"""Proposed changes as records beside the text: made by reviewers, released by their body, decided by drafters."""
