"""The history of the schema, one migration per change; part of the wheel."""
