"""Who is here and where their cursor is. A client speaks only for itself, and the server says who it is (P5)."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from server.crdt import awareness
from server.crdt.awareness import AwarenessEntry
from server.crdt.lib0 import DecodeError
from server.ids import ClientId, UserId
from server.rooms.connection import Connection

EXPIRY_MS = 30_000
"""Presence that was not refreshed for so long is taken away (y-protocols: clients refresh every 15 s)."""

MAX_CLIENTS = 8
"""The most client ids one connection can show."""

MAX_MESSAGE_BYTES = 256 * 1024
MAX_STATE_BYTES = 8 * 1024
"""A larger state of one client is left out; a cursor with a name takes about 400 bytes."""

OwnerOf = Callable[[ClientId], UserId | None]


@dataclass(slots=True)
class _Shown:
    """One client's entry as the others see it; `connection` is None when it is on another node."""

    entry: AwarenessEntry
    connection: Connection | None
    seen_at: int

    @property
    def user(self) -> UserId | None:
        """Whose it is, as the server said here or on the other node; None when that is not told."""
        if self.connection is not None:
            return self.connection.user
        said = (self.entry.state or {}).get("user")
        found = said.get("id") if isinstance(said, dict) else None
        return UserId(found) if isinstance(found, str) else None


class Presence:
    """The entries of one room. Changes wait for `take_changes`, the last state of each client once."""

    def __init__(self) -> None:
        self._shown: dict[ClientId, _Shown] = {}
        self._changed: dict[ClientId, AwarenessEntry] = {}
        self._changed_here: set[ClientId] = set()

    def owner(self, client: ClientId) -> UserId | None:
        """Who shows this client id, from this node or another."""
        shown = self._shown.get(client)
        return None if shown is None else shown.user

    def receive(self, connection: Connection, update: bytes, now: int, owner_of: OwnerOf) -> int:
        """Take what a client says of its own ids and drop the rest; the number of entries dropped as somebody else's.

        Clients pass on what they heard of others, so entries of others are no offence. Raises DecodeError.
        """
        if len(update) > MAX_MESSAGE_BYTES:
            raise DecodeError("presence message is too large")
        dropped = 0
        may_be_large = len(update) > MAX_STATE_BYTES
        for entry in awareness.decode(update):
            if (may_be_large and _is_too_large(entry)) or not self._take(connection, entry, now, owner_of):
                dropped += 1
        return dropped

    def _take(self, connection: Connection, entry: AwarenessEntry, now: int, owner_of: OwnerOf) -> bool:
        """False when the entry is not this client's to speak for."""
        shown = self._shown.get(entry.client)
        if entry.state is None:
            return self._take_leave(connection, entry, shown)
        if not self._may_show(connection, entry.client, shown, owner_of):
            return False
        if shown is not None and shown.connection is connection and entry.clock <= shown.entry.clock:
            shown.seen_at = now
            return True
        if shown is not None and shown.connection is not None:
            shown.connection.clients.discard(entry.client)
        connection.clients.add(entry.client)
        stamped = AwarenessEntry(entry.client, entry.clock, {**entry.state, "user": dict(connection.grant.identity)})
        if shown is not None and shown.connection is connection and shown.entry.state != stamped.state:
            connection.at_work = True  # a renewal shows the same again; what comes with a new connection was there before
        self._show(_Shown(stamped, connection, now))
        return True

    def _take_leave(self, connection: Connection, entry: AwarenessEntry, shown: _Shown | None) -> bool:
        if shown is None or shown.connection is not connection:
            return False
        if entry.clock < shown.entry.clock:
            return True
        connection.clients.discard(entry.client)
        self._hide(AwarenessEntry(entry.client, entry.clock, None))
        return True

    def _may_show(self, connection: Connection, client: ClientId, shown: _Shown | None, owner_of: OwnerOf) -> bool:
        """A client id belongs to the user who wrote with it or showed it first; a user may take it along to a new connection."""
        if client not in connection.clients and len(connection.clients) >= MAX_CLIENTS:
            return False
        if owner_of(client) not in {None, connection.user}:
            return False
        return shown is None or shown.user in {None, connection.user}

    def leave(self, connection: Connection) -> None:
        """Take away everything a connection showed (equal clock and no state: the receivers' rule for a client that went)."""
        for client in connection.clients:
            shown = self._shown[client]
            self._hide(AwarenessEntry(client, shown.entry.clock, None))
        connection.clients.clear()

    def expire(self, now: int) -> None:
        """Take away what was not refreshed for `EXPIRY_MS`."""
        for client, shown in list(self._shown.items()):
            if now - shown.seen_at > EXPIRY_MS:
                if shown.connection is not None:
                    shown.connection.clients.discard(client)
                self._hide(AwarenessEntry(client, shown.entry.clock, None))

    def receive_remote(self, update: bytes, now: int) -> None:
        """Take what another node shows (already stamped there), except for ids shown here. Raises DecodeError."""
        for entry in awareness.decode(update):
            shown = self._shown.get(entry.client)
            if shown is not None and (shown.connection is not None or entry.clock < shown.entry.clock):
                continue
            if entry.state is None:
                self._shown.pop(entry.client, None)
            else:
                self._shown[entry.client] = _Shown(entry, None, now)
            self._changed[entry.client] = entry

    def take_changes(self) -> tuple[bytes, bytes]:
        """The awareness updates since the last call, for the clients here and for the other nodes; empty bytes for none."""
        if not self._changed:
            return b"", b""
        changes = awareness.encode(list(self._changed.values()))
        ours = [entry for client, entry in self._changed.items() if client in self._changed_here]
        for_others = changes if len(ours) == len(self._changed) else awareness.encode(ours) if ours else b""
        self._changed.clear()
        self._changed_here.clear()
        return changes, for_others

    @property
    def has_changes(self) -> bool:
        """True when `take_changes` has something."""
        return bool(self._changed)

    @property
    def is_empty(self) -> bool:
        """True when nobody shows."""
        return not self._shown

    def everyone(self) -> bytes:
        """Every entry as one awareness update; the empty update `00` when nobody shows."""
        return awareness.encode([shown.entry for shown in self._shown.values()])

    def here(self) -> bytes:
        """Every entry of this node's own clients, for a node that has just begun to listen."""
        return awareness.encode([shown.entry for shown in self._shown.values() if shown.connection is not None])

    def _show(self, shown: _Shown) -> None:
        client = shown.entry.client
        self._shown[client] = shown
        self._changed[client] = shown.entry
        self._changed_here.add(client)

    def _hide(self, entry: AwarenessEntry) -> None:
        self._shown.pop(entry.client, None)
        self._changed[entry.client] = entry
        self._changed_here.add(entry.client)


def _is_too_large(entry: AwarenessEntry) -> bool:
    return len(json.dumps(entry.state, ensure_ascii=False).encode()) > MAX_STATE_BYTES
