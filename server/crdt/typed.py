"""Letters typed one after another, joined into one struct: what Yjs does with them anyway, before they are merged, applied and sent."""

import re
from collections.abc import Iterable

from server.crdt.lib0 import Decoder, varuint
from server.crdt.structs import STRING, Item
from server.crdt.update import VARINT, Description

MAX_JOINED = 1024
"""So many updates become one at the most."""

_BEHIND = re.compile(rb"\x01\x01" + VARINT + VARINT + rb"(?:\x84" + VARINT + VARINT + rb"|\xc4" + 4 * VARINT + rb")")
"""One client, one string behind something, up to the length of its text: with or without a right neighbour."""
_MAX_SHORT = 0x7F
"""The longest text in bytes whose length is one byte."""
_OUTSIDE_BMP = 0xF0
"""The least first byte of a letter that counts as two."""


class Typed:
    """Updates of one client as they came, each a letter right behind the one before; nothing of them is judged.

    Their bytes are compared with what the next ones must be, so that a server with much to do reads one update for all of them. A
    letter joins by Yjs's own rule (`Item.mergeWith`): the same client, the next clock, behind that letter, with the same right
    neighbour. Letters outside the BMP stay by themselves, so that nobody counts halves.
    """

    __slots__ = ("_begin", "_end", "_head", "_kind", "_next", "_right", "_texts", "updates")

    def __init__(self, update: bytes) -> None:
        self.updates = [update]
        self._texts: list[bytes] = []
        self._next: bytes | None = None  # how the next update has to begin, empty for none; None while nobody has asked
        self._end = 0  # the clock behind the last letter
        self._head = self._begin = self._kind = self._right = b""

    def add(self, update: bytes) -> bool:
        """Take an update that types on; False, and nothing happens, for any other."""
        if self._next is None:
            self._next = self._first()
        begin = len(self._next)
        if not begin or not update.startswith(self._next) or len(self.updates) >= MAX_JOINED:
            return False
        length = _length(update, begin)
        if not length:
            return False
        self.updates.append(update)
        self._texts.append(update[begin + 1 : -1])
        self._next = self._behind(length)
        return True

    def whole(self) -> bytes:
        """All of it as one update."""
        if len(self.updates) == 1:
            return self.updates[0]
        text = b"".join(self._texts)
        return self._head + varuint(len(text)) + text + b"\x00"

    def _first(self) -> bytes:
        update = self.updates[0]
        match = _BEHIND.match(update)
        length = 0 if match is None else _length(update, match.end())
        if match is None or not length:
            return b""
        self._head = match.group()
        client, clock = match.group(1, 2)
        self._begin = b"\x01\x01" + client
        self._kind = update[match.end(2) : match.end(2) + 1] + client
        self._right = b"".join(match.group(7, 8)) if match.group(7) else b""
        self._texts.append(update[match.end() + 1 : -1])
        self._end = Decoder(clock).varuint()
        return self._behind(length)

    def _behind(self, length: int) -> bytes:
        self._end += length
        return self._begin + varuint(self._end) + self._kind + varuint(self._end - 1) + self._right


def _length(update: bytes, at: int) -> int:
    """Of the one short text that stands at `at` and ends the update, in UTF-16 units; 0 where something else stands there."""
    text = update[at + 1 : -1]
    if not text or len(text) > _MAX_SHORT or update[at] != len(text) or update[-1]:
        return 0
    if text.isascii():
        return len(text)
    try:
        return 0 if max(text) >= _OUTSIDE_BMP else len(text.decode())
    except UnicodeDecodeError:
        return 0


class _Run:
    """Neighbouring letters of one client; `end` is the clock behind them."""

    __slots__ = ("end", "first", "right", "texts", "update")

    def __init__(self, update: bytes, item: Item) -> None:
        self.update = update
        self.first = item
        self.right = item.right
        self.end = item.clock + item.length
        self.texts = [item.value]

    def whole(self) -> bytes:
        """The run as one update: the first letter's with all letters in it."""
        if len(self.texts) == 1:
            return self.update
        own = self.texts[0].encode()
        head = self.update[: self.first.end - len(own) - len(varuint(len(own)))]
        text = "".join(self.texts).encode()
        return head + varuint(len(text)) + text + b"\x00"


def join_typed(updates: Iterable[tuple[bytes, Description]]) -> list[bytes]:
    """Fewer updates that bring the same. Their order is another one; whoever merges them does not mind.

    A letter joins the one before it by Yjs's own rule (`Item.mergeWith`): the same client, the next clock, behind that letter, with
    the same right neighbour. Letters outside the BMP stay by themselves, so that nobody counts halves.
    """
    joined: list[bytes] = []
    runs: dict[int, _Run] = {}
    for update, description in updates:
        item = _letter(description)
        if item is None:
            joined.append(update)
            continue
        client, clock = item.client, item.clock
        run = runs.get(client)
        if run is not None and run.end == clock and item.origin == (client, clock - 1) and item.right == run.right:
            run.texts.append(item.value)
            run.end = clock + item.length
            continue
        if run is not None:
            joined.append(run.whole())
        runs[client] = _Run(update, item)
    joined += [run.whole() for run in runs.values()]
    return joined


def _letter(description: Description) -> Item | None:
    """The one string of an update that brings nothing else and stands behind something."""
    if len(description.items) != 1 or description.deletes:
        return None
    item = description.items[0]
    return item if item.content == STRING and item.origin is not None and item.length == len(item.value) else None
