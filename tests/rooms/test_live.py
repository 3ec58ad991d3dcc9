"""A room's document: stored bytes answer newcomers, and say the same as the document that would be built from them."""

import pycrdt

from server.crdt.content import Element, Run
from server.crdt.document import ActDocument, build, read_state_vector
from server.crdt.update import describe
from server.ids import ActId, ClientId, DocumentId, Epoch, Seq, UserId
from server.journal.journal import Checkpoint, Fence, Head, Record
from server.rooms.live import NOTHING_HELD, Live, Opened

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
        live.note(describe(update), AUTHOR)
    assert live.owner(ClientId(7)) == AUTHOR
    assert live.ledger.owners[ClientId(7)] == AUTHOR
