"""Joined letters are the same document: text, state vector and what a client that is behind gets."""

import random
from typing import Any

import pycrdt
import pytest

from server.crdt.content import Element, Run
from server.crdt.document import ActDocument, build, merge, read_state_vector
from server.crdt.typed import join_typed
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
