"""Where words came from: Yjs cannot move them, so a split, join, move or undo deletes them and writes them again. PURE."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import Match, SequenceMatcher

from server.crdt.node import Piece
from server.crdt.order import Structs

GRAM = 8
"""Shorter equal stretches within one update may be chance, unless they are whole."""

GRAM_EARLIER = 16
"""The same for words that were deleted in an earlier update: cut and pasted."""

_MAX_INDEXED = 400_000
_MAX_ALIGNED, _MAX_PAIRS = 400_000, 400
_SHARE = 0.5
"""A partial copy counts as one when at least this share of the shorter text is in both."""

_CHANCE = 4
"""Fewer letters that went in another update may be typed again by chance."""

_FEW = 4
_MAX_GAP = 200
_MAX_LOOKED_AT = 2_000
"""So many deleted pieces between two are not looked across."""


@dataclass(slots=True)
class Source:
    """Words that went, each character with what was known about it.

    `whole`: everything that a deleted block held. `fresh`: the update that is looked at took them away, not one before it.
    """

    text: str
    notes: Sequence[object]
    whole: bool
    fresh: bool = False


@dataclass(slots=True)
class Stretch:
    """Words that stand together, in order. `owners` has an entry per character: None until it is known whose copy it is."""

    pieces: list[Piece]
    text: str = ""
    owners: list[object | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = "".join(piece.text for piece in self.pieces)
        self.owners = [None] * len(self.text)

    @property
    def is_alone(self) -> bool:
        """True when the text that holds it has nothing else: a block that came as a whole. False when that takes long to see."""
        holder = self.pieces[0].parent
        own = set(self.pieces)
        for count, piece in enumerate(holder.pieces() if holder is not None else ()):
            if count > _MAX_LOOKED_AT or (piece.text and not piece.deleted and piece not in own):
                return False
        return holder is not None

    @property
    def is_known(self) -> bool:
        """True when every character has its owner."""
        return None not in self.owners

    def as_source(self, fresh: frozenset[Piece] = frozenset()) -> Source:
        """The words with their notes, as far as the owners are known theirs; `fresh` are the pieces that went just now."""
        own = [piece.note for piece in self.pieces for _ in piece.text]
        notes = [owner or note for owner, note in zip(self.owners, own, strict=True)]
        holder = self.pieces[0].parent
        return Source(self.text, notes, holder is not None and holder.is_gone, any(piece in fresh for piece in self.pieces))

    def take_from(self, source: Sequence[object], start: int, at: int, length: int) -> None:
        """The characters from `at` have the notes of the source from `start`, where nothing is known yet."""
        for offset in range(length):
            if self.owners[at + offset] is None:
                self.owners[at + offset] = source[start + offset]

    def settle(self, structs: Structs) -> None:
        """Write the owners into the pieces, which are cut where the owner changes."""
        at = 0
        for piece in self.pieces:
            at = _settle_piece(structs, piece, self.owners, at)


def _settle_piece(structs: Structs, piece: Piece, owners: Sequence[object | None], at: int) -> int:
    text, start = piece.text, 0
    while start < len(text):
        owner, end = owners[at + start], start + 1
        while end < len(text) and owners[at + end] is owner:
            end += 1
        rest = structs.cut(piece, len(text[start:end].encode("utf-16-le")) >> 1) if end < len(text) else None
        if owner is not None:
            piece.note = owner
        if rest is not None:
            piece = rest
        start = end
    return at + len(text)


def stretches(pieces: Iterable[Piece], passing: Callable[[Piece], bool]) -> list[Stretch]:
    """The pieces as runs of neighbours; what holds no words, and what `passing` says, does not part them."""
    members = set(pieces)
    found: list[Stretch] = []
    while members:
        first = next(iter(members))
        for before in _neighbours(first, members, passing, lambda piece: piece.left):
            first = before
        run = [first, *_neighbours(first, members, passing, lambda piece: piece.right)]
        members.difference_update(run)
        found.append(Stretch(run))
    return sorted(found, key=lambda one: (one.pieces[0].client, one.pieces[0].clock))


def _neighbours(
    piece: Piece, members: set[Piece], passing: Callable[[Piece], bool], step: Callable[[Piece], Piece | None]
) -> Iterator[Piece]:
    """The members beside a piece on one side, nearest first."""
    gap = 0
    beside = step(piece)
    while beside is not None and gap < _MAX_GAP:
        if beside in members:
            gap = 0
            yield beside
        elif beside.text and not passing(beside):
            return
        else:
            gap += 1
        beside = step(beside)


def find_undone(stretch: Stretch, structs: Structs) -> None:
    """An undo writes words again directly before those it brings back, and names them: each character is that one's copy."""
    at = 0
    for piece in stretch.pieces:
        gone = None if piece.right_origin is None else structs.find(piece.right_origin)
        if gone is not None and gone.deleted:
            words, notes = _readable(gone, len(piece.text))
            if words == piece.text and (len(words) > 1 or gone.length == piece.length):
                stretch.take_from(notes, 0, at, len(words))
        at += len(piece.text)


