"""Our own reading of the order of structs ends where Yjs and yrs end."""

import random
from pathlib import Path
from typing import Any

import pycrdt
import pytest

from server.crdt.document import merge
from server.crdt.lib0 import Decoder
from server.crdt.node import Node, Piece, texts
from server.crdt.order import Structs
from server.crdt.replay import replay
from server.crdt.update import describe
from tests.crdt.hand import Hand

WORDS = ["Стаття ", "e\u0301", "😀", "ґудзик", "👩‍⚖️", "№ 5", "\u202bעברית\u202c", "x"]


def taken(updates: list[bytes]) -> Structs:
    structs = Structs()
    for update in updates:
        structs.take(describe(update), None)
    return structs


def keyed(node: Node) -> dict[str, Any]:
    return {key: values(piece)[-1] for key, piece in node.keyed.items() if not piece.deleted}


def values(piece: Piece) -> list[Any]:
    """The values of a piece of an array or map; a map or array within as a dict or list."""
    if piece.node is None:
        return list(piece.value)
    return [keyed(piece.node)] if piece.node.keyed else [listed(piece.node)]


def listed(node: Node) -> list[Any]:
    return [value for piece in node.pieces() if not piece.deleted for value in values(piece)]


def test_the_thousand_random_sessions_of_yjs_end_as_stated(shared: Path) -> None:
    decoder = Decoder((shared / "yjs" / "ycrdt-random-0001-1000.bin").read_bytes())
    for case in range(decoder.varuint()):
        updates = [decoder.var_bytes() for _ in range(decoder.varuint())]
        text, mapping, array = decoder.var_string(), decoder.any(), decoder.any()
        structs = taken(updates)
        found = (texts(structs.root("text").pieces()).replace("\ufffc", ""), keyed(structs.root("map")), listed(structs.root("array")))
        assert found == (text, mapping, array), f"case {case}"
    decoder.finish()


def session(chance: random.Random, clients: int, steps: int) -> list[bytes]:
    """Updates of people who type, delete, format and meet now and then, in an order in which each can be taken."""
    docs: list[pycrdt.Doc[Any]] = [pycrdt.Doc(client_id=10 + number) for number in range(clients)]
    updates: list[bytes] = []
    for _ in range(steps):
        doc = chance.choice(docs)
        if chance.random() < 0.3:
            doc.apply_update(merge(updates) if updates else b"\x00\x00")
            continue
        before, text = doc.get_state(), doc.get("text", type=pycrdt.Text)
        with doc.transaction():
            words = str(text)
            ends = [len(words[:at].encode()) for at in range(len(words) + 1)]
            start, end = sorted((chance.choice(ends), chance.choice(ends)))
            if words and chance.random() < 0.4:
                del text[start:end]
            elif words and chance.random() < 0.2:
                text.format(start, end, {"strong": {} if chance.random() < 0.5 else None})
            else:
                text.insert(start, chance.choice(WORDS))
        update = doc.get_update(before)
        if chance.random() < 0.2:
            update = doc.get_update()  # an answer after a reconnect: everything, deletes too
        updates.append(update)
    return updates


@pytest.mark.parametrize("seed", range(60))
def test_random_sessions_of_yrs_read_the_same_as_one_document_of_all(seed: int) -> None:
    updates = session(random.Random(seed), 4, 60)
    expected = str(replay(updates).get("text", type=pycrdt.Text))
    assert texts(taken(updates).root("text").pieces()) == expected


def test_what_waits_for_something_that_has_not_come_is_taken_when_it_comes() -> None:
    first, second = Hand(5), Hand(6)
    end = first.text("Україна", parent="text")
    second.text(" і мир", origin=end)
    structs = taken([second.update([(5, 0, 1)])])
    assert texts(structs.root("text").pieces()) == ""
    structs.take(describe(first.update()), None)
    assert texts(structs.root("text").pieces()) == "країна і мир"


def test_a_character_cut_in_two_becomes_two_marks_of_damage_as_in_yjs() -> None:
    first = Hand(5)
    first.text("a😀b", parent="text")
    structs = taken([first.update([(5, 0, 2)])])
    assert texts(structs.root("text").pieces()) == "\ufffdb"


def test_pieces_with_one_note_melt_into_one_and_can_be_cut_again() -> None:
    first = Hand(5)
    end = first.text("a", parent="text")
    structs = taken([first.update()])
    more = Hand(5, 1)
    more.text("ґ", origin=end)
    change = structs.take(describe(more.update()), None)
    structs.join(change.inserted[0])
    assert [piece.text for piece in structs.root("text").pieces()] == ["aґ"]
    other = Hand(9)
    other.text("X", origin=end, right=(5, 1))
    structs.take(describe(other.update()), None)
    assert [piece.text for piece in structs.root("text").pieces()] == ["a", "X", "ґ"]
