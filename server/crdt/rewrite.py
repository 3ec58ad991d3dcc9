"""The smallest edit that makes a document read as wanted: by block ids, whole units kept, words inside them changed. Pure.

What a restored revision is written with: an ordinary update, so that nothing is lost and everybody's copy merges it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import pycrdt

from server.crdt.content import AttributeValue, Element, MarkValue, Run
from server.crdt.document import apply_whole, mark_value, merge, read_attribute
from server.crdt.offsets import utf8_length
from server.crdt.seed import ROOT
from server.ids import ClientId

MAX_TOKENS = 4000
"""Longer stretches of changed words between two texts are replaced as a whole: finding what they share takes quadratic time."""

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_OPTIONAL = frozenset({"quoted", "scope", "colspan", "rowspan", "header"})
"""Attributes that go when they are not wanted; others that the frozen text does not know, such as widths, stay."""

_Node = Any  # pycrdt's XmlElement or XmlFragment; both have `children`


def rewrite(state: bytes, wanted: Sequence[Element], client: ClientId) -> bytes:
    """The update by `client` that turns the document with the compact `state` into `wanted`; the empty update when it reads so already.

    Raises PoisonedUpdate.
    """
    document: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
    apply_whole(document, state)
    changes: list[bytes] = []
    watching = document.observe(lambda event: changes.append(event.update))
    with document.transaction():
        _children(document.get(ROOT, type=pycrdt.XmlFragment), wanted)
    document.unobserve(watching)
    return merge(changes)


def _children(parent: _Node, wanted: Sequence[Element]) -> None:
    """Make the element children of a node as wanted: keep what is in order, take out the rest, put in what is missing."""
    places = {_key(element): place for place, element in enumerate(wanted)}
    nodes = list(parent.children)
    held = [places.get(_key_of(node)) if isinstance(node, pycrdt.XmlElement) else None for node in nodes]
    kept = _longest_rising(held)
    for index in range(len(held) - 1, -1, -1):
        if index not in kept:
            del parent.children[index]
    stay = {held[index]: nodes[index] for index in kept}
    for place, element in enumerate(wanted):
        if place in stay:
            _element(stay[place], element)
        else:
            parent.children.insert(place, pycrdt.XmlElement(element.name))
            _fill(parent.children[place], element)


def _element(node: pycrdt.XmlElement, wanted: Element) -> None:
    _set_attributes(node, wanted.attributes)
    if wanted.name in {"unit", "cell"}:
        _words(node, wanted.runs)
    else:
        _children(node, wanted.children)


def _fill(node: pycrdt.XmlElement, wanted: Element) -> None:
    for name, value in wanted.attributes.items():
        node.attributes[name] = _plain(value)
    if wanted.name in {"unit", "cell"}:
        node.children.append(pycrdt.XmlText())
    _element(node, wanted)


def _set_attributes(node: pycrdt.XmlElement, wanted: Mapping[str, AttributeValue]) -> None:
    held = {name: read_attribute(value) for name, value in node.attributes.__iter__()}
    for name, value in wanted.items():
        if held.get(name) != value:
            node.attributes[name] = _plain(value)
    for name in sorted(held.keys() & (_OPTIONAL - wanted.keys())):
        del node.attributes[name]


def _words(node: pycrdt.XmlElement, wanted: Sequence[Run]) -> None:
    """The texts of a unit as one with the wanted words; several texts come of a merge, and the first one takes all."""
    nodes = list(node.children)
    texts = [index for index, child in enumerate(nodes) if isinstance(child, pycrdt.XmlText)]
    for index in range(len(nodes) - 1, -1, -1):
        if index not in texts[:1]:
            del node.children[index]
    if not texts:
        node.children.append(pycrdt.XmlText())
    text: Any = nodes[texts[0]] if texts else node.children[0]
    held = "".join(piece if isinstance(piece, str) else "\ufffc" for piece, _ in text.diff())
    position, asked = 0, "".join(run.text for run in wanted)
    for operation, words in _edits(held, asked) if held != asked else ():
        size = utf8_length(words)
        if not size:
            continue
        if operation == "-":
            del text[position : position + size]
            continue
        if operation == "+":
            text.insert(position, words)
        position += size
    _marks(text, wanted)


def _marks(text: pycrdt.XmlText, wanted: Sequence[Run]) -> None:
    """Format what stands under other marks than wanted; the words are the same already."""
    held = [(utf8_length(piece) if isinstance(piece, str) else 1, attributes or {}) for piece, attributes in text.diff()]
    asked = [(utf8_length(run.text), run.marks) for run in wanted]
    for start, end, now, marks in _overlaps(held, asked):
        change: dict[str, Any] = {name: dict(value) for name, value in marks.items() if name not in now or mark_value(now[name]) != value}
        change |= dict.fromkeys(name for name, value in now.items() if value is not None and name not in marks)
        if change:
            text.format(start, end, change)


def _overlaps(
    held: Sequence[tuple[int, Mapping[str, Any]]], asked: Sequence[tuple[int, Mapping[str, MarkValue]]]
) -> Iterator[tuple[int, int, Mapping[str, Any], Mapping[str, MarkValue]]]:
    """Stretches, in bytes, under the same marks on both sides."""
    position = here = there = 0
    used_here = used_there = 0
    while here < len(held) and there < len(asked):
        step = min(held[here][0] - used_here, asked[there][0] - used_there)
        if step:
            yield position, position + step, held[here][1], asked[there][1]
        position, used_here, used_there = position + step, used_here + step, used_there + step
        if used_here == held[here][0]:
            here, used_here = here + 1, 0
        if used_there == asked[there][0]:
            there, used_there = there + 1, 0


def _edits(held: str, wanted: str) -> Iterator[tuple[str, str]]:
    """Whole words to keep, delete and insert, in order."""
    ours, theirs = _TOKEN.findall(held), _TOKEN.findall(wanted)
    low = _common(ours, theirs)
    high = _common(ours[low:][::-1], theirs[low:][::-1])
    yield "=", "".join(ours[:low])
    middle = ours[low : len(ours) - high], theirs[low : len(theirs) - high]
    if max(map(len, middle)) > MAX_TOKENS:
        yield "-", "".join(middle[0])
        yield "+", "".join(middle[1])
    else:
        for _, i, end_i, j, end_j in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
            if middle[0][i:end_i] == middle[1][j:end_j]:
                yield "=", "".join(middle[0][i:end_i])
                continue
            yield "-", "".join(middle[0][i:end_i])
            yield "+", "".join(middle[1][j:end_j])


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    place = 0
    while place < min(len(left), len(right)) and left[place] == right[place]:
        place += 1
    return place


def _longest_rising(places: Sequence[int | None]) -> frozenset[int]:
    """The indices of a longest run of rising places: what may stay where it is."""
    tails: list[int] = []  # the index that ends the best run of each length
    before: dict[int, int | None] = {}
    for index, place in enumerate(places):
        if place is None:
            continue
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            if (places[tails[middle]] or 0) < place:
                low = middle + 1
            else:
                high = middle
        before[index] = tails[low - 1] if low else None
        tails[low : low + 1] = [index]
    found: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        found.add(last)
        last = before[last]
    return frozenset(found)


def _key(element: Element) -> tuple[str, str]:
    return element.name, str(element.attributes.get("bid", ""))


def _key_of(node: pycrdt.XmlElement) -> tuple[str, str]:
    bid = node.attributes.get("bid")
    return node.tag or "", bid if isinstance(bid, str) else ""


def _plain(value: AttributeValue) -> Any:  # Any: what a Yjs attribute may hold
    return list(value) if isinstance(value, tuple) else value
