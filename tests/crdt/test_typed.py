"""Joined letters are the same document: text, state vector and what a client that is behind gets."""

import random
from typing import Any

import pycrdt
import pytest

from server.crdt.content import Element, Run
from server.crdt.document import ActDocument, build, merge, read_state_vector
from server.crdt.lib0 import varuint
from server.crdt.typed import MAX_JOINED, Typed, join_typed
from server.crdt.update import describe

SEED = build((Element("unit", {"bid": "u1", "kind": "paragraph"}, (Run("Стаття перша"),)),))


class Typist:
    """A browser whose updates are kept; it hears of the others when told."""

    def __init__(self, client: int) -> None:
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
        self.doc.apply_update(SEED)
        self.sent: list[bytes] = []
        self._watching = self.doc.observe(lambda event: self.sent.append(event.update))

    @property
    def text(self) -> pycrdt.XmlText:
        found = self.doc.get("default", type=pycrdt.XmlFragment).children[0].children[0]
        assert isinstance(found, pycrdt.XmlText)
        return found

    def act(self, dice: random.Random) -> None:
        """Types a few letters at one place, rubs some out, or pastes."""
        text = self.text
        kind = dice.random()
        place = len("Стаття".encode())
        if kind < 0.7:
            at = len(text) if dice.random() < 0.5 else place
            for letter in dice.choices("абвї́😀 §", k=dice.randint(1, 6)):
                text.insert(at, letter)
                at += len(letter.encode())
        elif kind < 0.9:
            del text[0:2]
            text.insert(0, "Я")
        else:
            text.insert(place, "ціле речення. ")


def content(updates: list[bytes]) -> tuple[str, dict[Any, int]]:
    document = ActDocument()
    document.apply(SEED)
    for update in updates:
        document.apply(update)
    return str(document.content()), read_state_vector(document.state_vector())


@pytest.mark.parametrize("seed", range(30))
def test_a_batch_of_joined_letters_is_the_document_of_the_letters(seed: int) -> None:
    dice = random.Random(seed)
    typists = [Typist(3_000_000_000 + number) for number in range(4)]
    for typist in typists:
        for _ in range(6):
            typist.act(dice)
    batch = [update for typist in typists for update in typist.sent]
    joined = join_typed((update, describe(update)) for update in batch)
    assert content([merge(joined)]) == content(batch)
    assert len(joined) < len(batch)


def test_letters_typed_in_a_row_are_one_struct() -> None:
    typist = Typist(7)
    for letter in "закон":
        typist.text.insert(len(typist.text), letter)
    [joined] = join_typed((update, describe(update)) for update in typist.sent)
    [item] = describe(joined).items
    assert (item.value, item.clock, item.length) == ("закон", 0, 5)


def test_a_row_ends_where_another_place_begins() -> None:
    typist = Typist(7)
    typist.text.insert(len(typist.text), "а")
    typist.text.insert(0, "б")
    typist.text.insert(2, "в")
    joined = join_typed((update, describe(update)) for update in typist.sent)
    assert len(joined) == 3  # "б" stands behind nothing, "в" behind it and not behind "а"
    assert content(joined) == content(typist.sent)


# -- before anything is judged ------------------------------------------------------------------------------------------


def join_raw(updates: list[bytes]) -> list[bytes]:
    """What `Typed` makes of the updates of one client."""
    rows: list[Typed] = []
    for update in updates:
        if not rows or not rows[-1].add(update):
            rows.append(Typed(update))
    assert [update for row in rows for update in row.updates] == updates
    return [row.whole() for row in rows]


@pytest.mark.parametrize("seed", range(30))
def test_letters_joined_by_their_bytes_are_the_document_of_the_letters(seed: int) -> None:
    dice = random.Random(seed)
    typist = Typist(dice.choice([7, 200, 3_000_000_000, 2**32 - 1]))
    for _ in range(30):
        typist.act(dice)
    joined = join_raw(typist.sent)
    assert content(joined) == content(typist.sent)
    assert len(joined) < len(typist.sent)
    assert [describe(update).size for update in joined] == [len(update) for update in joined]


@pytest.mark.parametrize("at", ["end", "middle"])
def test_a_long_row_over_every_length_of_a_clock_is_one_update_and_has_an_end(at: str) -> None:
    typist = Typist(7)
    place = len(typist.text) if at == "end" else len("Стаття".encode())
    for _ in range(MAX_JOINED + 1):
        typist.text.insert(place, "я")
        place += len("я".encode())
    [first, second] = join_raw(typist.sent)
    assert len(describe(first).items) == 1
    assert describe(first).items[0].value == "я" * MAX_JOINED
    assert second == typist.sent[-1]
    assert [first] == join_typed((update, describe(update)) for update in typist.sent[:-1])


SECOND = 5
"""Where the letter behind the first one stands in the client's clocks."""


def letter(clock: int, text: bytes, *, client: int = 9, origin: int | None = None, right: tuple[int, int] | None = None) -> bytes:
    """By hand: one string behind `origin` of the same client."""
    behind = varuint(client) + varuint(clock - 1 if origin is None else origin)
    beside = b"" if right is None else varuint(right[0]) + varuint(right[1])
    return (
        b"\x01\x01"
        + varuint(client)
        + varuint(clock)
        + (b"\x84" if right is None else b"\xc4")
        + behind
        + beside
        + varuint(len(text))
        + text
        + b"\0"
    )


@pytest.mark.parametrize(
    "other",
    [
        letter(SECOND + 1, "б".encode()),
        letter(SECOND - 1, "б".encode()),
        letter(SECOND, "б".encode(), client=10),
        letter(SECOND, "б".encode(), origin=SECOND - 2),
        letter(SECOND, "б".encode(), right=(1, 1)),
        letter(SECOND, b""),
        letter(SECOND, "😀".encode()),
        letter(SECOND, b"\xd0"),
        letter(SECOND, b"\xed\xa0\x80"),
        letter(SECOND, "б".encode() * 100),
        letter(SECOND, "б".encode())[:-1],
        letter(SECOND, "б".encode())[:-1] + b"\x01\x09\x01\x00\x01",
        letter(SECOND, "б".encode()) + b"\x00",
        b"\x00\x00",
        b"",
    ],
)
def test_what_is_not_the_next_letter_does_not_join(other: bytes) -> None:
    typed = Typed(letter(SECOND - 1, "а".encode()))
    assert not typed.add(other)
    assert typed.add(letter(SECOND, "б".encode()))
    assert typed.whole() == letter(SECOND - 1, "аб".encode())


@pytest.mark.parametrize("first", [letter(SECOND - 1, "😀".encode()), letter(SECOND - 1, b"\xd0"), b"\x00\x00", b"", b"\xff" * 9])
def test_behind_something_else_nothing_joins(first: bytes) -> None:
    typed = Typed(first)
    assert not typed.add(letter(SECOND, "б".encode()))
    assert not typed.add(letter(SECOND + 1, "б".encode()))
    assert typed.whole() == first
