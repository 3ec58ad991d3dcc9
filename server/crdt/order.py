"""Every struct of a document in its place, with its id: what pycrdt does not tell. Yjs' own rule of order, in plain Python.

Fed with updates in an order in which each can be taken (a journal's), it ends as every Yjs replica does; what waits for
something that has not come is kept and tried again. Nothing is ever forgotten here, deleted words included.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from server.crdt.node import Node, Piece, cut_text
from server.crdt.pieces import in_order
from server.crdt.structs import ANY, GC, JSON, STRING, TYPE, Id, Item
from server.crdt.update import Description

_CUTTABLE = frozenset({STRING, ANY, JSON})


@dataclass(slots=True)
class Taken:
    """What an update changed: new pieces, and pieces that were there and are deleted now."""

    inserted: list[Piece] = field(default_factory=list)
    deleted: list[Piece] = field(default_factory=list)


class Structs:
    """All structs of one document."""

    def __init__(self) -> None:
        self.roots: dict[str, Node] = {}
        self._clocks: dict[int, list[int]] = {}
        self._pieces: dict[int, list[Piece]] = {}
        self._waiting: list[tuple[Item, object]] = []
        self._waiting_deletes: list[tuple[int, int, int]] = []

    def take(self, said: Description, note: object) -> Taken:
        """Integrate an update; its new pieces carry `note`."""
        taken = Taken()
        new: list[tuple[Id, int]] = []
        items = said.items if len(said.ranges) <= 1 else in_order(said.items)
        queue = [*self._waiting, *((item, note) for item in items)]
        self._waiting = [entry for entry in queue if not self._add(entry[0], entry[1], new)]
        while self._waiting and len(self._waiting) < len(queue):
            queue = self._waiting
            self._waiting = [entry for entry in queue if not self._add(entry[0], entry[1], new)]
        deletes = [*self._waiting_deletes, *said.deletes]
        self._waiting_deletes = [rest for found in deletes for rest in self._delete_range(*found, taken)]
        taken.inserted = [piece for first, length in new for piece in self.pieces_of(first, length)]
        return taken

    def root(self, name: str) -> Node:
        """The shared type of this name."""
        if name not in self.roots:
            self.roots[name] = Node(name, None)
        return self.roots[name]

    def find(self, identity: Id) -> Piece | None:
        """The piece that holds this id."""
        clocks = self._clocks.get(identity[0])
        if not clocks:
            return None
        at = bisect_right(clocks, identity[1]) - 1
        piece = self._pieces[identity[0]][at] if at >= 0 else None
        return piece if piece is not None and identity[1] < piece.clock + piece.length else None

    def pieces_of(self, first: Id, length: int) -> Iterator[Piece]:
        """The pieces that hold `length` clocks from `first`."""
        client, clock = first
        pieces = self._pieces.get(client, [])
        at = max(0, bisect_right(self._clocks.get(client, []), clock) - 1)
        while at < len(pieces) and pieces[at].clock < clock + length:
            yield pieces[at]
            at += 1

    def cut(self, piece: Piece, at: int) -> Piece:
        """Cut a piece after `at` clocks; gives its right half, which stands directly behind it."""
        value = piece.value
        if piece.content == STRING:
            value, rest = cut_text(value, at)
        elif piece.content in _CUTTABLE:
            value, rest = value[:at], value[at:]
        else:
            rest = None
        clock = piece.clock + at
        origin = None if piece.content == GC else (piece.client, clock - 1)
        half = Piece(
            Item(piece.client, clock, piece.length - at, piece.content, origin, piece.right_origin, None, piece.key, rest, 0, 0),  # type: ignore[arg-type]
            piece.note,
        )
        piece.value, piece.length = value, at
        half.parent, half.deleted = piece.parent, piece.deleted
        if piece.content != GC:
            half.left, half.right, piece.right = piece, piece.right, half
            if half.right is not None:
                half.right.left = half
            elif half.key is not None and half.parent is not None:
                half.parent.keyed[half.key] = half
        index = bisect_right(self._clocks[piece.client], piece.clock)
        self._clocks[piece.client].insert(index, clock)
        self._pieces[piece.client].insert(index, half)
        return half

    def join(self, piece: Piece) -> None:
        """Melt a piece into the one before it, when the two read on as one run with one note."""
        left = piece.left
        if left is None or left.content != STRING or piece.content != STRING or left.client != piece.client:
            return
        if left.clock + left.length != piece.clock or left.note is not piece.note or left.deleted or piece.deleted or left.length > _LONG:
            return
        if left.right_origin != piece.right_origin or piece.origin != (piece.client, piece.clock - 1) or piece.key is not None:
            return
        index = bisect_right(self._clocks[piece.client], piece.clock) - 1
        del self._clocks[piece.client][index], self._pieces[piece.client][index]
        left.value, left.length, left.right = left.value + piece.value, left.length + piece.length, piece.right
        if piece.right is not None:
            piece.right.left = left

    # -- taking in ----------------------------------------------------------------------------------------------------

    def _next(self, client: int) -> int:
        pieces = self._pieces.get(client)
        return pieces[-1].clock + pieces[-1].length if pieces else 0

    def _add(self, item: Item, note: object, new: list[tuple[Id, int]]) -> bool:
        """Integrate one struct; False while something it leans on has not come."""
        held = self._next(item.client) - item.clock
        if held >= item.length:
            return True
        if held < 0 or any(
            isinstance(found, tuple) and found[0] != item.client and found[1] >= self._next(found[0])
            for found in (item.origin, item.right, item.parent)
        ):
            return False
        piece = Piece(item, note)
        if held > 0:
            self._drop_start(piece, held)
        if piece.content != GC:
            self._place(piece, item.parent)
        self._clocks.setdefault(piece.client, []).append(piece.clock)
        self._pieces.setdefault(piece.client, []).append(piece)
        new.append(((piece.client, piece.clock), piece.length))
        return True

    def _drop_start(self, piece: Piece, held: int) -> None:
        """Without the clocks that are here already."""
        piece.clock, piece.length = piece.clock + held, piece.length - held
        if piece.content == STRING:
            piece.value = cut_text(piece.value, held)[1]
        elif piece.content in _CUTTABLE:
            piece.value = piece.value[held:]
        if piece.content != GC:
            piece.origin = (piece.client, piece.clock - 1)

    def _place(self, piece: Piece, parent: str | Id | None) -> None:
        """Find neighbours and parent, then the place by Yjs' rule; beside something collected the piece is collected too."""
        left = None if piece.origin is None else self._clean_end(piece.origin)
        right = None if piece.right_origin is None else self._clean_start(piece.right_origin)
        holder = self._holder(piece, left, right, parent)
        if holder is None:
            piece.content, piece.value, piece.deleted = GC, None, True
            return
        piece.parent = holder
        self._link(piece, holder, _settle(self, piece, holder, left, right))
        if piece.content == TYPE:
            piece.node = Node("", piece)

    def _holder(self, piece: Piece, left: Piece | None, right: Piece | None, parent: str | Id | None) -> Node | None:
        if (left is not None and left.content == GC) or (right is not None and right.content == GC):
            return None
        if isinstance(parent, str):
            return self.root(parent)
        if parent is not None:
            found = self.find(parent)
            return None if found is None else found.node
        beside = left or right
        if beside is None:
            return None
        piece.key = beside.key
        return beside.parent

    def _link(self, piece: Piece, holder: Node, left: Piece | None) -> None:
        if left is not None:
            piece.right, left.right = left.right, piece
        elif piece.key is not None:
            piece.right = _first_of(holder.keyed.get(piece.key))
        else:
            piece.right, holder.start = holder.start, piece
        piece.left = left
        if piece.right is not None:
            piece.right.left = piece
        elif piece.key is not None:
            holder.keyed[piece.key] = piece

    def _clean_end(self, identity: Id) -> Piece | None:
        """The piece that ends with this id."""
        piece = self.find(identity)
        if piece is not None and piece.content != GC and identity[1] < piece.clock + piece.length - 1:
            self.cut(piece, identity[1] - piece.clock + 1)
        return piece

    def _clean_start(self, identity: Id) -> Piece | None:
        """The piece that begins with this id."""
        piece = self.find(identity)
        if piece is not None and piece.content != GC and identity[1] > piece.clock:
            return self.cut(piece, identity[1] - piece.clock)
        return piece

    # -- deleting -----------------------------------------------------------------------------------------------------

    def _delete_range(self, client: int, clock: int, length: int, taken: Taken) -> list[tuple[int, int, int]]:
        """Delete what is here of a range; gives what is not here yet."""
        end, here = clock + length, self._next(client)
        if clock < min(end, here):
            self._clean_start((client, clock))
            self._clean_end((client, min(end, here) - 1))
            for piece in self.pieces_of((client, clock), min(end, here) - clock):
                self._delete(piece, taken)
        rest = max(clock, here)
        return [(client, rest, end - rest)] if rest < end else []

    def _delete(self, first: Piece, taken: Taken) -> None:
        """With everything inside."""
        pending = [first]
        while pending:
            piece = pending.pop()
            if piece.deleted or piece.content == GC:
                continue
            piece.deleted = True
            taken.deleted.append(piece)
            if piece.node is not None:
                pending.extend(piece.node.pieces())


_LONG = 4000
"""Pieces are not melted beyond this many characters."""


def _settle(structs: Structs, piece: Piece, holder: Node, left: Piece | None, right: Piece | None) -> Piece | None:
    """The left neighbour among what others put into the same gap: by client id, and never between a piece and what hangs on it."""
    if left is not None:
        other = left.right
    elif piece.key is not None:
        other = _first_of(holder.keyed.get(piece.key))
    else:
        other = holder.start
    before: set[Piece] = set()
    conflicting: set[Piece] = set()
    while other is not None and other is not right:
        before.add(other)
        conflicting.add(other)
        if other.origin == piece.origin:
            if other.client < piece.client:
                left = other
                conflicting.clear()
            elif other.right_origin == piece.right_origin:
                break
        elif other.origin is not None and (leaned := structs.find(other.origin)) in before:
            if leaned not in conflicting:
                left = other
                conflicting.clear()
        else:
            break
        other = other.right
    return left


def _first_of(last: Piece | None) -> Piece | None:
    """The first of the values a key has had."""
    while last is not None and last.left is not None:
        last = last.left
    return last
