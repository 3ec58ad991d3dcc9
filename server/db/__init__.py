"""Engines, tables, transactions, migrations."""
