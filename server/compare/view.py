"""A comparison as data for pages: rows with stable ids and all words, from which redline, side by side and table are drawn. Pure."""

import json
from typing import Any

from server.compare.model import Aligned, Comparison, Kind, Side
from server.compare.places import NOWHERE, Place, places
from server.compare.table import ComparativeTable
from server.formats.canonical import Line


def write_view(comparison: Comparison) -> bytes:
    """Every row in order as JSON.

    `id` is stable (C43), `place` is how people call where the row stands, `number` counts the changes from 1 and is null for `same`,
    `words` are there for `same` rows too: without "-" they are what the right side reads, without "+" the left one.
    """
    rows, number = [], 0
    befores, afters = places(comparison.left.units), places(comparison.right.units)
    for row in comparison.alignment:
        number += row.kind is not Kind.SAME
        place = afters[row.right] if row.right is not None else befores[row.left] if row.left is not None else NOWHERE
        rows.append(_row(comparison, row, number if row.kind is not Kind.SAME else None, place))
    head = {
        "left": _side(comparison.left),
        "right": _side(comparison.right),
        "summary": {kind.value: count for kind, count in comparison.summary().items()},
        "changes": number,
    }
    # Row by row: one call over a whole code would hold the interpreter, and with it everybody's edits, for too long.
    return _json(head)[:-1] + b',"rows":[' + b",".join(map(_json, rows)) + b"]}"


def write_table(comparison: Comparison, paper: ComparativeTable) -> bytes:
    """The comparative table as JSON: the columns' headings, and its rows with the words of each side."""
    rows = [
        {
            "number": row.number,
            "id": row.id,
            "heading": row.heading,
            "under": row.under,
            "kind": row.kind.value,
            "old": {"label": row.old.label, "words": row.old.words},
            "new": {"label": row.new.label, "words": row.new.words},
            "explanation": row.explanation,
        }
        for row in paper.rows
    ]
    columns = list(paper.preset.value)
    return _json({"left": _side(comparison.left), "right": _side(comparison.right), "columns": columns, "rows": rows})


def _side(side: Side) -> dict[str, object]:
    return {"title": side.title, "name": side.name, "units": len(side.units)}


def _row(comparison: Comparison, row: Aligned, number: int | None, place: Place) -> dict[str, Any]:  # Any: JSON
    old = comparison.left.units[row.left] if row.left is not None else None
    new = comparison.right.units[row.right] if row.right is not None else None
    line = new or old
    text = line.text if line else ""
    return {
        "id": comparison.id_of(row),
        "number": number,
        "kind": row.kind.value,
        "unit": line.kind if line else "",
        "place": place.name,
        "left": _end(old),
        "right": _end(new),
        "words": row.words or ([["=", text]] if text else []),
        "group": row.group,
    }


def _end(line: Line | None) -> dict[str, str] | None:
    return None if line is None else {"bid": line.bid, "label": line.label, "unit": line.kind}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
