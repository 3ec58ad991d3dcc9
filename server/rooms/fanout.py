"""One message to many: a frame is built once per address, and the same bytes go to every connection that shares it."""

import json
from collections.abc import Callable, Iterable, Mapping

from server.crdt import ywebsocket
from server.crdt.messages import Awareness, Stateless, SyncStep1, SyncStep2, Update
from server.ids import BodyCode
from server.rooms.connection import Connection

View = Callable[[BodyCode], Mapping[str, object] | None]
"""What somebody of a body may see of a message; None for nothing."""


def update_body(update: bytes) -> bytes:
    """An Update after the address; the same bytes in both protocols."""
    return ywebsocket.encode(Update(update))


def answer_body(update: bytes) -> bytes:
    """A SyncStep2 after the address."""
    return ywebsocket.encode(SyncStep2(update))


def question_body(state_vector: bytes) -> bytes:
    """A SyncStep1 after the address."""
    return ywebsocket.encode(SyncStep1(state_vector))


def presence_body(update: bytes) -> bytes:
    """An awareness message after the address."""
    return ywebsocket.encode(Awareness(update))


def spread(connections: Iterable[Connection], body: bytes, skip: Connection | None, state_vector: Callable[[], bytes]) -> int:
    """Queue a document body for every connection that keeps up, but `skip`; the number of frames.

    A connection that has too much waiting gets this frame as its last and is marked behind, from `state_vector()` on.
    """
    frames: dict[bytes, bytes] = {b"": body}
    count = 0
    for connection in connections:
        if connection is skip or connection.behind is not None or connection.closed:
            continue
        prefix = connection.prefix
        frame = frames.get(prefix)
        if frame is None:
            frame = frames[prefix] = prefix + body
        transport = connection.transport
        transport.send(frame)
        count += 1
        if transport.buffered_bytes > connection.max_outbox_bytes:
            connection.behind = state_vector()
    return count


def spread_presence(connections: Iterable[Connection], body: bytes) -> int:
    """Queue a presence body for every connection that keeps up, its sender too (their watchdogs wait for it)."""
    count = 0
    for connection in connections:
        if connection.behind is None:
            connection.send_body(body)
            count += 1
    return count


def tell(connections: Iterable[Connection], content: Mapping[str, object]) -> None:
    """Send a stateless JSON message to every client whose protocol has such messages."""
    message = stateless(content)
    for connection in connections:
        connection.send(message)


def tell_each(connections: Iterable[Connection], view: View, state_vector: Callable[[], bytes]) -> None:
    """Send each client what its person's body may see. One that reads too slowly is told later that it missed something."""
    messages: dict[BodyCode, Stateless | None] = {}
    for connection in connections:
        body = connection.grant.actor.body
        if body not in messages:
            content = view(body)
            messages[body] = None if content is None else stateless(content)
        message = messages[body]
        if message is None or connection.closed or not connection.is_hocuspocus:
            continue
        if connection.is_full or connection.behind is not None:
            connection.overlooked = True
            connection.behind = connection.behind or state_vector()
        else:
            connection.send(message)


def stateless(content: Mapping[str, object]) -> Stateless:
    """A stateless JSON message."""
    return Stateless(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
