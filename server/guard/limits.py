"""How much may come, and how much a document may hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one update may bring and one document may hold (G3)."""

    update_bytes: int = 8 * 1024 * 1024
    structs: int = 200_000
    """Structs and delete ranges of one update."""
    run_units: int = 2_000_000
    """UTF-16 units of one uninterrupted run of text."""
    search_steps: int = 2_000_000
    """Pieces of text looked at to find where an update's structs stand among each other."""
    blocks: int = 60_000
    """Units, tables, rows and cells alive in the document."""
    document_bytes: int = 128 * 1024 * 1024
    """All updates since the document was last loaded, and what it was loaded from."""


DEFAULT_LIMITS = Limits()
