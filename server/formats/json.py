"""A tree as JSON, without loss, and back. Version 1; the fields are those of `server/text/tree.py`."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from server.crdt.content import MarkValue, Run
from server.errors import UnsupportedType
from server.formats.source import Imported, check
from server.ids import BlockId, NewId, new_id
from server.text.convert import convert, merge_runs, to_elements
from server.text.numbering import Scheme, labels, load_scheme
from server.text.tree import Block, Cell, Row, Table, Tree, Unit

FORMAT = "zlahoda-tree"
VERSION = 1


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Run(_Strict):
    text: str
    marks: dict[str, dict[str, str | int]] = {}


class _Cell(_Strict):
    bid: str
    runs: list[_Run] = []
    colspan: int = 1
    rowspan: int = 1
    header: bool = False
    colwidth: list[int] = []


class _Row(_Strict):
    bid: str
    cells: list[_Cell] = []


class _Block(_Strict):
    bid: str
    kind: str = ""
    runs: list[_Run] = []
    label: str = ""
    number: str = ""
    level: int = 1
    quoted: str = ""
    scope: str = ""
    rows: list[_Row] | None = None


class _File(_Strict):
    format: str
    version: int
    title: str = ""
    kind: str = "other"
    scheme: str = "cabinet"
    blocks: list[_Block] = []


def write(tree: Tree, scheme: Scheme, title: str = "", kind: str = "other") -> bytes:
    """The tree as JSON in UTF-8; `number` repeats the final label for readers that do not number."""
    numbers = labels(tree, scheme)
    blocks = [_unit(block, numbers[block.bid]) if isinstance(block, Unit) else _table(block) for block in tree.blocks]
    data = {"format": FORMAT, "version": VERSION, "title": title, "kind": kind, "scheme": scheme.id, "blocks": blocks}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def read(data: bytes, make_id: NewId = new_id) -> Imported:
    """A file written by `write`. Ids that are missing or repeated are repaired. Raises UnsupportedType and TooLarge."""
    check(data)
    try:
        file = _File.model_validate_json(data)
    except (ValidationError, RecursionError) as error:
        raise UnsupportedType("Файл JSON не є текстом акта, збереженим цією програмою.") from error
    if file.format != FORMAT or file.version != VERSION:
        raise UnsupportedType("Файл JSON має інший формат або новішу версію формату.")
    load_scheme(file.scheme)
    tree = Tree(tuple(_read_block(block, make_id) for block in file.blocks))
    return Imported(file.title, file.kind, convert(to_elements(tree)).tree)


def _runs(runs: tuple[Run, ...]) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {"text": run.text, **({"marks": {name: dict(value) for name, value in run.marks.items()}} if run.marks else {})} for run in runs
    ]


def _unit(unit: Unit, number: str) -> dict[str, Any]:  # Any: JSON
    fields = {"bid": unit.bid, "kind": unit.kind, "level": unit.level, "label": unit.label, "number": number}
    return {**fields, "quoted": unit.quoted, "scope": unit.scope, "runs": _runs(unit.runs)}


def _table(table: Table) -> dict[str, Any]:  # Any: JSON
    rows = [{"bid": row.bid, "cells": [_cell(cell) for cell in row.cells]} for row in table.rows]
    return {"bid": table.bid, "quoted": table.quoted, "scope": table.scope, "rows": rows}


def _cell(cell: Cell) -> dict[str, Any]:  # Any: JSON
    layout = {"colspan": cell.colspan, "rowspan": cell.rowspan, "header": cell.header, "colwidth": list(cell.colwidth)}
    return {"bid": cell.bid, **layout, "runs": _runs(cell.runs)}


def _read_block(block: _Block, make_id: NewId) -> Block:
    bid = BlockId(block.bid or make_id())
    if block.rows is None:
        return Unit(bid, block.kind, _read_runs(block.runs), block.label, max(block.level, 1), block.quoted, block.scope)
    rows = tuple(Row(BlockId(row.bid), tuple(_read_cell(cell) for cell in row.cells)) for row in block.rows)
    return Table(bid, rows, block.quoted, block.scope)


def _read_cell(cell: _Cell) -> Cell:
    return Cell(BlockId(cell.bid), _read_runs(cell.runs), max(cell.colspan, 1), max(cell.rowspan, 1), cell.header, tuple(cell.colwidth))


def _read_runs(runs: list[_Run]) -> tuple[Run, ...]:
    def marks(run: _Run) -> dict[str, MarkValue]:
        return {name: dict(value) for name, value in run.marks.items()}

    return merge_runs(Run(run.text, marks(run)) for run in runs)
