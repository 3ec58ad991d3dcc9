"""Real acts with their editions: pairs, imports made once per run, and what the sources say themselves (anchors, notes)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from server.acts.model import scheme_of
from server.compare.model import NOTE, Comparison, Kind, Side, side_of
from server.formats import formats, plain
from server.formats.source import Imported
from server.text.numbering import load_scheme
from server.text.tree import Table
from tests.conftest import SHARED

LAWS = SHARED / "data" / "laws"
ACTS = sorted(chain.parent for chain in LAWS.glob("*/*/chain.json"))
QUIET = frozenset({Kind.SAME, Kind.TYPOGRAPHIC, Kind.ORTHOGRAPHIC, Kind.NOTE})
"""What a noise pair may show."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two editions of an act; `facts` is what chain.json says, empty for pairs it does not list."""

    act: str
    old: Path
    new: Path
    facts: dict[str, Any]  # Any: JSON

    @property
    def name(self) -> str:
        """A short name for messages."""
        return f"{self.act} {self.old.name[:2]}→{self.new.name[:2]}"


def pairs_of(act: Path) -> Iterator[Pair]:
    """Every consecutive pair, and the first edition against the third."""
    chain = json.loads((act / "chain.json").read_text(encoding="utf-8"))
    files = {revision["n"]: act / revision["file"] for revision in chain["revisions"]}
    for facts in chain["pairs"]:
        yield Pair(act.name, files[facts["from"]], files[facts["to"]], facts)
    if 3 in files:
        yield Pair(act.name, files[1], files[3], {})


def act(name: str) -> Path:
    """The folder of an act."""
    return next(folder for folder in ACTS if folder.name.startswith(name))


def pair(name: str, old: int, new: int) -> Pair:
    """One pair of an act, by the numbers of its editions."""
    files = sorted(file for file in act(name).iterdir() if file.suffix in {".md", ".xml"})
    known = next((found for found in pairs_of(act(name)) if (found.old, found.new) == (files[old - 1], files[new - 1])), None)
    return known or Pair(act(name).name, files[old - 1], files[new - 1], {})


@cache
def imported(file: Path) -> Imported:
    """A file, read once per run."""
    data = file.read_bytes()
    return formats.read(file.name, data) if file.suffix == ".md" else plain.read(data)


@cache
def side(file: Path) -> Side:
    """A file as a side, made once per run."""
    read = imported(file)
    return side_of(read.tree, load_scheme(scheme_of(read.kind)), read.title, file.name)


def anchors(file: Path) -> dict[str, str]:
    """The source's own ids by block id; a table's id goes to its first row."""
    read = imported(file)
    known: dict[str, str] = {str(bid): anchor for bid, anchor in read.anchors.items()}
    for block in read.tree.blocks:
        if isinstance(block, Table) and block.rows and block.bid in known:
            known[block.rows[0].bid] = known[block.bid]
    return known


@dataclass(frozen=True, slots=True)
class AnchorScore:
    """How an alignment agrees with the anchors: rows of equal ids, rows that join different ids, ids kept that stand alone."""

    right: int
    wrong: list[str]
    apart: list[str]


def against_anchors(pair: Pair, comparison: Comparison) -> AnchorScore:
    """Counts rows whose ids the sources have on both sides. A repealed provision whose id stays with the note counts as right."""
    ours, theirs = anchors(pair.old), anchors(pair.new)
    left_ids, right_ids = set(ours.values()), set(theirs.values())
    notes = {theirs[unit.bid] for unit in comparison.right.units if unit.kind == "editor_note" and unit.bid in theirs}
    right, wrong, apart = 0, [], []
    for row in comparison.alignment:
        old = ours.get(comparison.left.units[row.left].bid, "") if row.left is not None else ""
        new = theirs.get(comparison.right.units[row.right].bid, "") if row.right is not None else ""
        if old and old == new:
            right += 1
        elif old and new and (old in right_ids or new in left_ids) and row.kind is not Kind.NOTE:
            wrong.append(f"{pair.name}: {old} is taken for {new}")
        elif old and row.right is None and old in right_ids and row.kind is not Kind.NOTE:
            if old in notes:
                right += 1
            else:
                apart.append(f"{pair.name}: {old} stands alone")
    return AnchorScore(right, wrong, apart)


@dataclass(frozen=True, slots=True)
class AnchorSets:
    """The ids of the sources as the comparison tells of them: on one side only, or on both and not the same."""

    added: set[str]
    removed: set[str]
    changed: set[str]


def reported(pair: Pair, comparison: Comparison) -> AnchorSets:
    """What a comparison says of the ids. One that stays with a note of repeal, and a table of which a row changed, are changed."""
    ours, theirs = anchors(pair.old), anchors(pair.new)
    tables = _table_anchors(pair.old) | _table_anchors(pair.new)
    notes = {units[bid] for units, side in ((ours, comparison.left), (theirs, comparison.right)) for bid in _notes(side) if bid in units}
    kept, changed = set[str](), set[str]()
    for row in comparison.alignment:
        old = comparison.left.units[row.left].bid if row.left is not None else ""
        new = comparison.right.units[row.right].bid if row.right is not None else ""
        if ours.get(old) and ours.get(old) == theirs.get(new):
            kept.add(ours[old])
            if row.kind is not Kind.SAME:
                changed.add(ours[old])
        if row.kind is not Kind.SAME:
            changed |= {tables[bid] for bid in (old, new) if bid in tables}
    repealed = set(ours.values()) & set(theirs.values()) & notes - kept
    kept |= repealed
    return AnchorSets(set(theirs.values()) - kept, set(ours.values()) - kept, (changed | repealed) & kept)


def _notes(side: Side) -> list[str]:
    return [str(unit.bid) for unit in side.units if unit.kind == NOTE]


def _table_anchors(file: Path) -> dict[str, str]:
    """The id of its table by the block id of each row."""
    read = imported(file)
    tables = [block for block in read.tree.blocks if isinstance(block, Table) and block.bid in read.anchors]
    return {str(row.bid): read.anchors[table.bid] for table in tables for row in table.rows}
