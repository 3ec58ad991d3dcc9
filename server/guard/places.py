"""Where structs stand: types, places in them, and a client's track of places."""

from bisect import bisect_right
from collections.abc import Iterator

from server.crdt.structs import DELETED, Id, Item
from server.crdt.update import MAX_CLOCK

TEXT = "@text"
"""The kind of an XmlText. Kinds of elements are their names, of roots `#` and their name, of everything else `@` and a word."""


class Type:
    """A shared type: a root, an element, an XmlText. Compared by identity."""

    __slots__ = ("inside", "kind", "slots")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.inside = Place(self, None)
        self.slots: dict[str, Place] | None = None

    def find(self, key: str | None) -> "Place | None":
        """The place of children and text (None), or that of an attribute or entry, if there is one yet."""
        if key is None:
            return self.inside
        return None if self.slots is None else self.slots.get(key)

    def keep(self, place: "Place") -> None:
        """Remember the place of an attribute or entry."""
        if place.key is not None:
            self.slots = self.slots or {}
            self.slots.setdefault(place.key, place)


class Place:
    """A place within a type. Two structs are neighbours only in the same place; compared by identity."""

    __slots__ = ("key", "type")

    def __init__(self, within: Type, key: str | None) -> None:
        self.type = within
        self.key = key


GONE = Type("@gone").inside
"""Nowhere: beside or in a struct that was collected. Yjs collects whatever is put there."""


class Track:
    """Where one client's structs stand: from clock `starts[i]` on in `places[i]`; up to `end`.

    The struct at `starts[i]` was put behind `origins[i]`, each further one behind the one before it, and all of them before `rights[i]`.
    `graves` are the stretches `(start, end)` of deleted structs that may have been types.
    """

    __slots__ = ("end", "graves", "origins", "places", "rights", "starts")

    def __init__(self, end: int = 0) -> None:
        self.end = end
        self.starts: list[int] = []
        self.places: list[Place] = []
        self.origins: list[Id | None] = []
        self.rights: list[Id | None] = []
        self.graves: list[tuple[int, int]] = []

    def extend(self, item: Item, place: Place) -> None:
        """The struct, or as much of it as is new, stands in `place`."""
        start = self.end
        origin = item.origin if item.clock == start else (item.client, start - 1)
        if not (self.places and self.places[-1] is place and (place is GONE or self._goes_on(item.client, origin, item.right))):
            self.starts.append(start)
            self.places.append(place)
            self.origins.append(origin)
            self.rights.append(item.right)
        self.end = item.clock + item.length
        if item.content == DELETED and place.key is None and place.type.kind != TEXT:
            self.graves.append((start, self.end))

    def _goes_on(self, client: int, origin: Id | None, right: Id | None) -> bool:
        """True for what was typed right behind the last struct."""
        return origin is not None and origin[1] == self.end - 1 and origin[0] == client and right == self.rights[-1]

    def find(self, clock: int) -> Place:
        """Where the struct at `clock` stands, which must be one of this track."""
        return self.places[bisect_right(self.starts, clock) - 1]

    def origin_of(self, client: int, clock: int) -> Id | None:
        """Behind what the struct at `clock` was put; `client` is the track's."""
        at = bisect_right(self.starts, clock) - 1
        return self.origins[at] if self.starts[at] == clock else (client, clock - 1)

    def right_of(self, clock: int) -> Id | None:
        """Before what the struct at `clock` was put."""
        return self.rights[bisect_right(self.starts, clock) - 1]

    def stretches(self, place: Place) -> Iterator[tuple[int, int, Id | None, Id | None]]:
        """What stands in `place`: start, end, origin and right neighbour of each stretch that was typed in one go."""
        for at, found in enumerate(self.places):
            if found is place:
                end = self.starts[at + 1] if at + 1 < len(self.starts) else self.end
                yield self.starts[at], end, self.origins[at], self.rights[at]

    def is_grave(self, clock: int) -> bool:
        """True when a deleted struct at `clock` may have been a type: what is put into it is collected."""
        at = bisect_right(self.graves, (clock, MAX_CLOCK)) - 1
        return at >= 0 and self.graves[at][0] <= clock < self.graves[at][1]
