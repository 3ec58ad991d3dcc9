"""Updates written by hand, struct by struct, also such as no editor writes."""

from collections.abc import Sequence

from server.crdt.lib0 import AnyValue, Encoder
from server.crdt.offsets import utf16_length

Id = tuple[int, int]
Parent = str | Id


class Hand:
    """One client's structs. `update()` is the whole; every method returns the id of what it wrote."""

    def __init__(self, client: int, clock: int = 0) -> None:
        self.client, self.first, self.clock, self.count = client, clock, clock, 0
        self.body = Encoder()

    def struct(
        self,
        content: int,
        payload: Encoder,
        length: int = 1,
        *,
        origin: Id | None = None,
        right: Id | None = None,
        parent: Parent | None = None,
        key: str | None = None,
    ) -> Id:
        self.body.uint8(content | (0x80 if origin else 0) | (0x40 if right else 0) | (0x20 if key is not None else 0))
        for neighbour in (origin, right):
            if neighbour:
                self._id(neighbour)
        if not origin and not right:
            self._parent("default" if parent is None else parent)
            if key is not None:
                self.body.var_string(key)
        self.body.data += payload.data
        self.count += 1
        self.clock += length
        return self.client, self.clock - 1

    def _id(self, value: Id) -> None:
        self.body.varuint(value[0])
        self.body.varuint(value[1])

    def _parent(self, parent: Parent) -> None:
        self.body.uint8(isinstance(parent, str))
        if isinstance(parent, str):
            self.body.var_string(parent)
        else:
            self._id(parent)

    def element(self, name: str, **where: Id | Parent | str | None) -> Id:
        return self.kind(3, name, **where)

    def text_node(self, **where: Id | Parent | str | None) -> Id:
        return self.kind(6, None, **where)

    def kind(self, number: int, name: str | None, **where: Id | Parent | str | None) -> Id:
        payload = Encoder()
        payload.varuint(number)
        if name is not None:
            payload.var_string(name)
        return self.struct(7, payload, **where)  # type: ignore[arg-type]

    def text(self, value: str, **where: Id | Parent | str | None) -> Id:
        payload = Encoder()
        payload.var_string(value)
        return self.struct(4, payload, utf16_length(value), **where)  # type: ignore[arg-type]

    def values(self, *values: AnyValue, **where: Id | Parent | str | None) -> Id:
        payload = Encoder()
        payload.varuint(len(values))
        for value in values:
            payload.any(value)
        return self.struct(8, payload, len(values), **where)  # type: ignore[arg-type]

    def mark(self, name: str, json: str, **where: Id | Parent | str | None) -> Id:
        payload = Encoder()
        payload.var_string(name)
        payload.var_string(json)
        return self.struct(6, payload, **where)  # type: ignore[arg-type]

    def deleted(self, length: int, **where: Id | Parent | str | None) -> Id:
        payload = Encoder()
        payload.varuint(length)
        return self.struct(1, payload, length, **where)  # type: ignore[arg-type]

    def collected(self, length: int, content: int = 0) -> Id:
        self.body.uint8(content)
        self.body.varuint(length)
        self.count += 1
        self.clock += length
        return self.client, self.clock - 1

    def skipped(self, length: int) -> None:
        self.collected(length, 10)

    def update(self, deletes: Sequence[tuple[int, int, int]] = ()) -> bytes:
        return together([self], deletes)


def together(hands: Sequence[Hand], deletes: Sequence[tuple[int, int, int]] = ()) -> bytes:
    """One update of several clients' structs; `deletes` are (client, clock, length)."""
    encoder = Encoder()
    encoder.varuint(len(hands))
    for hand in hands:
        for value in (hand.count, hand.client, hand.first):
            encoder.varuint(value)
        encoder.data += hand.body.data
    clients = sorted({client for client, _, _ in deletes})
    encoder.varuint(len(clients))
    for client in clients:
        ranges = [(clock, length) for found, clock, length in deletes if found == client]
        encoder.varuint(client)
        encoder.varuint(len(ranges))
        for clock, length in ranges:
            encoder.varuint(clock)
            encoder.varuint(length)
    return bytes(encoder.data)
