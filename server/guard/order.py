"""In which order the structs of one sequence stand, as Yjs and yrs arrange them; asked only when two neighbours do not name each other."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from server.crdt.structs import Id, Item
from server.guard.places import Place, Track


class Stretch(NamedTuple):
    """Clocks `start .. end-1` of a client, typed in one go: the first stands behind `origin`, all of them before `right`."""

    client: int
    start: int
    end: int
    origin: Id | None
    right: Id | None


class _Piece:
    """A stretch, or a part of one that something was put into, and what follows it."""

    __slots__ = ("client", "end", "next", "origin", "right", "start")

    def __init__(self, stretch: Stretch) -> None:
        self.client, self.start, self.end, self.origin, self.right = stretch
        self.next: _Piece | None = None


class Order:
    """One sequence: a unit's text, or the units of an act. Deleted structs keep their places in it.

    Invariant: equals the list of items that Yjs holds for the same structs. Everything is added after what it leans on.
    """

    __slots__ = ("_clocks", "_first", "_pieces", "steps")

    def __init__(self) -> None:
        self._first: _Piece | None = None
        self._clocks: dict[int, list[int]] = {}
        self._pieces: dict[int, list[_Piece]] = {}
        self.steps = 0
        """How many pieces were looked at so far, to bound what one update may cost."""

    @classmethod
    def of(cls, place: Place, tracks: Mapping[int, Track]) -> "Order":
        """The order of everything that stands in `place`."""
        waiting = {client: list(track.stretches(place)) for client, track in tracks.items()}
        order = cls()
        for client, stretches in waiting.items():
            for begin, end, origin, right in stretches:
                order._add_behind_what_it_needs(Stretch(client, begin, end, origin, right), waiting)
        return order

    def _add_behind_what_it_needs(self, stretch: Stretch, waiting: Mapping[int, list[tuple[int, int, Id | None, Id | None]]]) -> None:
        stack = [stretch]
        while stack:
            top = stack[-1]
            needed = next((near for near in (top.origin, top.right) if near is not None and not self._holds(near)), None)
            if needed is not None:
                stretches = waiting[needed[0]]
                stack.append(Stretch(needed[0], *stretches[bisect_right(stretches, needed[1], key=_begin) - 1]))
                continue
            stack.pop()
            if not self._holds((top.client, top.start)):
                self.add(top)

    def _holds(self, identity: Id) -> bool:
        clocks = self._clocks.get(identity[0])
        at = bisect_right(clocks, identity[1]) - 1 if clocks else -1
        return at >= 0 and identity[1] < self._pieces[identity[0]][at].end

    def add(self, stretch: Stretch) -> None:
        """Put a stretch where Yjs puts it (`Item.integrate`)."""
        piece = _Piece(stretch)
        left = None if piece.origin is None else self._ending(piece.origin)
        right = None if piece.right is None else self._beginning(piece.right)
        at = self._behind_rivals(piece, left, right)
        if at is not None and at is left and at.client == piece.client and at.end == piece.start and at.right == piece.right:
            at.end = piece.end
            return
        if at is None:
            piece.next, self._first = self._first, piece
        else:
            piece.next, at.next = at.next, piece
        self._index(piece)

    def _behind_rivals(self, piece: _Piece, left: _Piece | None, right: _Piece | None) -> _Piece | None:
        """What the new piece stands behind, among those that others put between the same neighbours at the same time."""
        at = left
        before: set[_Piece] = set()
        rivals: set[_Piece] = set()
        for other in self._behind(left):
            if other is right:
                break
            before.add(other)
            rivals.add(other)
            if other.origin == piece.origin:
                if other.client < piece.client:
                    at = other
                    rivals.clear()
                elif other.right == piece.right:
                    break
            elif other.origin is None or (found := self._find(other.origin)) not in before:
                break
            elif found not in rivals:
                at = other
                rivals.clear()
        return at

    def _behind(self, piece: _Piece | None) -> Iterator[_Piece]:
        """What follows a piece (None: the beginning), in order."""
        following = self._first if piece is None else piece.next
        while following is not None:
            self.steps += 1
            yield following
            following = following.next

    def _find(self, identity: Id) -> _Piece:
        client, clock = identity
        return self._pieces[client][bisect_right(self._clocks[client], clock) - 1]

    def _beginning(self, identity: Id) -> _Piece:
        """The piece that begins at a struct; cut there if need be."""
        piece = self._find(identity)
        client, clock = identity
        if clock == piece.start:
            return piece
        rest = _Piece(Stretch(client, clock, piece.end, (client, clock - 1), piece.right))
        rest.next, piece.next, piece.end = piece.next, rest, clock
        self._index(rest)
        return rest

    def _ending(self, identity: Id) -> _Piece:
        """The piece that ends with a struct; cut behind it if need be."""
        piece = self._find(identity)
        if identity[1] + 1 < piece.end:
            self._beginning((identity[0], identity[1] + 1))
        return piece

    def _index(self, piece: _Piece) -> None:
        clocks = self._clocks.setdefault(piece.client, [])
        pieces = self._pieces.setdefault(piece.client, [])
        at = bisect_right(clocks, piece.start)
        clocks.insert(at, piece.start)
        pieces.insert(at, piece)

    def precedes(self, one: Id, other: Id) -> bool:
        """True when `one` stands to the left of `other`."""
        piece, sought = self._find(one), self._find(other)
        if piece is sought:
            return one[1] < other[1]
        return any(following is sought for following in self._behind(piece))

    def __len__(self) -> int:
        return sum(map(len, self._clocks.values()))

    def ids(self) -> Iterator[Id]:
        """Every struct in order, one id for each clock."""
        for piece in self._behind(None):
            for clock in range(piece.start, piece.end):
                yield piece.client, clock


def news_of(item: Item, start: int) -> Stretch:
    """What a struct brings of which the clocks before `start` are held."""
    origin = item.origin if start == item.clock else (item.client, start - 1)
    return Stretch(item.client, start, item.clock + item.length, origin, item.right)


def _begin(stretch: tuple[int, int, Id | None, Id | None]) -> int:
    return stretch[0]
