"""Small sides for tests: one line each, "label | text", with a kind before a colon where it is not a point."""

from collections import Counter
from typing import Any

from server.compare.model import Comparison, Kind, Side
from server.formats.canonical import Line
from server.ids import BlockId


def side(*lines: str, prefix: str = "", ids: str = "") -> Side:
    """Units from lines such as "article: Стаття 1. | Про мир" or "просто абзац". `ids` gives one-letter block ids."""
    return Side("Акт", tuple(_line(place, line, prefix, ids) for place, line in enumerate(lines)))


def _line(place: int, line: str, prefix: str, ids: str) -> Line:
    head, bar, text = line.partition(" | ")
    kind, colon, label = head.partition(": ")
    bid = BlockId(ids[place] if ids else f"{prefix or id(line)}-{place}")
    if not bar:
        return Line(bid, "paragraph", "", line)
    return Line(bid, kind if colon else "point", label if colon else kind, text)


def kinds(comparison: Comparison) -> list[Kind]:
    """The kinds of the rows in order."""
    return [row.kind for row in comparison.alignment]


def rebuild(comparison: Comparison) -> None:
    """Asserts C1 and C2."""
    for name, sign in (("left", "+"), ("right", "-")):
        units = getattr(comparison, name).units
        places = [getattr(row, name) for row in comparison.alignment if getattr(row, name) is not None]
        assert sorted(places) == list(range(len(units)))
        for row in comparison.alignment:
            place = getattr(row, name)
            if place is not None and row.kind is not Kind.SAME:
                assert "".join(text for operation, text in row.words if operation != sign) == units[place].text
            elif place is None:
                assert "".join(text for operation, text in row.words if operation != sign) == ""
    for row in comparison.alignment:
        if row.kind is Kind.SAME:
            assert row.left is not None
            assert row.right is not None
            assert comparison.left.units[row.left].text == comparison.right.units[row.right].text


def check_contract(told: dict[str, Any]) -> None:
    """Asserts DESIGN §5 of a comparison that was read from JSON, with nothing of ours."""
    for name, sign in (("left", "+"), ("right", "-")):
        units = told[name]["units"]
        places = [row[name] for row in told["alignment"] if row[name] is not None]
        assert sorted(places) == list(range(len(units)))
        for row in told["alignment"]:
            words = row.get("words", [])
            text = "" if row[name] is None else units[row[name]]["text"]
            assert row["kind"] == "same" or "".join(piece for operation, piece in words if operation != sign) == text
    counts = Counter(row["kind"] for row in told["alignment"])
    assert {kind: count for kind, count in told["summary"].items() if count} == dict(counts)
    assert set(told["summary"]) == {kind.value for kind in Kind}
