"""Content -> the first update of a document. Our own writer, so that equal content gives equal bytes on every machine."""

import json
from collections.abc import Iterable

from server.crdt.content import AttributeValue, Element, Run
from server.crdt.lib0 import AnyValue, Encoder
from server.crdt.offsets import utf16_length
from server.ids import ClientId

ROOT = "default"
"""The XmlFragment that holds a document's units and tables."""

SEED_CLIENT = ClientId(1)
"""The client id of content that the server itself put into a new document."""

_STRING, _FORMAT, _TYPE, _ANY = 4, 6, 7, 8
_XML_ELEMENT, _XML_TEXT = 3, 6
_ORIGIN, _KEYED = 0x80, 0x20
_TEXT_HOLDERS = frozenset({"unit", "cell"})


def build(elements: Iterable[Element], client: ClientId = SEED_CLIENT) -> bytes:
    """One Yjs update v1 by `client` that makes `elements` in an empty document; equal input gives equal bytes.

    A unit and a cell always get one XmlText, also when empty: two people who start typing there at once then share it.
    Raises UnicodeEncodeError on a lone surrogate.
    """
    seed = _Seed(client)
    seed.children(None, elements)
    return seed.update()


class _Seed:
    """The structs of one client, written in clock order; `clock` is the next one."""

    def __init__(self, client: ClientId) -> None:
        self.client = client
        self.clock = 0
        self.structs = 0
        self.body = Encoder()

    def update(self) -> bytes:
        if not self.structs:
            return b"\x00\x00"
        whole = Encoder()
        for value in (1, self.structs, self.client, 0):
            whole.varuint(value)
        return bytes(whole.data + self.body.data + b"\x00")

    def children(self, parent: int | None, elements: Iterable[Element]) -> None:
        """Elements in order under the type at clock `parent`, or under the root."""
        last: int | None = None
        for element in elements:
            last = self._element(parent, last, element)

    def _element(self, parent: int | None, left: int | None, element: Element) -> int:
        own = self._struct(_TYPE, parent, left)
        self.body.uint8(_XML_ELEMENT)
        self.body.var_string(element.name)
        for key, value in element.attributes.items():
            self._attribute(own, key, value)
        if element.runs or element.name in _TEXT_HOLDERS:
            text = self._struct(_TYPE, own, None)
            self.body.uint8(_XML_TEXT)
            self._runs(text, element.runs)
            self._rest(own, text, element)
        else:
            self.children(own, element.children)
        return own

    def _rest(self, own: int, text: int, element: Element) -> None:
        """Children after the text; no schema of ours has both, but nothing is dropped (P10)."""
        last = text
        for child in element.children:
            last = self._element(own, last, child)

    def _attribute(self, parent: int, key: str, value: AttributeValue) -> None:
        self._struct(_ANY, parent, None, key=key)
        self.body.varuint(1)
        self.body.any(_plain(value))

    def _runs(self, text: int, runs: Iterable[Run]) -> None:
        left: int | None = None
        active: dict[str, str] = {}
        for run in runs:
            if not run.text:
                continue
            wanted = {name: _json(dict(value)) for name, value in sorted(run.marks.items())}
            left = self._turn(text, left, active, wanted)
            left = self._string(text, left, run.text)
            active = wanted
        self._turn(text, left, active, {})

    def _turn(self, text: int, left: int | None, active: dict[str, str], wanted: dict[str, str]) -> int | None:
        """The format items between two runs: first the ends, then the beginnings."""
        ends = [(name, "null") for name in active if name not in wanted]
        begins = [(name, value) for name, value in wanted.items() if active.get(name) != value]
        for name, value in ends + begins:
            left = self._struct(_FORMAT, text, left)
            self.body.var_string(name)
            self.body.var_string(value)
        return left

    def _string(self, text: int, left: int | None, value: str) -> int:
        self._struct(_STRING, text, left, length=utf16_length(value))
        self.body.var_string(value)
        return self.clock - 1

    def _struct(self, content: int, parent: int | None, left: int | None, key: str | None = None, length: int = 1) -> int:
        """The head of an item: after `left`, or first in the type at clock `parent`. Returns its clock."""
        self.body.uint8(content | (_ORIGIN if left is not None else 0) | (_KEYED if key is not None else 0))
        if left is not None:
            self._id(left)
        elif parent is None:
            self.body.uint8(1)
            self.body.var_string(ROOT)
        else:
            self.body.uint8(0)
            self._id(parent)
        if key is not None:
            self.body.var_string(key)
        clock = self.clock
        self.clock += length
        self.structs += 1
        return clock

    def _id(self, clock: int) -> None:
        self.body.varuint(self.client)
        self.body.varuint(clock)


def _plain(value: AttributeValue) -> AnyValue:
    return list(value) if isinstance(value, tuple) else value


def _json(value: dict[str, str | int]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
