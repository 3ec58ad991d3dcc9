"""The words of the comparison's own views: kinds of change, headings. Ukrainian, as the papers are."""

from server.compare.model import Kind

KINDS = {
    Kind.SAME: "без змін",
    Kind.INSERTED: "вставлено",
    Kind.DELETED: "вилучено",
    Kind.REPLACED: "замінено",
    Kind.MOVED: "переміщено",
    Kind.MOVED_EDITED: "переміщено зі змінами",
    Kind.RENUMBERED: "перенумеровано",
    Kind.REFERENCE: "оновлено посилання",
    Kind.ORTHOGRAPHIC: "орфографія",
    Kind.TYPOGRAPHIC: "друкарське виправлення",
    Kind.NOTE: "примітка",
}

NOTHING = "Нічого не змінено."
"""Said in so many words when two texts are equal."""


def summary_of(counts: dict[Kind, int]) -> str:
    """The numbers in one line, kinds that occur."""
    parts = [f"{KINDS[kind]}: {count}" for kind, count in counts.items() if count and kind is not Kind.SAME]
    return " · ".join(parts) or NOTHING
