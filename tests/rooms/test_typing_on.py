"""Letters that wait for the disk are judged and sent as one; each is stored, and its author is told of each."""

import json

import pytest

from server.access.roles import Scope
from server.crdt.document import ActDocument, PoisonedUpdate
from server.crdt.messages import Stateless, SyncStatus, SyncStep1, Update
from server.crdt.typed import Typed
from server.guard.guard import Limits
from tests.rooms.world import DOCUMENT, START, Outgoing, Person, World, finish


def type_on(person: Person, letters: str, at: int) -> list[bytes]:
    """Type letter by letter behind `at` (in characters); the updates, each sent."""
    return [person.typed(letter, at + number) for number, letter in enumerate(letters)]


def statuses(person: Person) -> list[bool]:
    return [message.saved for message in person.listen() if isinstance(message, SyncStatus)]


def rules(person: Person) -> list[str]:
    return [rule for told in person.told() if (rule := json.loads(told).get("rule"))]


@pytest.mark.parametrize("stock", [False, True])
def test_letters_typed_while_a_batch_is_saved_are_sent_as_one_update_and_stored_as_they_came(stock: bool) -> None:
    world = World()
    olena, petro = world.enter("Олена", stock=stock), world.enter("Петро")
    olena.typed("Г", 2)
    world.turn()  # on its way to the disk
    stored = len(world.records())
    sent = type_on(olena, "ромада", 3)
    world.settle()
    assert [record.update for record in world.records()[stored + 1 :]] == sent
    assert len([message for message in petro.listen() if isinstance(message, Update)]) == 2
    assert petro.text == START[:2] + "Громада" + START[2:] == world.stored_text()
    if not stock:
        assert statuses(olena) == [True] * 7
        assert olena.unsynced == 0


def test_letters_of_two_people_in_turns_keep_their_authors() -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    olena.typed("а", 1)
    world.turn()
    stored = len(world.records())
    for number, letter in enumerate("бвгґ"):
        olena.typed(letter, 2 + number)
        petro.typed(letter.upper(), 3 + number)
    world.settle()
    assert [record.author for record in world.records()[stored + 1 :]] == [olena.user] * 4 + [petro.user] * 4
    for person in (olena, petro):
        assert statuses(person).count(True) == (5 if person is olena else 4)
    assert olena.text == petro.text == world.stored_text()
    assert "абвгґ" in olena.text
    assert "БВГҐ" in olena.text


def test_a_letter_after_one_that_was_taken_already_is_an_edit_of_its_own() -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    for number, letter in enumerate("указ"):
        olena.typed(letter, 1 + number)
        world.turn()
    world.settle()
    petro.listen()
    assert petro.text == START[:1] + "указ" + START[1:] == world.stored_text()
    assert statuses(olena) == [True] * 4


def test_what_is_not_typed_on_ends_the_edit_and_keeps_its_place() -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    olena.typed("0", 1)
    world.turn()
    type_on(olena, "абв", 2)
    olena.say(Update(olena.delete(2, 3)))
    type_on(olena, "ж😀ї", 4)
    world.settle()
    petro.listen()
    assert petro.text == olena.text == world.stored_text()
    assert statuses(olena) == [True] * 8


def test_where_the_letters_cannot_be_taken_together_each_is_judged_by_itself() -> None:
    world = World(limits=Limits(run_units=4))
    olena, petro = world.enter("Олена"), world.enter("Петро")
    olena.typed("0", 1)
    world.turn()
    type_on(olena, "громада", 2)
    world.settle()
    petro.listen()
    assert petro.text == START[:1] + "0громада" + START[1:] == world.stored_text()
    assert statuses(olena) == [True] * 8
    assert rules(olena) == []


def test_letters_that_wait_are_refused_one_by_one_when_the_right_is_taken_away() -> None:
    world = World()
    olena = world.enter("Олена")
    olena.typed("0", 1)
    world.turn()
    type_on(olena, "абв", 2)
    world.room.regrant(olena.connection, olena.grant(Scope.READ))
    world.settle()
    assert statuses(olena) == [True, False, False, False]
    assert rules(olena) == ["G1"] * 3
    assert world.stored_text() == START[:1] + "0" + START[1:]


def test_P3_the_letters_of_a_reviewer_are_not_even_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    olena, reviewer = world.enter("Олена"), world.enter("Рецензент", scope=Scope.SUGGEST)
    olena.typed("0", 1)
    world.turn()
    compared: list[bytes] = []

    def compare(_typed: Typed, update: bytes) -> bool:
        compared.append(update)
        return False

    monkeypatch.setattr(Typed, "add", compare)
    sent = [reviewer.write(letter, 1 + number) for number, letter in enumerate("абв")]
    for update in sent:
        reviewer.say(Update(update))
    world.settle()
    assert compared == []
    assert statuses(reviewer) == [False] * 3
    assert rules(reviewer) == ["G1"] * 3
    assert world.stored_text() == START[:1] + "0" + START[1:]


def test_who_has_nothing_put_off_gets_no_empty_write(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    written: list[int] = []
    send = Outgoing.send

    def note(self: Outgoing, frame: bytes, times: int = 1) -> None:
        written.append(times)
        send(self, frame, times)

    monkeypatch.setattr(Outgoing, "send", note)
    world.enter("Олена")  # asks, and answers our question
    assert written
    assert 0 not in written


def test_P10_a_letter_that_cannot_be_applied_is_quarantined_without_those_it_waited_with(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    olena.typed("0", 1)
    world.turn()
    sent = type_on(olena, "абї", 2)
    petro.typed("правда ")
    whole = ActDocument.apply

    def apply(self: ActDocument, update: bytes) -> None:
        if "ї".encode() in update:
            raise PoisonedUpdate("a panic of the library", damaged=True)
        whole(self, update)

    monkeypatch.setattr(ActDocument, "apply", apply)
    world.settle()
    kept = finish(world.journal.read_quarantine(DOCUMENT))
    assert [(entry.user, entry.update) for entry in kept] == [(olena.user, sent[-1])]
    assert world.stored_text() == "правда " + START[:1] + "0аб" + START[1:]
    assert statuses(olena) == [True] * 3 + [False]
    assert rules(olena) == ["poisoned"]


def test_an_edit_that_was_asked_for_anew_does_not_join_what_was_counted_before() -> None:
    world = World()
    olena = world.enter("Олена")
    olena.typed("0", 1)
    world.turn()
    olena.typed("а", 2)
    olena.say(SyncStep1(olena.doc.get_state()))
    olena.unsynced = 1
    olena.typed("б", 3)
    world.settle()
    olena.listen()
    world.settle()
    olena.listen()
    assert world.stored_text() == olena.text == START[:1] + "0аб" + START[1:]
    assert olena.unsynced == 0


def test_what_waits_is_bounded_for_letters_too() -> None:
    world = World(max_pending_bytes=200)
    olena = world.enter("Олена")
    olena.typed("0", 1)
    world.turn()
    type_on(olena, "дуже довге слово без кінця", 2)
    assert world.room.pending_bytes < 300
    world.settle()
    told = [message for message in olena.listen() if isinstance(message, Stateless)]
    assert any(json.loads(message.payload).get("rule") == "saving-stopped" for message in told)
    world.settle()
    olena.listen()
    world.settle()
    olena.listen()
    assert world.stored_text() == olena.text
    assert olena.unsynced == 0
