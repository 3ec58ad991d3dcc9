"""A comparison as JSON: the contract that scripts rely on (DESIGN §5)."""

import json
from typing import Any

from server.compare.model import Aligned, Comparison, Side


def write(comparison: Comparison) -> bytes:
    """The whole comparison as JSON in UTF-8, one unit or row a line."""
    sides = {"left": comparison.left, "right": comparison.right}
    parts = [f'"{name}": {{"title": {_json(side.title)}, "units": {_lines(_units(side))}}}' for name, side in sides.items()]
    parts.append(f'"alignment": {_lines([_row(row) for row in comparison.alignment])}')
    parts.append(f'"summary": {_json({kind.value: count for kind, count in comparison.summary().items()})}')
    return ("{" + ",\n".join(parts) + "}\n").encode()


def _units(side: Side) -> list[dict[str, str]]:
    return [{"bid": unit.bid, "kind": unit.kind, "label": unit.label, "text": unit.text} for unit in side.units]


def _row(row: Aligned) -> dict[str, Any]:  # Any: JSON
    fields: dict[str, Any] = {"kind": row.kind.value, "left": row.left, "right": row.right}
    if row.words:
        fields["words"] = row.words
    if row.group is not None:
        fields["group"] = row.group
    return fields


def _lines(entries: list[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(_json(entry) for entry in entries) + "\n]" if entries else "[]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
