"""The one byte form of a frozen text, and the hash of what a person reads in it. Pure; form version 1.

Two things (D17). The canonical bytes hold everything, block ids included, so that a tree comes back exactly. The content
hash covers what is read: kinds, numbers and words with references as they read now, superscripts, subscripts and struck
words (10² is not 102), images by their source. It does not see block ids, bold, or links.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.crdt.content import MarkValue, Run
from server.errors import Damaged
from server.formats.render import Rendering, plain_text
from server.ids import BlockId
from server.text.numbering import Scheme, number
from server.text.tree import Block, Cell, Row, Table, Tree, Unit

FORM = 1
_READ_MARKS = ("sub", "sup", "strike")


@dataclass(frozen=True, slots=True)
class Frozen:
    """A tree as it was frozen, with the numbers it had then and the scheme that gave them."""

    tree: Tree
    labels: Mapping[BlockId, str]
    scheme_id: str
    scheme_hash: str


@dataclass(frozen=True, slots=True)
class Line:
    """One unit, or one table row (kind `row`, cells joined by a tab), as a person reads it."""

    bid: BlockId
    kind: str
    label: str
    text: str


def write(frozen: Frozen) -> bytes:
    """The canonical bytes: JSON with sorted keys, without spaces, in UTF-8; equal trees give equal bytes."""
    blocks = [_block(block, frozen.labels) for block in frozen.tree.blocks]
    scheme = {"id": frozen.scheme_id, "hash": frozen.scheme_hash}
    return _json({"form": FORM, "scheme": scheme, "blocks": blocks})


def read(data: bytes) -> Frozen:
    """What `write` was given. Raises Damaged."""
    try:
        whole = json.loads(data)
        if whole["form"] != FORM:
            raise Damaged(f"unknown canonical form {whole['form']!r}")
        labels = {BlockId(block["bid"]): block["number"] for block in whole["blocks"] if "number" in block}
        return Frozen(Tree(tuple(_read_block(block) for block in whole["blocks"])), labels, whole["scheme"]["id"], whole["scheme"]["hash"])
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"a frozen text cannot be read: {error}") from error


def freeze(tree: Tree, scheme: Scheme) -> Frozen:
    """The tree with its numbers."""
    return Frozen(tree, number(tree, scheme).labels, scheme.id, scheme.hash)


def content_hash(tree: Tree, scheme: Scheme) -> str:
    """SHA-256 over what is read, 64 hexadecimal digits."""
    reading = _Reading(tree, scheme)
    return hashlib.sha256(_json({"content": FORM, "blocks": [reading.content(block) for block in tree.blocks]})).hexdigest()


def lines(tree: Tree, scheme: Scheme) -> list[Line]:
    """The text line by line, references and footnote numbers written out."""
    reading = _Reading(tree, scheme)
    return [line for block in tree.blocks for line in reading.lines(block)]


class _Reading:
    """How one tree reads."""

    def __init__(self, tree: Tree, scheme: Scheme) -> None:
        self._rendering = Rendering(tree, scheme)
        self._labels = self._rendering.labels

    def content(self, block: Block) -> list[object]:
        if isinstance(block, Table):
            rows = [[[cell.colspan, cell.rowspan, *self._read(cell.runs, "")] for cell in row.cells] for row in block.rows]
            return ["table", bool(block.quoted), rows]
        return [block.kind, bool(block.quoted), self._labels[block.bid], *self._read(block.runs, block.bid)]

    def lines(self, block: Block) -> Iterator[Line]:
        if isinstance(block, Unit):
            yield Line(block.bid, block.kind, self._labels[block.bid], self._text(block.runs, block.bid))
            return
        for row in block.rows:
            yield Line(row.bid, "row", "", "\t".join(self._text(cell.runs, "") for cell in row.cells))

    def _text(self, runs: tuple[Run, ...], source: str) -> str:
        return "".join(self._words(run, source) for run in runs)

    def _read(self, runs: tuple[Run, ...], source: str) -> list[list[str]]:
        """Pairs of words and how they stand, neighbours that stand alike joined."""
        read: list[list[str]] = []
        for run in runs:
            words, how = self._words(run, source), _stands(run)
            if read and read[-1][1] == how:
                read[-1][0] += words
            elif words:
                read.append([words, how])
        return read

    def _words(self, run: Run, source: str) -> str:
        if not run.marks:
            return run.text
        return plain_text(self._rendering.runs((run,), source))


def _stands(run: Run) -> str:
    image = [f"image {run.marks['image'].get('src', '')}"] if "image" in run.marks else []
    return " ".join([name for name in _READ_MARKS if name in run.marks] + ["footnote"] * ("footnote" in run.marks) + image)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _block(block: Block, labels: Mapping[BlockId, str]) -> dict[str, object]:
    place = {"bid": block.bid, "quoted": block.quoted, "scope": block.scope}
    if isinstance(block, Table):
        return {**place, "rows": [{"bid": row.bid, "cells": [_cell(cell) for cell in row.cells]} for row in block.rows]}
    unit = {"kind": block.kind, "level": block.level, "label": block.label, "number": labels[block.bid], "runs": _runs(block.runs)}
    return {**place, **unit}


def _cell(cell: Cell) -> dict[str, object]:
    return {"bid": cell.bid, "colspan": cell.colspan, "rowspan": cell.rowspan, "header": cell.header, "runs": _runs(cell.runs)}


def _runs(runs: tuple[Run, ...]) -> list[list[object]]:
    return [[run.text, {name: dict(value) for name, value in run.marks.items()}] for run in runs]


def _read_block(data: dict[str, Any]) -> Block:  # Any: JSON
    bid, quoted, scope = BlockId(data["bid"]), data["quoted"], data["scope"]
    if "rows" in data:
        rows = tuple(Row(BlockId(row["bid"]), tuple(_read_cell(cell) for cell in row["cells"])) for row in data["rows"])
        return Table(bid, rows, quoted, scope)
    return Unit(bid, data["kind"], _read_runs(data["runs"]), data["label"], data["level"], quoted, scope)


def _read_cell(data: dict[str, Any]) -> Cell:  # Any: JSON
    return Cell(BlockId(data["bid"]), _read_runs(data["runs"]), data["colspan"], data["rowspan"], data["header"])


def _read_runs(data: list[tuple[str, dict[str, MarkValue]]]) -> tuple[Run, ...]:
    return tuple(Run(text, marks) for text, marks in data)
