"""A room's document: stored bytes answer newcomers, and say the same as the document that would be built from them."""

import pycrdt

from server.crdt import ywebsocket
from server.crdt.content import Element, Run
from server.crdt.document import EMPTY_UPDATE, ActDocument, build, merge, read_state_vector
from server.crdt.messages import Message, SyncStep2, Update
from server.crdt.update import describe
from server.ids import ActId, ClientId, DocumentId, Epoch, Seq, UserId
from server.journal.journal import Checkpoint, Fence, Head, Record
from server.rooms.live import NOTHING_HELD, Live, Opened
from server.rooms.recent import Recent

AUTHOR = UserId("a" * 32)


def updates(words: str) -> list[bytes]:
    """A unit, then one update a letter, by another client."""
    made = [build((Element("unit", {"bid": "u1", "kind": "point"}, (Run("Стаття 🇺🇦 "),)),))]
    document: pycrdt.Doc[pycrdt.XmlFragment] = pycrdt.Doc(client_id=7)
    document.apply_update(made[0])
    unit = document.get("default", type=pycrdt.XmlFragment).children[0]
    assert isinstance(unit, pycrdt.XmlElement)
    text = unit.children[0]
    assert isinstance(text, pycrdt.XmlText)
    watching = document.observe(lambda event: made.append(event.update))
    for letter in words:
        text.insert(len(text), letter)
    document.unobserve(watching)
    return made


def opened(stored: list[bytes], tail: list[bytes]) -> Opened:
    state = ActDocument()
    for update in stored:
        state.apply(update)
    checkpoint = Checkpoint(Seq(len(stored)), state.state()) if stored else None
    records = tuple(Record(Seq(len(stored) + n), update, AUTHOR, 0, Epoch("e" * 16)) for n, update in enumerate(tail, 1))
    head = Head(
        DocumentId(ActId("1" * 32)), Fence(Epoch("e" * 16), False, 0), 1, Seq(len(stored) + len(tail)), checkpoint, {ClientId(7): AUTHOR}
    )
    return Opened(head, records)


def whole(parts: list[bytes]) -> ActDocument:
    document = ActDocument()
    for part in parts:
        document.apply(part)
    return document


def test_the_state_vector_is_read_from_stored_bytes_and_equals_the_documents() -> None:
    made = updates("перша — ґ")
    for cut in (0, 1, 5, len(made)):
        live = Live(opened(made[:cut], made[cut:]))
        assert read_state_vector(live.state_vector()) == read_state_vector(whole(made).state_vector())
        assert live._document is None, "nobody asked for more than bytes can say"


def test_the_state_vector_before_updates_is_that_of_the_document_without_them() -> None:
    made = updates("до — і після ґ")
    live = Live(opened([], made[:3]))
    for update in made[3:]:
        live.apply(update)
    assert read_state_vector(live.state_vector_without(map(describe, made[3:]))) == read_state_vector(whole(made[:3]).state_vector())
    new = Live(opened([], []))
    new.apply(made[0])
    assert new.state_vector_without([describe(made[0])]) == NOTHING_HELD


def test_a_long_log_is_built_rather_than_read() -> None:
    made = updates("довгий журнал " * 8)
    live = Live(opened([], made))
    assert read_state_vector(live.state_vector()) == read_state_vector(whole(made).state_vector())


def test_bytes_and_document_answer_a_newcomer_with_the_same_text() -> None:
    made = updates("той самий текст")
    live = Live(opened(made[:4], made[4:]))
    first = live.answer(NOTHING_HELD)
    assert live._document is None
    assert live.document.content() == whole(made).content()
    assert len(live.answer(b"\x00")) <= len(first)


def test_records_of_another_node_are_taken_before_and_after_the_document_is_built() -> None:
    made = updates("вузол")
    early, late = Live(opened(made[:2], [])), Live(opened(made[:2], []))
    records = opened(made[:2], made[2:]).records
    assert late.document.content()
    for live in (early, late):
        live.take_stored(records)
        assert live.document.content() == whole(made).content()
        assert live.owner(ClientId(7)) == AUTHOR
        assert live.ledger.state[ClientId(7)] == 5


def test_P5_an_update_that_is_noted_before_the_ledger_is_built_keeps_its_author() -> None:
    made = updates("чиї")
    live = Live(opened(made[:1], []))
    for update in made[1:]:
        live.apply(update)
        live.note(update, describe(update), AUTHOR)
    assert live.owner(ClientId(7)) == AUTHOR
    assert live.ledger.owners[ClientId(7)] == AUTHOR


def frames(live: Live, held: ActDocument) -> list[Message]:
    return [message for body in live.answer(held.state_vector()) for message in ywebsocket.decode_all(body)]


def test_S33_who_was_away_for_a_moment_gets_what_was_missed_update_by_update_and_then_the_answer() -> None:
    made = updates("чи є")
    away, live = whole(made[:2]), Live(opened(made[:1], made[1:3]))
    for update in made[3:]:
        live.apply(update)
        live.note(update, describe(update), AUTHOR)
    deleted = bytes([0, 1, 7, 1, 0, 1])  # a delete of client 7, clock 0
    live.apply(deleted)
    live.note(deleted, describe(deleted), AUTHOR)
    typed, deletion, answer = frames(live, away)
    assert typed == Update(merge(made[2:])), "what deletes nothing comes as one"
    assert deletion == Update(deleted)
    assert isinstance(answer, SyncStep2)
    for message in (typed, deletion):
        away.apply(message.update)
    assert away.content() == live.document.content()


def test_S33_who_holds_nothing_is_told_it_all_once() -> None:
    made = updates("чи є")
    live = Live(opened([], made[:-1]))
    live.apply(made[-1])
    live.note(made[-1], describe(made[-1]), AUTHOR)
    newcomer = ActDocument()
    [answer] = frames(live, newcomer)
    assert isinstance(answer, SyncStep2)
    newcomer.apply(answer.update)
    assert newcomer.content() == live.document.content()


def test_S33_who_missed_more_than_is_remembered_gets_one_difference_and_who_missed_nothing_an_empty_one() -> None:
    made = updates("довгий")
    live = Live(opened(made[:4], made[4:]))
    assert [type(message) for message in frames(live, whole(made[:2]))] == [SyncStep2]
    assert frames(live, whole(made)) == [SyncStep2(EMPTY_UPDATE)]


def test_S33_what_is_remembered_has_a_bound() -> None:
    recent = Recent()
    made = updates("а" * 600)
    for update in made[1:]:
        recent.note(update, describe(update))
    here = read_state_vector(whole(made).state_vector())
    assert recent.missed(here | {ClientId(7): 90}, here) == []
    assert len(recent.missed(here | {ClientId(7): 100}, here)) == 1


def test_S33_what_is_older_than_all_that_was_missed_is_not_read_for_it() -> None:
    first, *letters = updates("їжак")
    recent = Recent([first, b"\x00\x01\x07\x01\x00\x01", *letters])
    held, here = ({ClientId(7): clock, found.client: found.end} for clock in (2, 4) for found in describe(first).ranges)
    assert recent.missed(held, here) == [b"\x00\x01\x07\x01\x00\x01", merge(letters[2:])]
    assert recent.missed(held, here) == Recent([b"\x00\x01\x07\x01\x00\x01", *letters[2:]]).missed(held, here)
