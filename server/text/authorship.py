"""Who wrote which words: from the updates of a journal with the person and time the server stamped on each. PURE.

Nothing a client says about authors is looked at. Words that an update deletes and writes again (a split, join, move, undo) keep
their author; words of an accepted suggestion carry its id beside the drafter who accepted it.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from server.crdt.content import AttributeValue, Element, Run
from server.crdt.document import RESOLUTIONS
from server.crdt.node import Node, Piece
from server.crdt.order import Structs, Taken
from server.crdt.seed import ROOT, SEED_CLIENT
from server.crdt.structs import XML_TEXT
from server.crdt.update import Description, describe
from server.ids import BlockId, UserId
from server.text.convert import from_elements
from server.text.copies import GRAM, GRAM_EARLIER, Source, Stretch, find_moved, find_proposed, find_undone, stretches
from server.text.tree import Table, Unit

Proposed = Callable[[str], Sequence[str]]
"""The words a suggestion proposes, each run of them by itself; empty for one that is not known."""

_SAME_SITTING_MS = 60_000
_SAME_PASSAGE_MS = 600_000
_MARK = "written"
_MAX_EARLIER, _MAX_EARLIER_CHARS = 64, 60_000
_MAX_RANGES = 2_000
"""An update with more deletes is the answer after a reconnect: it names every delete there ever was."""


@dataclass(slots=True)
class Written:
    """One person's writing in one minute; `suggestion` when it was accepted rather than typed. Times are milliseconds UTC.

    `initial`: what the act began with (a file, a template); the author is who brought it.
    """

    author: UserId
    at: int
    since: int
    suggestion: str = ""
    initial: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one author that stand together. `length` in UTF-16 units; `ids` are Yjs ids (client, first clock, count) in order."""

    length: int
    author: UserId
    since: int
    at: int
    suggestion: str
    initial: bool
    ids: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """A unit or cell with its passages, in order: together they are its text."""

    bid: BlockId
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class Authorship:
    """Grows with a document's updates, given in the order of the journal."""

    structs: Structs = field(default_factory=Structs)
    _last: dict[UserId, Written] = field(default_factory=dict)
    _earlier: deque[Source] = field(default_factory=deque)
    _notes: list[Written] = field(default_factory=list)

    def take(self, update: bytes, author: UserId, at: int, proposed: Proposed) -> None:
        """One more update of the journal. Raises DecodeError."""
        said = describe(update)
        is_initial = said.clients == frozenset({SEED_CLIENT})
        taken = self.structs.take(said, Written(author, at, at, initial=True) if is_initial else self._note(author, at))
        new = set(taken.inserted)
        words = [piece for piece in taken.inserted if _has_words(piece)]
        targets = stretches(words, _is_deleted) if words else []
        gone = self._gone(taken, said, new, bool(targets))
        sources = self._sources(gone, frozenset(taken.deleted), new, targets)
        found = self._find(targets, sources)
        for suggestion in accepted_in(taken):
            note = Written(author, at, at, suggestion)
            for text in proposed(suggestion):
                for target in targets:
                    find_proposed(target, text, note)
        self._remember([source for number, source in enumerate(sources) if number not in found])
        self._remember([target.as_source() for target in targets if _is_buried(target)])
        for target in targets:
            target.settle(self.structs)
        for piece in taken.inserted:
            self.structs.join(piece)

    def read(self) -> tuple[WrittenBlock, ...]:
        """Every unit and cell of the present text, in order, with the same ids as everywhere else."""
        notes: list[Written] = []
        elements = tuple(_element(piece, notes) for piece in _visible(self.structs.root(ROOT)))
        blocks: list[WrittenBlock] = []
        for block in from_elements(elements).blocks:
            match block:
                case Unit():
                    blocks.append(WrittenBlock(block.bid, _passages(block.runs, notes)))
                case Table():
                    blocks += [WrittenBlock(cell.bid, _passages(cell.runs, notes)) for row in block.rows for cell in row.cells]
        return tuple(blocks)

    def _note(self, author: UserId, at: int) -> Written:
        last = self._last.get(author)
        if last is None or not 0 <= at - last.since <= _SAME_SITTING_MS:
            last = self._last[author] = Written(author, at, at)
        last.at = max(last.at, at)
        return last

    def _gone(self, taken: Taken, said: Description, new: set[Piece], more: bool) -> list[Piece]:
        """Words that went; with `more` also those that somebody else had deleted before, as the update deletes them as well."""
        gone = {piece for piece in taken.deleted if piece.text and piece not in new}
        if more and len(said.deletes) <= _MAX_RANGES:
            for client, clock, length in said.deletes:
                gone.update(piece for piece in self.structs.pieces_of((client, clock), length) if piece.deleted and piece.text)
        return sorted(gone - new, key=lambda piece: (piece.client, piece.clock))

    def _sources(self, gone: Sequence[Piece], fresh: frozenset[Piece], new: set[Piece], targets: Sequence[Stretch]) -> list[Source]:
        """What the update deleted, if it can matter: alone, a few letters cannot."""
        if not gone or (not targets and sum(len(piece.text) for piece in gone) < GRAM_EARLIER):
            return []
        members = set(gone)
        return [one.as_source(fresh) for one in stretches(gone, lambda piece: piece in new or (piece.deleted and piece not in members))]

    def _find(self, targets: Sequence[Stretch], sources: Sequence[Source]) -> set[int]:
        for target in targets:
            find_undone(target, self.structs)
        found = find_moved(targets, sources, gram=GRAM)
        left = [target for target in targets if not target.is_known and (len(target.text) >= GRAM_EARLIER or target.is_alone)]
        if left:
            find_moved(left, [source for source in self._earlier if source.whole or len(source.text) >= GRAM_EARLIER], gram=GRAM_EARLIER)
        return found

    def _remember(self, sources: Sequence[Source]) -> None:
        """Words that went and may come back, the last ones."""
        self._earlier.extend(source for source in sources if len(source.text) >= 2)
        while self._earlier and (len(self._earlier) > _MAX_EARLIER or sum(len(one.text) for one in self._earlier) > _MAX_EARLIER_CHARS):
            self._earlier.popleft()


