"""The parts of a document's order: shared types, and the structs that stand in them."""

from collections.abc import Iterable, Iterator
from typing import Any

from server.crdt.offsets import utf16_length
from server.crdt.structs import DELETED, EMBED, STRING, Id, Item


class Node:
    """A shared type: its children in order from `start`, and the last value under each key. A root has no `piece`."""

    __slots__ = ("keyed", "piece", "root", "start")

    def __init__(self, root: str, piece: "Piece | None") -> None:
        self.root = root
        self.piece = piece
        self.start: Piece | None = None
        self.keyed: dict[str, Piece] = {}

    @property
    def is_gone(self) -> bool:
        """True when it, or something that holds it, is deleted."""
        node: Node | None = self
        while node is not None and node.piece is not None:
            if node.piece.deleted:
                return True
            node = node.piece.parent
        return False

    def pieces(self) -> Iterator["Piece"]:
        """The children in order, deleted ones too."""
        piece = self.start
        while piece is not None:
            yield piece
            piece = piece.right


class Piece:
    """A struct, or a part of one. `value` as `crdt.structs.Item`; `note` is free for whoever takes the updates in."""

    __slots__ = (
        "client",
        "clock",
        "content",
        "deleted",
        "key",
        "left",
        "length",
        "node",
        "note",
        "origin",
        "parent",
        "right",
        "right_origin",
        "value",
    )

    def __init__(self, item: Item, note: object) -> None:
        self.client: int = item.client
        self.clock: int = item.clock
        self.length: int = item.length
        self.content: int = item.content
        self.value: Any = item.value  # Any: as `Item.value`
        self.origin: Id | None = item.origin
        self.right_origin: Id | None = item.right
        self.key: str | None = item.key
        self.left: Piece | None = None
        self.right: Piece | None = None
        self.parent: Node | None = None
        self.node: Node | None = None
        self.deleted = item.content == DELETED
        self.note = note

    @property
    def text(self) -> str:
        """The words it holds; the placeholder character for an embedded value."""
        if self.content == STRING:
            return str(self.value)
        return "\ufffc" if self.content == EMBED else ""


def cut_text(text: str, units: int) -> tuple[str, str]:
    """Cut after so many UTF-16 units; a character cut in two becomes two U+FFFD, as in Yjs."""
    if text.isascii() or utf16_length(text) == len(text):
        return text[:units], text[units:]
    data = text.encode("utf-16-le")
    head, tail = data[: 2 * units].decode("utf-16-le", "surrogatepass"), data[2 * units :].decode("utf-16-le", "surrogatepass")
    return _whole(head), _whole(tail)


def _whole(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


def texts(pieces: Iterable[Piece]) -> str:
    """The words of pieces that are not deleted."""
    return "".join(piece.text for piece in pieces if not piece.deleted)
