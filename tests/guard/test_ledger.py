import pytest

from server.crdt.update import describe
from server.guard.guard import Accepted
from server.guard.ledger import SERVER, Ledger
from server.ids import ClientId
from tests.crdt.hand import together
from tests.guard.acts import ACT, CELL_LETTER, LAST_LETTER, MINE, OLENA, TEXT, act, hand, send


def test_a_ledger_knows_what_its_document_holds() -> None:
    ledger = act(olena=5)
    assert ledger.state == {1: 31}
    assert ledger.owners == {5: OLENA, 1: SERVER}
    place = ledger.place_of(*LAST_LETTER)
    assert place is not None
    assert place.type is ledger.types[TEXT]
    assert ledger.place_of(1, 31) is None
    assert ledger.place_of(9, 0) is None


def test_typing_a_sentence_adds_nothing_to_it() -> None:
    ledger = act()
    first = hand()
    first.text("Ґ", origin=LAST_LETTER)
    send(ledger, first)
    for clock in range(1, 200):
        more = hand(clock)
        more.text("ї", origin=(MINE, clock - 1))
        assert isinstance(send(ledger, more), Accepted)
    track = ledger.tracks[MINE]
    assert (track.starts, len(track.places), track.end, ledger.state[MINE]) == ([0], 1, 200, 200)


def test_taking_the_same_update_twice_changes_nothing() -> None:
    ledger = act()
    typed = hand()
    unit = typed.element("unit", parent="default")
    typed.values("u9", parent=unit, key="bid")
    typed.values({"a": 1}, parent="resolutions", key="s1")
    update = describe(typed.update([(1, 0, 1)]))
    for _ in range(2):
        ledger.commit(update, OLENA)
        assert (ledger.blocks, ledger.state[MINE], ledger.decisions) == (4, 3, {MINE: [2]})


def test_an_update_that_leans_on_nothing_is_an_error_of_the_caller() -> None:
    typed = hand()
    typed.text("ї", origin=(55, 5))
    with pytest.raises(ValueError, match="not held"):
        act().commit(describe(typed.update()), OLENA)


def test_documents_below_the_schema_are_remembered_too() -> None:
    typed = hand()
    typed.text("ї", parent="text")
    array = typed.kind(0, None, parent="list")
    typed.values(1, parent=array)
    ledger = Ledger.load(typed.update(), {ClientId(MINE): OLENA})
    assert set(ledger.roots) == {"text", "list"}
    assert ledger.state == {MINE: 3}


def test_a_loaded_ledger_is_lenient_only_beside_what_was_collected() -> None:
    collected = hand(client=3)
    gone = collected.collected(2)
    ledger = Ledger.load(together([collected]), {})
    ledger.commit(describe(ACT), SERVER)
    typed = hand()
    typed.text("ї", origin=gone)
    typed.text("ї", parent=gone)
    assert isinstance(send(ledger, typed), Accepted)
    wrong = hand(2)
    wrong.text("ї", parent=(1, 0))
    assert not isinstance(send(ledger, wrong), Accepted)
    inside = hand(2)
    inside.text("ї", origin=CELL_LETTER)
    assert isinstance(send(ledger, inside), Accepted)
