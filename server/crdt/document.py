"""A document's live CRDT state, and what can be done with update bytes alone. The only place that touches pycrdt.

pycrdt counts text in UTF-8 bytes and gives every number back as a float; both stay inside this module.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import pycrdt

from server.crdt.content import PLACEHOLDER, AttributeValue, Element, MarkValue, Run
from server.crdt.lib0 import DecodeError, Decoder, varuint
from server.crdt.pieces import SMALL_BYTES, split
from server.crdt.seed import ROOT, SEED_CLIENT, build
from server.ids import ClientId

__all__ = [
    "EMPTY_UPDATE",
    "SEED_CLIENT",
    "ActDocument",
    "PoisonedUpdate",
    "apply_to",
    "apply_whole",
    "build",
    "merge",
    "read_state_vector",
    "split",
    "without_held",
]

EMPTY_UPDATE = b"\x00\x00"
"""The update that says nothing."""

RESOLUTIONS = "resolutions"
UNKNOWN = "unknown"
"""The mark under which content of a kind we do not know is shown: its attribute `value` holds it as JSON."""

_SERVER_CLIENT = 2
_FOLD_UPDATES, _FOLD_BYTES = 128, 256 * 1024

T = TypeVar("T")


class PoisonedUpdate(ValueError):
    """The update could not be applied. After `damaged` the document must be dropped and loaded again."""

    def __init__(self, reason: str, *, damaged: bool) -> None:
        super().__init__(reason)
        self.damaged = damaged


class ActDocument:
    """One document in memory: updates in, content and differences out. Never the archive (P2): it drops what is pending.

    Belongs to the thread that made it (pycrdt). Its own client id never writes.
    """

    def __init__(self) -> None:
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=_SERVER_CLIENT)
        self._recent: list[bytes] = []
        self._recent_bytes = 0

    def load(self, state: bytes) -> None:
        """Take a checkpoint: a compact state, proved to have nothing pending, at full speed. Raises PoisonedUpdate."""
        apply_whole(self._doc, state)

    def apply(self, update: bytes) -> None:
        """Take an update. Raises PoisonedUpdate; parts whose dependencies are missing wait unseen (`has_pending`)."""
        apply_to(self._doc, update)
        self._recent.append(update)
        self._recent_bytes += len(update)
        if len(self._recent) >= _FOLD_UPDATES or self._recent_bytes >= _FOLD_BYTES:
            self._fold()

    def state_vector(self) -> bytes:
        """What the document holds: the next clock of each client."""
        return self._doc.get_state()

    def update_since(self, state_vector: bytes) -> bytes:
        """Everything a holder of `state_vector` lacks. Raises DecodeError for bytes that are no state vector."""
        read_state_vector(state_vector)
        return self._doc.get_update(state_vector)

    def state(self) -> bytes:
        """The whole document as one update; without what is pending."""
        return self._doc.get_update()

    def has_pending(self) -> bool:
        """True when something that was applied waits for updates that have not come."""
        self._fold()
        return bool(self._recent)

    def content(self) -> tuple[Element, ...]:
        """The units and tables in order. Names, marks and values we do not know are kept, never dropped (P10)."""
        return tuple(_read_node(child) for child in self._doc.get(ROOT, type=pycrdt.XmlFragment).children)

    def resolutions(self) -> dict[str, Any]:
        """The decisions on suggestions, by suggestion id; whole numbers as ints. Any: JSON written by drafters."""
        found = self._doc.get(RESOLUTIONS, type=pycrdt.Map).to_py()
        return {key: _whole(value) for key, value in (found or {}).items()}

    def _fold(self) -> None:
        """Forget the updates that are entirely in; keep them, merged, while something of them is pending."""
        if not self._recent:
            return
        merged = self._recent[0] if len(self._recent) == 1 else merge(self._recent)
        self._recent = [merged] if is_pending(merged, self._doc.get_state()) else []
        self._recent_bytes = 0


def apply_to(document: "pycrdt.Doc[Any]", update: bytes) -> None:
    """Apply an update to any document, a huge one in pieces. Raises PoisonedUpdate."""
    if len(update) <= SMALL_BYTES:
        _guarded(document.apply_update, update)
        return
    for piece in split(update):
        _guarded(document.apply_update, piece)


def apply_whole(document: "pycrdt.Doc[Any]", state: bytes) -> None:
    """Apply a compact state to any document. Raises PoisonedUpdate."""
    _guarded(document.apply_update, state)


def merge(updates: Sequence[bytes]) -> bytes:
    """Several updates as one, nothing lost, pending parts included. Raises PoisonedUpdate."""
    if not updates:
        return EMPTY_UPDATE
    return _guarded(pycrdt.merge_updates, *updates)


def without_held(update: bytes, state_vector: bytes) -> bytes:
    """What `update` has beyond `state_vector`; its deletes stay whole. Raises PoisonedUpdate."""
    return _guarded(pycrdt.get_update, update, state_vector)


def is_pending(update: bytes, state_vector: bytes) -> bool:
    """True when a document at `state_vector`, to which `update` was given, did not take all of it."""
    rest = Decoder(without_held(update, state_vector))
    if rest.varuint():
        return True
    held = read_state_vector(state_vector)
    return any(clock + length > held.get(client, 0) for client, clock, length in _deletes(rest))


def read_state_vector(data: bytes) -> dict[ClientId, int]:
    """The next clock of each client. Raises DecodeError."""
    decoder = Decoder(data)
    held = {ClientId(decoder.varuint()): decoder.varuint() for _ in range(decoder.varuint())}
    decoder.finish()
    return held


def write_state_vector(held: Mapping[ClientId, int]) -> bytes:
    """The bytes that `read_state_vector` reads."""
    return varuint(len(held)) + b"".join(varuint(client) + varuint(clock) for client, clock in held.items())


def state_vector_of(update: bytes) -> bytes:
    """The state vector of a document to which nothing but `update` was given; it begins each client at clock 0. Raises PoisonedUpdate."""
    return _guarded(pycrdt.get_state, update)


def _deletes(decoder: Decoder) -> Iterator[tuple[ClientId, int, int]]:
    for _ in range(decoder.varuint()):
        client = ClientId(decoder.varuint())
        for _ in range(decoder.varuint()):
            yield client, decoder.varuint(), decoder.varuint()


def _guarded(call: Callable[..., T], *arguments: bytes) -> T:
    """`call(*arguments)`; yrs panics with a BaseException on some malformed bytes, which must not end the server."""
    try:
        return call(*arguments)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except (ValueError, DecodeError) as error:
        raise PoisonedUpdate(str(error), damaged=False) from None
    except BaseException as error:  # noqa: BLE001 - pyo3's PanicException derives from BaseException
        raise PoisonedUpdate(f"{type(error).__name__}: {error}", damaged=True) from None


def _read_node(node: pycrdt.XmlElement | pycrdt.XmlFragment | pycrdt.XmlText) -> Element:
    if isinstance(node, pycrdt.XmlText):
        return Element("text", _attributes(node), tuple(_read_runs(node)))
    attributes: dict[str, AttributeValue] = {}
    name = "fragment"
    if isinstance(node, pycrdt.XmlElement):
        name = node.tag or UNKNOWN
        attributes = _attributes(node)
    runs: list[Run] = []
    children: list[Element] = []
    for child in node.children:
        if isinstance(child, pycrdt.XmlText) and not len(child.attributes):
            _join(runs, _read_runs(child))
        else:
            children.append(_read_node(child))
    return Element(name, attributes, tuple(runs), tuple(children))


def _attributes(node: pycrdt.XmlElement | pycrdt.XmlText) -> dict[str, AttributeValue]:
    """In the order of their names: pycrdt gives them in any order."""
    return {key: read_attribute(value) for key, value in sorted(node.attributes.__iter__())}


def _join(runs: list[Run], more: Iterator[Run]) -> None:
    """Append, melting neighbours under the same marks into one run."""
    for run in more:
        if runs and runs[-1].marks == run.marks:
            runs[-1] = Run(runs[-1].text + run.text, run.marks)
        else:
            runs.append(run)


def _read_runs(text: pycrdt.XmlText) -> Iterator[Run]:
    for piece, attributes in text.diff():
        marks = _marks(attributes or {})
        if isinstance(piece, str):
            yield Run(piece, marks)
        else:
            yield Run(PLACEHOLDER, {**marks, UNKNOWN: {"value": _json(piece)}})


def _marks(attributes: Mapping[str, Any]) -> dict[str, MarkValue]:
    """Marks by name, in the order of their names. A key may carry the suffix `--hash` of marks that overlap themselves."""
    marks: dict[str, MarkValue] = {}
    for key, value in sorted(attributes.items()):
        if value is None:
            continue
        name = key.partition("--")[0]
        marks[key if name in marks else name] = mark_value(value)
    return marks


def mark_value(value: Any) -> MarkValue:
    """A mark's attributes as we name them, of what pycrdt gives for it."""
    if not isinstance(value, Mapping):
        return {} if value is True else {"value": _json(value)}
    return {key: _scalar(entry) for key, entry in sorted(value.items()) if entry is not None}


def _scalar(value: Any) -> str | int:
    plain = _whole(value)
    return plain if isinstance(plain, str | int) and not isinstance(plain, bool) else _json(plain)


def read_attribute(value: Any) -> AttributeValue:
    """An element's attribute as a plain value, of what pycrdt gives for it."""
    plain = _whole(value)
    if isinstance(plain, list) and all(type(entry) is int for entry in plain):
        return tuple(plain)
    return _scalar(plain)


def _whole(value: Any) -> Any:
    """The value with whole floats as ints, at every depth."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(entry) for entry in value]
    if isinstance(value, Mapping):
        return {key: _whole(entry) for key, entry in value.items()}
    return value


def _json(value: Any) -> str:
    return json.dumps(_whole(value), ensure_ascii=False, sort_keys=True, default=repr)
