"""From raw updates to one compact state, proved equal before anybody trims anything (P2)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pycrdt

from server.crdt.document import apply_to, apply_whole, is_pending, merge, read_state_vector
from server.crdt.pieces import delete_set
from server.crdt.structs import ANY, DELETED, GC, STRING, Item
from server.crdt.update import MAX_CLOCK, Description, describe, read_update

PIECE_UPDATES = 100
"""Updates that are merged before they are applied."""

LARGE_BYTES = 64 * 1024
"""Updates from this size on are applied by themselves."""


class NotProved(Exception):
    """A compacted state that does not equal its replay; nothing may be trimmed. The message says what differs."""


class Pending(NotProved):
    """Something in the log waits for updates that have not come; compaction has to wait too."""


def compact(updates: Sequence[bytes]) -> bytes:
    """One update that holds what `updates`, given in order, make of an empty document.

    Proved: nothing pending, and state vector, delete set and content of the result, loaded into an empty document,
    equal those of the replay. Raises Pending, NotProved, PoisonedUpdate.
    """
    replayed = replay(updates)
    vector = replayed.get_state()
    for merged in _merged(updates):
        if is_pending(merged, vector):
            raise Pending("an update waits for another that has not come")
    state = replayed.get_update()
    prove(replayed, state)
    _prove_covered(updates, state)
    return state


def replay(updates: Iterable[bytes]) -> "pycrdt.Doc[Any]":
    """A document made from updates in order, huge ones in pieces. Below the rules of the schema: any root. Raises PoisonedUpdate."""
    document: pycrdt.Doc[Any] = pycrdt.Doc(client_id=2)
    for merged in _merged(updates):
        apply_to(document, merged)
    return document


def prove(replayed: "pycrdt.Doc[Any]", state: bytes) -> None:
    """Raises NotProved unless a document loaded from `state` equals `replayed`."""
    loaded: pycrdt.Doc[Any] = pycrdt.Doc(client_id=2)
    apply_whole(loaded, state)
    if read_state_vector(loaded.get_state()) != read_state_vector(replayed.get_state()):
        raise NotProved("state vectors differ")
    ours, theirs = read_update(loaded.get_update()), read_update(replayed.get_update())
    if delete_set(ours) != delete_set(theirs):
        raise NotProved("delete sets differ")
    if _visible(ours) != _visible(theirs):
        raise NotProved("contents differ")


def _merged(updates: Iterable[bytes]) -> Iterator[bytes]:
    """Runs of updates merged: fewer, but never so large that yrs slows down."""
    batch: list[bytes] = []
    for update in updates:
        if len(update) >= LARGE_BYTES:
            yield merge(batch)
            batch = []
            yield update
            continue
        batch.append(update)
        if len(batch) == PIECE_UPDATES:
            yield merge(batch)
            batch = []
    yield merge(batch)


def _prove_covered(updates: Iterable[bytes], state: bytes) -> None:
    """Every struct and every delete of every raw update is in the state, by our own reading of both."""
    description = read_update(state)
    held = {client: end for client, _, end in description.ranges}
    deleted = delete_set(description)
    for update in updates:
        said = describe(update)
        if any(end > held.get(client, 0) for client, _, end in said.ranges):
            raise NotProved("a struct of the log is not in the state")
        if not all(_covers(deleted.get(client, []), clock, clock + length) for client, clock, length in said.deletes):
            raise NotProved("a delete of the log is not in the state")


def _covers(ranges: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_right(ranges, (start, MAX_CLOCK)) - 1
    return at >= 0 and ranges[at][0] <= start and end <= ranges[at][1]


def _visible(description: Description) -> list[tuple[object, ...]]:
    """What the structs hold, whichever way they are cut into runs."""
    found: list[tuple[object, ...]] = []
    previous: Item | None = None
    for item in sorted(description.items, key=_by_clock):
        if previous is not None and _continues(previous, item):
            previous = previous._replace(length=previous.length + item.length, value=_joined(previous, item))
            found[-1] = previous[:9]
        else:
            previous = item
            found.append(item[:9])
    return found


def _by_clock(item: Item) -> tuple[int, int]:
    return item.client, item.clock


def _continues(left: Item, item: Item) -> bool:
    """True when the two are one run that was cut."""
    if left.client != item.client or left.clock + left.length != item.clock or left.content != item.content:
        return False
    if item.content == GC:
        return True
    return item.content in (DELETED, STRING, ANY) and item.origin == (item.client, item.clock - 1) and item.right == left.right


def _joined(left: Item, item: Item) -> object:
    return None if left.value is None else left.value + item.value