def accepted_in(taken: Taken) -> list[str]:
    """The suggestions whose acceptance an update writes down."""
    entries = [piece for piece in taken.inserted if piece.key and piece.parent is not None and piece.parent.root == RESOLUTIONS]
    return [piece.key or "" for piece in entries if _accepts(piece.value)]


def _accepts(value: object) -> bool:
    last = value[-1] if isinstance(value, tuple) and value else None
    return isinstance(last, Mapping) and last.get("a") == "accept"


def _has_words(piece: Piece) -> bool:
    return bool(piece.text) and piece.key is None and not piece.deleted


def _is_deleted(piece: Piece) -> bool:
    return piece.deleted


def _is_buried(target: Stretch) -> bool:
    """True for words that arrived in a place that was deleted meanwhile: an editor will bring them home."""
    holder = target.pieces[0].parent
    return holder is not None and holder.is_gone


# -- reading ----------------------------------------------------------------------------------------------------------


def _visible(node: Node | None) -> Iterator[Piece]:
    """The types that stand in a type now."""
    if node is not None:
        yield from (piece for piece in node.pieces() if piece.node is not None and not piece.deleted)


def _element(piece: Piece, notes: list[Written]) -> Element:
    """As `crdt.document` reads an element, each run marked with who wrote it."""
    node = piece.node
    attributes = _attributes(node)
    if piece.value.number == XML_TEXT:
        return Element("text", attributes, tuple(_runs(node, notes)))
    runs: list[Run] = []
    children: list[Element] = []
    for child in _visible(node):
        if child.value.number == XML_TEXT and not _attributes(child.node):
            runs.extend(_runs(child.node, notes))
        else:
            children.append(_element(child, notes))
    return Element(piece.value.name, attributes, tuple(runs), tuple(children))


def _attributes(node: Node | None) -> dict[str, AttributeValue]:
    if node is None:
        return {}
    values = {key: piece.value[-1] for key, piece in sorted(node.keyed.items()) if not piece.deleted and isinstance(piece.value, tuple)}
    return {key: value if isinstance(value, str | int) else str(value) for key, value in values.items() if value is not None}


def _runs(node: Node | None, notes: list[Written]) -> Iterator[Run]:
    for piece in node.pieces() if node is not None else ():
        if piece.deleted or not piece.text or not isinstance(piece.note, Written):
            continue
        if not notes or notes[-1] is not piece.note:
            notes.append(piece.note)
        yield Run(piece.text, {_MARK: {"note": len(notes) - 1, "client": piece.client, "clock": piece.clock, "count": piece.length}})


def _passages(runs: Sequence[Run], notes: Sequence[Written]) -> tuple[Passage, ...]:
    passages: list[Passage] = []
    for run in runs:
        mark = run.marks[_MARK]
        note = notes[int(mark["note"])]
        one = (int(mark["client"]), int(mark["clock"]), int(mark["count"]))
        last = passages[-1] if passages else None
        if last is not None and _reads_on(last, note):
            since, at = min(last.since, note.since), max(last.at, note.at)
            passages[-1] = Passage(last.length + one[2], last.author, since, at, last.suggestion, last.initial, _with(last.ids, one))
        else:
            passages.append(Passage(one[2], note.author, note.since, note.at, note.suggestion, note.initial, (one,)))
    return tuple(passages)


def _reads_on(last: Passage, note: Written) -> bool:
    same = (last.author, last.suggestion, last.initial) == (note.author, note.suggestion, note.initial)
    return same and note.since - last.at <= _SAME_PASSAGE_MS and last.since - note.at <= _SAME_PASSAGE_MS


def _with(ids: tuple[tuple[int, int, int], ...], one: tuple[int, int, int]) -> tuple[tuple[int, int, int], ...]:
    client, clock, count = ids[-1]
    if (client, clock + count) == one[:2]:
        return (*ids[:-1], (client, clock, count + one[2]))
    return (*ids, one)
