"""Plumbing shared by every api module."""
