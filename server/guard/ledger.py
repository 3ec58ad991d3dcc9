"""What the guard remembers of a document between updates: what is held, whose client ids those are, what stands in what.

Not a copy of the text: for each client a list of the clocks at which its writing moved to another place. Typing a
sentence adds nothing to it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from server.crdt.structs import STRING, TYPE, Id, Item
from server.crdt.update import DeleteRange, Description, read_update
from server.guard.order import Order, news_of
from server.guard.places import TEXT, Place, Track, Type
from server.guard.plan import Plan, plan, second_halves
from server.ids import ClientId, UserId

DECISIONS = "#resolutions"

MAX_ORDERS = 256
"""Sequences whose order is remembered."""

SERVER = UserId("")
"""Owns the client ids that nobody was bound to when the document was loaded: nobody may write under them."""


class Ledger:
    """The guard's memory of one document. Changes only by `bind` and `commit`; `judge` reads it.

    Invariant: for every client, the places cover the clocks `0 .. state[client]-1`.
    """

    __slots__ = (
        "_orders",
        "blocks",
        "decisions",
        "entries",
        "halves",
        "owners",
        "roots",
        "size_bytes",
        "state",
        "tracks",
        "type_clocks",
        "types",
    )

    def __init__(self, bindings: Mapping[ClientId, UserId] | None = None) -> None:
        self.state: dict[int, int] = {}
        self.owners: dict[ClientId, UserId] = dict(bindings or {})
        self.tracks: dict[int, Track] = {}
        self.types: dict[Id, Type] = {}
        self.type_clocks: dict[int, list[int]] = {}
        """Clocks of the elements that are alive, by client, ascending."""
        self.roots: dict[str, Type] = {}
        self.decisions: dict[int, list[int]] = {}
        """Clocks of the entries of `resolutions` that hold, by client, ascending."""
        self.entries: dict[str, Id] = {}
        """The last entry of `resolutions` for each suggestion."""
        self.halves: set[Id] = set()
        """The second surrogates of characters beyond U+FFFF."""
        self._orders: dict[Place, Order] = {}
        self.blocks = 0
        """Elements alive: units, tables, rows, cells."""
        self.size_bytes = 0

    @classmethod
    def load(cls, state: bytes, bindings: Mapping[ClientId, UserId] | None = None) -> "Ledger":
        """The ledger of a document whose own update is `state`. What was collected has no known place any more.

        Raises DecodeError, and ValueError when `state` leans on something it does not hold.
        """
        ledger = cls(bindings)
        ledger.commit(read_update(state), SERVER)
        return ledger

    def bind(self, client: ClientId, user: UserId) -> bool:
        """Bind a client id to the person whose presence brings it first. False when it is somebody else's."""
        return self.owners.setdefault(client, user) == user

    def order_of(self, place: Place) -> Order:
        """The order of what stands in `place`; made at the first question and kept up to date."""
        order = self._orders.get(place)
        if order is None:
            if len(self._orders) >= MAX_ORDERS:
                self._orders.clear()
            order = self._orders[place] = Order.of(place, self.tracks)
        return order

    def place_of(self, client: int, clock: int) -> Place | None:
        """Where the held struct stands; None when it is not held."""
        track = self.tracks.get(client)
        if track is None or clock >= track.end:
            return None
        return track.find(clock)

    def commit(self, description: Description, sender: UserId) -> None:
        """Remember an update that has been taken, judged here or by another node. Idempotent.

        Raises ValueError when it leans on something that is not held (a judged update never does).
        """
        if description.items and not self._extend(description, sender):
            planned = plan(description, self)
            if planned.missing is not None:
                raise ValueError(f"update leans on {planned.missing}, which is not held")
            self._take(planned, sender)
        for deleted in description.deletes:
            self._delete(deleted)
        self.size_bytes += description.size

    def _extend(self, description: Description, sender: UserId) -> bool:
        """The way of typing: one string right behind the client's last one, in the same place."""
        items = description.items
        if len(items) != 1:
            return False
        item = items[0]
        track = self.tracks.get(item.client)
        if track is None or track.end != item.clock or item.origin != (item.client, item.clock - 1) or item.content == TYPE:
            return False
        place = track.places[-1]
        if place.key is not None or item.right != track.rights[-1]:
            return False
        if place in self._orders:
            self._orders[place].add(news_of(item, item.clock))
        self.state[item.client] = track.end = item.clock + item.length
        self.owners.setdefault(item.client, sender)
        self._keep_halves(item)
        return True

    def _take(self, planned: Plan, sender: UserId) -> None:
        for item, place in planned.placed:
            track = self.tracks.get(item.client)
            if track is None:
                track = self.tracks[item.client] = Track()
                self.owners.setdefault(item.client, sender)
            start = track.end
            track.extend(item, place)
            self._keep(place)
            if place in self._orders:
                self._orders[place].add(news_of(item, start))
            if place.type.kind == DECISIONS and place.key is not None:
                self._decide(place.key, item, start)
            self.state[item.client] = track.end
            self._keep_halves(item)
        for identity, made in planned.types.items():
            self.types[identity] = made
            if made.kind != TEXT:
                self.type_clocks.setdefault(identity[0], []).append(identity[1])
                self.blocks += 1

    def _decide(self, key: str, item: Item, clock: int) -> None:
        """Protect an entry. Two that do not follow each other came at the same time: one is gone then, and only the text knows which."""
        last = self.entries.get(key)
        self.entries[key] = (item.client, clock)
        if last is None or item.origin == last:
            self.decisions.setdefault(item.client, []).append(clock)
        else:
            self._forget_decisions(*last, 1)

    def _forget_decisions(self, client: int, clock: int, length: int) -> None:
        clocks = self.decisions.get(client)
        if clocks:
            del clocks[bisect_left(clocks, clock) : bisect_left(clocks, clock + length)]
            if not clocks:
                del self.decisions[client]

    def _keep_halves(self, item: Item) -> None:
        if item.content == STRING and item.length != len(item.value):
            self.halves.update(second_halves(item))

    def _keep(self, place: Place) -> None:
        """Remember a place that the plan may have invented: a root, an attribute."""
        within = place.type
        if within.kind.startswith("#"):
            self.roots.setdefault(within.kind[1:], within)
        within.keep(place)

    def _delete(self, deleted: DeleteRange) -> None:
        self._forget_decisions(*deleted)
        clocks = self.type_clocks.get(deleted.client)
        if not clocks:
            return
        first, last = bisect_left(clocks, deleted.clock), bisect_left(clocks, deleted.clock + deleted.length)
        if first < last:
            del clocks[first:last]
            self.blocks -= last - first

    def decided_in(self, deleted: DeleteRange) -> Iterable[str]:
        """The suggestions whose entries in `resolutions` a delete would take away."""
        clocks = self.decisions.get(deleted.client, [])
        for clock in clocks[bisect_left(clocks, deleted.clock) : bisect_left(clocks, deleted.clock + deleted.length)]:
            place = self.place_of(deleted.client, clock)
            yield (place.key if place else None) or ""
