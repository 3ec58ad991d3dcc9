"""Numbers and hierarchy: pure functions of the flat list of units, the same in the browser (D1, I11).

Rules T1-T19 of `docs/spec/text.md`; the shared cases are `schema/vectors/numbering.json`. One pass, O(n) in the units
times the depth of nesting. A scheme is data (`schema/numbering/*.json`), pinned per act by id and hash.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from server.errors import NotFound
from server.ids import BlockId
from server.resources import SCHEMA_DIR, read_schema
from server.text.numerals import Numeral, read, write
from server.text.tree import AUTO, Block, Tree, Unit

LEAF_RANK = 12
"""The rank of a paragraph; a table stands where a paragraph would."""


@dataclass(frozen=True, slots=True)
class LevelFormat:
    """How one level of a kind is numbered: `text` holds `{n}`, and `{path}` for the numbers of the levels above."""

    style: str
    text: str


@dataclass(frozen=True, slots=True)
class KindRule:
    """`restart`: ancestors of these kinds begin a new series. `inside`: other formats below an ancestor of that kind."""

    restart: frozenset[str]
    levels: tuple[LevelFormat, ...]
    inside: Mapping[str, tuple[LevelFormat, ...]]
    single: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A numbering scheme; `hash` is SHA-256 over its canonical JSON, 64 hexadecimal digits."""

    id: str
    hash: str
    openers: frozenset[str]
    kinds: Mapping[str, KindRule]


@dataclass(frozen=True, slots=True)
class Numbering:
    """The derived facts of one tree, by block id; a root has the parent "" and a number that stands alone the container "".

    `containers` names what a unit's number counts in: "2" of a subpoint in its point. Citations go up this chain.
    """

    labels: Mapping[BlockId, str]
    parents: Mapping[BlockId, str]
    containers: Mapping[BlockId, str]


@cache
def load_scheme(scheme_id: str) -> Scheme:
    """The scheme with this id. Raises NotFound."""
    if scheme_id not in scheme_ids():
        raise NotFound(f"no numbering scheme {scheme_id!r}")
    data = json.loads(read_schema(f"numbering/{scheme_id}.json"))
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    kinds = {name: _rule(rule) for name, rule in data["kinds"].items()}
    return Scheme(data["id"], hashlib.sha256(canonical).hexdigest(), frozenset(data["openers"]), kinds)


@cache
def scheme_ids() -> tuple[str, ...]:
    """The schemes there are, in order of their names."""
    others = {"numerals", "references"}
    return tuple(sorted(file.stem for file in (SCHEMA_DIR / "numbering").glob("*.json") if file.stem not in others))


def labels(tree: Tree, scheme: Scheme) -> dict[BlockId, str]:
    """The final label of every unit; empty where there is none."""
    return dict(number(tree, scheme).labels)


def hierarchy(tree: Tree) -> dict[BlockId, str]:
    """The parent of every block, "" for a root: from kind rank, then level (T2). Independent of the scheme's formats."""
    return dict(number(tree, load_scheme("cabinet")).parents)


def number(tree: Tree, scheme: Scheme) -> Numbering:
    """Labels, parents and containers in one pass over the blocks."""
    return _Pass(scheme).run(tree.blocks)


@cache
def ranks() -> dict[str, int]:
    """The rank of each kind in `schema/act.json`; a lower rank contains a higher one."""
    kinds: dict[str, dict[str, Any]] = json.loads(read_schema("act.json"))["kinds"]  # Any: JSON
    return {kind: facts["rank"] for kind, facts in kinds.items()}


def _rule(data: dict[str, Any]) -> KindRule:  # Any: JSON
    inside = {kind: _formats(levels) for kind, levels in data.get("inside", {}).items()}
    return KindRule(frozenset(data["restart"]), _formats(data["levels"]), inside, data.get("single", ""))


def _formats(levels: Iterable[dict[str, str]]) -> tuple[LevelFormat, ...]:
    return tuple(LevelFormat(level["style"], level["text"]) for level in levels)


@dataclass(slots=True)
class _Open:
    """A unit that can still get children. `number` is its own number with what leads it: the `{path}` of the level below."""

    bid: str
    kind: str
    rank: int
    level: int
    number: str = ""


@dataclass(slots=True)
class _Context:
    """One text with its own numbering: the main text, an annex, an approved instrument, a quotation."""

    root: str
    stack: list[_Open] = field(default_factory=list)
    opener: _Open | None = None


@dataclass(slots=True)
class _Series:
    """The numbers of one kind and level in one container."""

    value: int = 0
    shape: Numeral | None = None
    size: int = 0
    first_auto: BlockId | None = None


