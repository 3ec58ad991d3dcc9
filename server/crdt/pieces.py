"""A huge update as pieces that can be taken one after the other: yrs takes quadratic time over one very large update."""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

from server.crdt.lib0 import DecodeError, Encoder
from server.crdt.structs import SKIP, Id, Item
from server.crdt.update import Description, read_update
from server.ids import ClientId

PIECE_STRUCTS = 2000
"""Structs of one piece."""

SMALL_BYTES = 1024 * 1024
"""Updates up to this size are taken whole: reading them in Python to cut them would cost more than it saves."""


def split(update: bytes, structs: int = PIECE_STRUCTS, small_bytes: int = SMALL_BYTES) -> Iterator[bytes]:
    """`update` as pieces of about `structs` structs, in an order in which each can be taken; deletes come last.

    A small update is given back as it is, also one that cannot be read: whoever applies it finds that out.
    """
    if len(update) <= small_bytes:
        yield update
        return
    try:
        description = read_update(update)
    except DecodeError:
        yield update
        return
    if len(description.items) <= structs:
        yield update
        return
    ordered = in_order(description.items)
    for first in range(0, len(ordered), structs):
        yield _write(update, ordered[first : first + structs])
    if description.deletes:
        yield b"\x00" + _write_deletes(description)


def delete_set(description: Description) -> dict[ClientId, list[tuple[int, int]]]:
    """The delete ranges as sorted, disjoint `(start, end)` per client."""
    found: dict[ClientId, list[tuple[int, int]]] = {}
    for client, clock, length in sorted(description.deletes):
        ranges = found.setdefault(client, [])
        if ranges and clock <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], clock + length))
        else:
            ranges.append((clock, clock + length))
    return found


def in_order(items: Sequence[Item]) -> list[Item]:
    """Each client's structs in their order, and each behind what it leans on as far as that is in the update."""
    queues: dict[int, list[Item]] = {}
    for item in reversed(items):
        queues.setdefault(item.client, []).append(item)
    ends = {client: queue[-1].clock for client, queue in queues.items()}
    last = {client: queue[0].clock + queue[0].length for client, queue in queues.items()}
    ordered: list[Item] = []
    waiting: dict[int, list[tuple[int, int]]] = {}
    ready = list(queues)
    while ready:
        client = ready.pop()
        queue = queues[client]
        while queue:
            needed = next((found for found in _leans_on(queue[-1]) if ends.get(found[0], 0) <= found[1] < last.get(found[0], 0)), None)
            if needed is not None and needed[0] != client:
                heappush(waiting.setdefault(needed[0], []), (needed[1], client))
                break
            item = queue.pop()
            ordered.append(item)
            end = ends[client] = item.clock + item.length
            waiters = waiting.get(client, [])
            while waiters and waiters[0][0] < end:
                ready.append(heappop(waiters)[1])
    for queue in queues.values():
        ordered.extend(reversed(queue))
    return ordered


def _leans_on(item: Item) -> Iterator[Id]:
    for found in (item.origin, item.right, item.parent):
        if isinstance(found, tuple):
            yield found


def _write(update: bytes, items: Sequence[Item]) -> bytes:
    """An update of these structs, their bytes as they were; a client's stretches stay contiguous or get a skip between."""
    queues: dict[int, list[Item]] = {}
    for item in items:
        queues.setdefault(item.client, []).append(item)
    encoder = Encoder()
    encoder.varuint(len(queues))
    for client, queue in queues.items():
        body, count, clock = Encoder(), 0, queue[0].clock
        for item in queue:
            if item.clock > clock:
                body.uint8(SKIP)
                body.varuint(item.clock - clock)
                count += 1
            body.data += update[item.begin : item.end]
            clock = item.clock + item.length
            count += 1
        for value in (count, client, queue[0].clock):
            encoder.varuint(value)
        encoder.data += body.data
    encoder.uint8(0)
    return bytes(encoder.data)


def _write_deletes(description: Description) -> bytes:
    encoder = Encoder()
    deleted = delete_set(description)
    encoder.varuint(len(deleted))
    for client, ranges in deleted.items():
        encoder.varuint(client)
        encoder.varuint(len(ranges))
        for start, end in ranges:
            encoder.varuint(start)
            encoder.varuint(end - start)
    return bytes(encoder.data)