def _readable(piece: Piece, length: int) -> tuple[str, list[object]]:
    """The deleted words that one client wrote in one go from a piece on, up to `length` characters."""
    words, notes = "", list[object]()
    after: Piece | None = piece
    clock = piece.clock
    while after is not None and len(words) < length:
        if after.client == piece.client and after.clock == clock and after.deleted and after.text:
            words += after.text
            notes += [after.note] * len(after.text)
            clock += after.length
        elif after.client == piece.client and after.clock == clock:
            break
        after = after.right
    return words[:length], notes[:length]


def find_moved(targets: Sequence[Stretch], sources: Sequence[Source], *, gram: int) -> set[int]:
    """Give the targets the notes of equal words of the sources. Returns which sources were found again."""
    if not sources:
        return set()
    used = _find_whole(targets, sources, few=len(sources) + len(targets) <= _FEW, least=gram)
    used |= _find_aligned([target for target in targets if not target.is_known], sources)
    open_targets = [target for target in targets if not target.is_known and len(target.text) >= gram]
    if open_targets and sum(len(source.text) for source in sources) <= _MAX_INDEXED:
        index = _index(sources, gram)
        for target in open_targets:
            for number, start, at, length in _equal(target.text, sources, index, gram):
                target.take_from(sources[number].notes, start, at, length)
                used.add(number)
    return used


def _find_whole(targets: Sequence[Stretch], sources: Sequence[Source], *, few: bool, least: int) -> set[int]:
    """Equal as a whole: also very short words, when a block came or went, or when little else happened."""
    by_text: dict[str, list[int]] = {}
    for number, source in enumerate(sources):
        by_text.setdefault(source.text, []).append(number)
    used: set[int] = set()
    for target in targets:
        for number in by_text.get(target.text, []):
            source = sources[number]
            if number not in used and (few or source.whole or target.is_alone or len(source.text) >= least // 2):
                target.take_from(source.notes, 0, 0, len(target.text))
                used.add(number)
                break
    return used


def _find_aligned(targets: Sequence[Stretch], sources: Sequence[Source]) -> set[int]:
    """Blocks that were split, joined and written in at once: letter by letter, between what came and what went as a block."""
    used: set[int] = set()
    if len(targets) * len(sources) > _MAX_PAIRS:
        return used
    for target in targets:
        is_alone = target.is_alone
        found: list[tuple[int, bool, int, list[Match]]] = []
        for number, source in enumerate(sources):
            is_chance = not source.fresh and min(len(target.text), len(source.text)) < _CHANCE
            if (is_alone or source.whole) and not is_chance and len(target.text) * len(source.text) <= _MAX_ALIGNED:
                blocks = SequenceMatcher(None, source.text, target.text, autojunk=False).get_matching_blocks()
                found.append((sum(block.size for block in blocks), source.fresh, number, blocks))
        for _, fresh, number, blocks in sorted(found, key=lambda one: one[:3], reverse=True):
            news = sum(owner is None for block in blocks for owner in target.owners[block.b : block.b + block.size])
            if news >= max(_SHARE * min(len(sources[number].text), target.owners.count(None)), 1 if fresh else _CHANCE):
                for start, at, length in blocks:
                    target.take_from(sources[number].notes, start, at, length)
                used.add(number)
    return used


def _index(sources: Sequence[Source], gram: int) -> dict[str, tuple[int, int]]:
    """The first place of every stretch of `gram` characters."""
    index: dict[str, tuple[int, int]] = {}
    for number, source in enumerate(sources):
        for start in range(len(source.text) - gram + 1):
            index.setdefault(source.text[start : start + gram], (number, start))
    return index


def _equal(text: str, sources: Sequence[Source], index: dict[str, tuple[int, int]], gram: int) -> Iterator[tuple[int, int, int, int]]:
    """Equal stretches as (source, start in it, start in the text, length), as long as they go."""
    at = 0
    while at <= len(text) - gram:
        place = index.get(text[at : at + gram])
        if place is None:
            at += 1
            continue
        number, start = place
        words, length = sources[number].text, gram
        while at + length < len(text) and start + length < len(words) and text[at + length] == words[start + length]:
            length += 1
        yield number, start, at, length
        at += length


def find_proposed(target: Stretch, proposed: str, note: object) -> None:
    """The words of an accepted suggestion, where nobody else is known to have written them."""
    if not proposed:
        return
    start = target.text.find(proposed)
    if start >= 0:
        target.take_from([note] * len(proposed), 0, start, len(proposed))
    elif target.text and target.text in proposed:
        target.take_from([note] * len(target.text), 0, 0, len(target.text))
