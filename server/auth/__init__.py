"""Passwords, sessions, tokens, tickets."""
