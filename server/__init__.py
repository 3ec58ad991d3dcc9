"""Zlahoda: one living text for a draft act, written and agreed by several bodies at once."""
