"""In which order an update's structs can enter the document, and where each of them will stand."""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from server.crdt.structs import STRING, TYPE, XML_ELEMENT, XML_TEXT, Id, Item, Kind
from server.crdt.update import Description
from server.guard.places import GONE, TEXT, Place, Track, Type

if TYPE_CHECKING:
    from server.guard.ledger import Ledger


class Plan(NamedTuple):
    """`placed`: the structs that are new, in an order in which each finds its neighbours. `missing`: the first id that is not there."""

    placed: list[tuple[Item, Place]]
    types: dict[Id, Type]
    missing: Id | None
    torn: Item | None
    """A struct that no editor writes: neighbours in two places, one on both sides, a right one in a map, a parent that is no type."""
    tracks: dict[int, Track]
    """Where the new structs stand, by client."""


def plan(description: Description, ledger: "Ledger") -> Plan:
    """Where the structs of `description` that `ledger` does not hold will stand. Reads the ledger only.

    Assumes that no client's range begins behind what is held (`integrity.find_gap`).
    """
    return _Planner(ledger).run(description)


class _Planner:
    """Makes one plan; what it invents on the way (roots, places) is its own until the ledger takes it."""

    def __init__(self, ledger: "Ledger") -> None:
        self.ledger = ledger
        self.tracks: dict[int, Track] = {}
        self.types: dict[Id, Type] = {}
        self.roots: dict[str, Type] = {}
        self.slots: dict[tuple[Type, str], Place] = {}
        self.placed: list[tuple[Item, Place]] = []
        self.halves: set[Id] = set()
        self.torn: Item | None = None

    def run(self, description: Description) -> Plan:
        order = self._in_order if len(description.ranges) == 1 else self._interleaved
        missing = order(description.items)
        return Plan(self.placed, self.types, missing, self.torn, self.tracks)

    def _in_order(self, items: tuple[Item, ...]) -> Id | None:
        for item in items:
            missing = self._take(item)
            if missing is not None:
                return missing
        return None

    def _interleaved(self, items: tuple[Item, ...]) -> Id | None:
        """Several clients: take each one's structs until one waits for another client, and come back when that is there."""
        queues: dict[int, list[Item]] = {}
        for item in reversed(items):
            queues.setdefault(item.client, []).append(item)
        waiting: dict[int, list[tuple[int, int]]] = {}
        blocked: dict[int, Id] = {}
        ready = list(queues)
        while ready:
            client = ready.pop()
            blocked.pop(client, None)
            missing = self._drain(queues[client], waiting.get(client, []), ready)
            if missing is not None:
                blocked[client] = missing
                heappush(waiting.setdefault(missing[0], []), (missing[1], client))
        return next(iter(blocked.values()), None)

    def _drain(self, queue: list[Item], waiting: list[tuple[int, int]], ready: list[int]) -> Id | None:
        """Take one client's structs (last first in `queue`) and wake those who wait for them; the id it stops at, if any."""
        while queue:
            item = queue[-1]
            missing = self._take(item)
            if missing is not None:
                return missing
            queue.pop()
            end = self._end(item.client)
            while waiting and waiting[0][0] < end:
                ready.append(heappop(waiting)[1])
        return None

    def _take(self, item: Item) -> Id | None:
        """Place one struct; the id it waits for, if that is not there yet."""
        client, clock = item.client, item.clock
        held = self._end(client)
        missing = self._missing(item)
        if missing is not None:
            return missing
        if self._parts_character(item):
            self.torn = item
        if clock + item.length <= held:
            return None  # a repetition; Yjs looks for its neighbours all the same: fails when they are not there, cuts what they are in
        place = self._place(item)
        if clock < held:
            place = self._common(place, self._find(client, held - 1), item)
            if item.content == STRING and _cuts_character(item.value, held - clock):
                self.torn = item
        if place.key is not None and item.right is not None:
            self.torn = item
        track = self.tracks.get(client)
        if track is None:
            track = self.tracks[client] = Track(held)
        track.extend(item, place)
        if item.content == STRING and item.length != len(item.value):
            self.halves.update(second_halves(item))
        self.placed.append((item, place))
        if item.content == TYPE:
            self.types[client, clock] = type_of(item.value)
        return None

    def _missing(self, item: Item) -> Id | None:
        """The first neighbour or parent that is not there yet. A client's own structs lean on its earlier ones only."""
        for needed in (item.origin, item.right, item.parent):
            if not isinstance(needed, tuple):
                continue
            if needed[0] == item.client and needed[1] >= item.clock:
                self.torn = item
                return needed
            if needed[1] >= self._end(needed[0]):
                return needed
        return None

    def _parts_character(self, item: Item) -> bool:
        """True when a neighbour is one half of a character: Yjs and yrs tear such a character in different ways."""
        halves, others = self.ledger.halves, self.halves
        if not halves and not others:
            return False
        behind = None if item.origin is None else (item.origin[0], item.origin[1] + 1)
        return behind in halves or behind in others or item.right in halves or item.right in others

    def _end(self, client: int) -> int:
        track = self.tracks.get(client)
        return track.end if track is not None else self.ledger.state.get(client, 0)

    def _place(self, item: Item) -> Place:
        """As Yjs finds a struct's parent (`Item.getMissing`): from its neighbours, else as written."""
        if item.origin is not None:
            place = self._find(*item.origin)
            if item.right is None:
                return place
            if item.right == item.origin:
                self.torn = item
            return self._common(place, self._find(*item.right), item)
        if item.right is not None:
            return self._find(*item.right)
        if isinstance(item.parent, str):
            return self._at(self._root(item.parent), item.key)
        if item.parent is None:
            return GONE
        found = self.types.get(item.parent) or self.ledger.types.get(item.parent)
        return self._at(found, item.key) if found is not None else self._beyond(item.parent, item)

    def _beyond(self, parent: Id, item: Item) -> Place:
        """A parent that is no type (any more): nowhere when it was collected, an error (in yrs too) when it never was one."""
        if self._find(*parent) is not GONE and not self._track(*parent).is_grave(parent[1]):
            self.torn = self.torn or item
        return GONE

    def _root(self, name: str) -> Type:
        found = self.ledger.roots.get(name) or self.roots.get(name)
        if found is None:
            found = self.roots[name] = Type("#" + name)
        return found

    def _at(self, within: Type, key: str | None) -> Place:
        found = within.find(key)
        if found is None and key is not None:
            found = self.slots.get((within, key))
            if found is None:
                found = self.slots[within, key] = Place(within, key)
        return found or GONE

    def _find(self, client: int, clock: int) -> Place:
        return self._track(client, clock).find(clock)

    def _track(self, client: int, clock: int) -> Track:
        """The track that knows the struct, which is held or already placed."""
        held = self.ledger.tracks.get(client)
        return held if held is not None and clock < held.end else self.tracks[client]

    def _common(self, one: Place, other: Place, item: Item) -> Place:
        """The one place of two neighbours. Half collected counts as torn: Yjs would collect the struct, yrs would keep it."""
        if one is not other:
            self.torn = self.torn or item
        return one


def type_of(kind: Kind) -> Type:
    """The type a TYPE struct makes: elements by their name, XmlText as `#text`, others by number."""
    if kind.number == XML_ELEMENT:
        return Type(kind.name)
    return Type(TEXT if kind.number == XML_TEXT else f"@{kind.number}")


def second_halves(item: Item) -> Iterator[Id]:
    """The ids of the second surrogates of a string: between them and the first nothing may be put or deleted."""
    clock = item.clock
    for letter in item.value:
        if letter > "\uffff":
            yield item.client, clock + 1
            clock += 1
        clock += 1


def _cuts_character(text: str, units: int) -> bool:
    """True when a cut after `units` UTF-16 units parts two surrogates."""
    return "\udc00" <= text.encode("utf-16-le")[2 * units : 2 * units + 2].decode("utf-16-le", "surrogatepass") <= "\udfff"