class _Pass:
    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.seen: dict[str, str] = {}
        self.contexts: dict[tuple[str, str], _Context] = {}
        self.series: dict[tuple[str, str, str, str, int], _Series] = {}
        self.labels: dict[BlockId, str] = {}
        self.parents: dict[BlockId, str] = {}
        self.containers: dict[BlockId, str] = {}
        self.last = ("", "")

    def run(self, blocks: Iterable[Block]) -> Numbering:
        for block in blocks:
            self._place(block)
        self._name_single_units()
        return Numbering(self.labels, self.parents, self.containers)

    def _place(self, block: Block) -> None:
        kind, level = (block.kind, max(block.level, 1)) if isinstance(block, Unit) else ("", 1)
        entry = _Open(block.bid, kind, ranks().get(kind, LEAF_RANK), level)
        context = self._context(block)
        self._close(context, entry)
        self.parents[block.bid] = self._parent(context, entry)
        if isinstance(block, Unit):
            self.labels[block.bid] = self._label(block, context, entry)
        self._open(context, entry)
        self.seen[block.bid] = kind
        self.last = (block.bid, block.quoted)

    def _context(self, block: Block) -> _Context:
        key = (block.quoted, block.scope)
        if key not in self.contexts:
            root = block.scope if block.scope in self.seen else ""
            if block.quoted:
                root = self.last[0] if self.last[1] != block.quoted else root
            self.contexts[key] = _Context(root)
        return self.contexts[key]

    def _close(self, context: _Context, entry: _Open) -> None:
        while context.stack and (context.stack[-1].rank, context.stack[-1].level) >= (entry.rank, entry.level):
            context.stack.pop()

    def _parent(self, context: _Context, entry: _Open) -> str:
        if context.stack:
            return context.stack[-1].bid
        if context.opener and entry.kind not in self.scheme.openers:
            return context.opener.bid
        return context.root

    def _open(self, context: _Context, entry: _Open) -> None:
        if entry.kind in self.scheme.openers:
            context.opener = entry
        elif entry.rank and entry.kind:
            context.stack.append(entry)

    def _label(self, unit: Unit, context: _Context, entry: _Open) -> str:
        rule = self.scheme.kinds.get(unit.kind)
        if rule is None:
            return "" if unit.label == AUTO else unit.label
        container = self._container(context, entry, rule)
        self.containers[unit.bid] = container.bid if container else ""
        key = (unit.quoted, unit.scope, container.bid if container else "", unit.kind, entry.level)
        series = self.series.setdefault(key, _Series())
        if unit.label == AUTO:
            return self._next(unit, context, entry, rule, series)
        if unit.label:
            self._follow(unit.label, entry, series)
            series.size += 1
        return unit.label

    def _container(self, context: _Context, entry: _Open, rule: KindRule) -> _Open | None:
        for ancestor in reversed(context.stack):
            if ancestor.kind in rule.restart or ancestor.kind == entry.kind:
                return ancestor
        opener = context.opener
        if opener and opener.kind in rule.restart:
            return opener
        return None

    def _follow(self, label: str, entry: _Open, series: _Series) -> None:
        numeral = read(label)
        if numeral is None:
            return
        series.value, series.shape = numeral.value, numeral
        entry.number = numeral.core

    def _next(self, unit: Unit, context: _Context, entry: _Open, rule: KindRule, series: _Series) -> str:
        form = self._format(context, entry, rule)
        if form.style == "none":
            return form.text
        series.value += 1
        series.size += 1
        series.first_auto = series.first_auto or unit.bid
        if series.shape:
            entry.number = f"{series.shape.leading}{write(series.value, series.shape.style)}"
            return series.shape.following(series.value)
        own = write(series.value, form.style)
        above = next((ancestor.number for ancestor in reversed(context.stack) if ancestor.kind == entry.kind), "")
        path = f"{above}." if above and "{path}" in form.text else ""
        entry.number = path + own
        return form.text.replace("{path}", path).replace("{n}", own)

    def _format(self, context: _Context, entry: _Open, rule: KindRule) -> LevelFormat:
        levels = rule.levels
        for ancestor in reversed(context.stack):
            if ancestor.kind in rule.inside:
                levels = rule.inside[ancestor.kind]
                break
        return levels[min(entry.level, len(levels)) - 1]

    def _name_single_units(self) -> None:
        for (_, _, _, kind, _), series in self.series.items():
            single = self.scheme.kinds[kind].single
            if single and series.size == 1 and series.first_auto is not None:
                self.labels[series.first_auto] = single
