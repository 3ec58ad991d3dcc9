"""A room shows nothing before it is on disk, and one client's trouble stays that client's. Rules: docs/spec/sync.md."""

import json

import pytest
from structlog.testing import capture_logs

from server.access.roles import Scope
from server.crdt import awareness
from server.crdt.document import EMPTY_UPDATE, ActDocument, PoisonedUpdate, read_state_vector
from server.crdt.messages import Awareness, PermissionDenied, Stateless, SyncStatus, SyncStep1, SyncStep2, Update
from server.guard.guard import Limits
from server.ids import ClientId
from server.journal.journal import Record
from server.rooms.reading import read_opened
from server.rooms.room import Room
from tests.rooms.world import DOCUMENT, START, Person, World, finish


def document_messages(person: Person) -> list[object]:
    return [message for message in person.listen() if isinstance(message, SyncStep1 | SyncStep2 | Update | SyncStatus)]


def test_S1_nobody_sees_or_is_told_anything_before_the_commit() -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    olena.typed("Україна 🇺🇦 ")
    world.turn()
    late = world.join("Ганна")
    late.say(SyncStep1(late.doc.get_state()))
    world.turn()
    assert [document_messages(person) for person in (olena, petro, late)] == [[], [], []]
    assert world.published == []

    world.commit()
    world.turn()
    assert document_messages(olena) == [SyncStatus(saved=True)]
    assert [type(message) for message in document_messages(petro)] == [Update]
    late.listen()
    assert petro.text == late.text == "Україна 🇺🇦 " + START
    assert len(world.published) == 1


def test_S1_a_failing_disk_shows_nothing_tells_everyone_and_recovers() -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    world.journal.failing = True
    olena.typed("ще не збережено ")
    world.turn()
    world.commit()
    assert document_messages(petro) == []
    assert document_messages(olena) == []
    assert petro.told()[-1] == '{"type":"saving","state":"stopped"}'
    world.journal.failing = False
    world.wait(0.3)
    world.settle()
    olena.listen()
    petro.listen()
    assert petro.text.startswith("ще не збережено ")
    assert petro.told()[-1] == '{"type":"saving","state":"ok"}'
    assert olena.unsynced == 0
    assert world.stored_text() == petro.text


def test_S1_while_saving_is_stopped_a_newcomer_reads_what_is_on_disk_and_only_that() -> None:
    world = World()
    olena = world.enter("Олена")
    world.journal.failing = True
    olena.typed("не на диску ")
    world.turn()
    world.commit()
    world.journal.failing = False  # what was stored can be read, writing is tried again later
    world.reopen()
    late = world.enter_reading("Ганна")
    assert late.text == START
    assert '{"type":"saving","state":"stopped"}' in late.told()
    world.wait(0.3)
    world.settle()
    late.listen()
    assert late.text == "не на диску " + START == world.stored_text()


def test_a_batch_is_merged_into_one_frame_and_every_update_is_stored_by_itself() -> None:
    world = World()
    people = [world.enter(name) for name in ("Олена", "Петро", "Ганна")]
    for count, person in enumerate(people):
        person.typed(f"слово{count} ")
    reader = world.enter("Читач", scope=Scope.READ)
    before = len(world.records())
    for person in people:
        person.typed("ж")
    world.settle()
    assert [type(message) for message in document_messages(reader)] == [Update]
    assert [record.author for record in world.records()[before:]] == [person.user for person in people]
    for person in people:
        person.listen()
    assert len({person.text for person in [*people, reader]}) == 1


def test_the_only_author_gets_an_acknowledgement_and_a_y_websocket_author_its_echo() -> None:
    world = World()
    ours, stock = world.enter("Олена"), world.enter("Петро", stock=True)
    ours.typed("а")
    world.settle()
    assert document_messages(ours) == [SyncStatus(saved=True)]
    stock.listen()
    update = stock.typed("б")
    world.settle()
    assert document_messages(stock) == [Update(update)]


@pytest.mark.parametrize("scope", [Scope.READ, Scope.SUGGEST])
@pytest.mark.parametrize("stock", [False, True])
@pytest.mark.parametrize("as_answer", [False, True])
def test_P3_document_bytes_of_readers_and_reviewers_never_reach_the_text(scope: Scope, stock: bool, as_answer: bool) -> None:
    world = World()
    reviewer = world.enter("Рецензент", scope=scope, stock=stock)
    stored = len(world.records())
    update = reviewer.write("чуже ")
    reviewer.say(SyncStep2(update) if as_answer else Update(update))
    world.settle()
    assert len(world.records()) == stored
    heard = reviewer.listen()
    if stock:
        assert heard == [PermissionDenied("G1")]
        assert reviewer.transport.closed is None
    else:
        assert heard[0] == SyncStatus(saved=False)
        assert isinstance(heard[1], Stateless)
        assert json.loads(heard[1].payload)["rule"] == "G1"


def test_P3_bytes_of_a_reviewer_are_not_even_parsed() -> None:
    world = World()
    reviewer = world.enter("Рецензент", scope=Scope.SUGGEST)
    reviewer.say(Update(b"\xff" * 100))
    world.settle()
    reviewer.listen()
    assert json.loads(reviewer.told()[-1])["rule"] == "G1"


@pytest.mark.parametrize(("deletes", "saved"), [("none", True), ("known", True), ("own", False)])
def test_a_readers_answer_counts_as_saved_only_when_it_brings_nothing(deletes: str, saved: bool) -> None:
    world = World()
    olena, reader = world.enter("Олена"), world.enter("Читач", scope=Scope.READ)
    olena.say(Update(olena.delete(0, 6)))
    world.settle()
    reader.listen()
    known = reader.doc.get_update(reader.doc.get_state())
    update = {"none": b"\x00\x00", "known": known, "own": reader.delete(0, 3)}[deletes]
    reader.say(SyncStep2(update))
    world.settle()
    assert reader.listen()[0] == SyncStatus(saved=saved)
    assert world.stored_text() == olena.text


def test_a_client_that_comes_back_with_only_known_deletes_adds_nothing_to_the_journal() -> None:
    world = World()
    olena = world.enter("Олена")
    olena.say(Update(olena.delete(0, 6)))
    world.settle()
    stored = len(world.records())
    for _ in range(3):
        olena.connect(world.room)
        olena.say(SyncStep1(olena.doc.get_state()))
        world.settle()
        olena.listen()
        world.settle()
        olena.listen()
        assert olena.unsynced == 0
    assert len(world.records()) == stored


def test_an_update_that_builds_on_something_missing_is_asked_for_again_and_counted_once() -> None:
    world = World()
    olena = world.enter("Олена")
    olena.write("загублене ")  # never sent
    olena.typed("і дописане ")
    olena.typed("ще ")
    world.settle()
    heard = olena.listen()
    assert [type(message) for message in heard] == [SyncStep1]
    world.settle()
    olena.listen()
    assert olena.unsynced == 0
    assert world.stored_text() == olena.text == "ще і дописане загублене " + START


def test_a_client_that_never_sends_what_is_missing_is_refused_after_three_questions() -> None:
    world = World()
    olena = world.enter("Олена")
    olena.write("загублене ")
    gap = olena.write("далі ")
    questions = 0
    for _ in range(6):
        olena.say(SyncStep2(gap))
        world.settle()
        messages = olena.transport.take()
        questions += sum(1 for frame in messages if b"\x00\x00" in frame[-60:] and isinstance(olena._read(frame), SyncStep1))
        last = olena._read(messages[-1])
    assert questions == 3
    assert isinstance(last, Stateless)
    assert json.loads(last.payload)["rule"] == "missing"


def test_P10_a_poisoned_update_is_quarantined_alone_and_the_room_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    olena, villain = world.enter("Олена"), world.enter("Лихий")
    poison = villain.write("отрута")
    whole = ActDocument.apply

    def apply(self: ActDocument, update: bytes) -> None:
        if "отрута".encode() in update:
            raise PoisonedUpdate("a panic of the library", damaged=True)
        whole(self, update)

    monkeypatch.setattr(ActDocument, "apply", apply)
    olena.typed("добре ")
    villain.say(Update(poison))
    olena.typed("і далі ")
    world.settle()
    olena.listen()
    assert olena.unsynced == 0
    assert world.stored_text() == "і далі добре " + START
    kept = finish(world.journal.read_quarantine(DOCUMENT))
    assert [(entry.user, entry.rule, entry.update) for entry in kept] == [(villain.user, "poisoned", poison)]
    villain.listen()
    assert json.loads(villain.told()[-1])["rule"] == "poisoned"
    for _ in range(2):
        villain.say(Update(poison))
        world.settle()
    assert villain.connection.closed
    assert not olena.connection.closed


def test_too_much_unsaved_is_put_off_and_comes_when_saving_works_again() -> None:
    world = World(max_pending_bytes=600)
    olena = world.enter("Олена")
    world.journal.failing = True
    for count in range(20):
        olena.typed(f"речення номер {count} ")
        world.turn()
        if count == 0:
            world.commit()
    olena.listen()
    assert any(json.loads(told).get("rule") == "saving-stopped" for told in olena.told())
    assert world.room._inbox.size_bytes <= 600
    world.journal.failing = False
    world.wait(0.5)
    for _ in range(5):
        world.settle()
        olena.listen()
    assert olena.unsynced == 0
    assert world.stored_text() == olena.text


def test_P8_a_slow_client_gets_one_difference_instead_of_a_growing_queue() -> None:
    world = World()
    olena, slow = world.enter("Олена"), world.enter("Повільний")
    slow.transport.blocked = True
    for count in range(300):
        olena.typed(f"Пункт {count}. ")
        world.settle()
        olena.listen()
    assert slow.transport.buffered_bytes < 2 * 4096
    assert slow.transport.closed is None
    slow.transport.unblock()
    world.room.drained(slow.connection)
    slow.listen()
    assert slow.text == olena.text
    olena.typed("далі ")
    world.settle()
    slow.listen()
    olena.listen()
    assert slow.text == olena.text


def test_P8_a_slow_client_misses_nothing_of_a_batch_that_was_in_flight_when_it_fell_behind() -> None:
    world = World()
    olena, slow = world.enter("Олена"), world.enter("Повільний")
    slow.transport.blocked = True
    while slow.connection.behind is None:
        olena.typed("довгий рядок тексту " * 5)
        world.settle()
    olena.typed("у польоті ")
    world.turn()
    slow.transport.unblock()
    world.room.drained(slow.connection)
    slow.listen()
    assert "у польоті" not in slow.text
    world.settle()
    slow.listen()
    assert slow.text == olena.text


def test_P8_who_falls_behind_while_a_batch_is_in_flight_is_given_that_batch_afterwards() -> None:
    world = World()
    olena, slow = world.enter("Олена"), world.enter("Повільний")
    olena.typed("перше ")
    world.settle()
    slow.listen()
    slow.connection.max_outbox_bytes = -1
    olena.typed("у польоті ")
    world.turn()
    world.room.tell(lambda _body: {"type": "comments", "state": "changed"})
    held = slow.connection.behind
    assert held is not None
    assert read_state_vector(held) == read_state_vector(slow.doc.get_state())
    slow.connection.max_outbox_bytes = 1_000_000
    world.settle()
    slow.listen()
    assert slow.text == olena.text


def test_each_batch_is_one_line_of_the_log_without_its_text() -> None:
    world = World()
    olena = world.enter("Олена")
    with capture_logs() as lines:
        olena.typed("таємне ")
        world.settle()
    (line,) = [line for line in lines if line["event"] == "batch"]
    assert (line["log_level"], line["document"], line["updates"]) == ("debug", DOCUMENT, 1)
    assert line["seq"] == world.room.seq
    assert line["bytes"] > len("таємне ".encode())
    assert "таємне" not in str(lines)


def test_S8a_a_sealed_document_takes_nothing_and_a_batch_in_flight_is_refused() -> None:
    world = World()
    olena = world.enter("Олена")
    olena.typed("запізно ")
    world.turn()
    finish(world.journal.move_fence(DOCUMENT, sealed=True))
    world.settle()
    heard = olena.listen()
    assert heard[0] == SyncStatus(saved=False)
    assert json.loads(olena.told()[-1])["rule"] == "sealed"
    assert world.stored_text() == START


def test_S8a_an_edit_judged_under_old_rights_is_judged_again_when_they_have_changed() -> None:
    world = World()
    olena = world.enter("Олена")
    olena.typed("ще з правом ")
    world.turn()
    finish(world.journal.move_fence(DOCUMENT, roles_changed=True))
    world.room.regrant(olena.connection, olena.grant(Scope.READ))
    world.settle()
    olena.listen()
    assert json.loads(olena.told()[-1])["rule"] == "G1"
    assert world.stored_text() == START


def test_S8a_unchanged_rights_survive_a_moved_fence() -> None:
    world = World()
    olena = world.enter("Олена")
    olena.typed("право лишилося ")
    world.turn()
    finish(world.journal.move_fence(DOCUMENT, roles_changed=True))
    world.settle()
    olena.listen()
    assert olena.unsynced == 0
    assert world.stored_text() == "право лишилося " + START


def test_P5_presence_carries_the_identity_the_server_knows() -> None:
    world = World()
    villain, olena = world.enter("Лихий"), world.enter("Олена")
    state = {"user": {"id": olena.user, "name": "Міністр", "body": "kmu"}, "cursor": {"позиція": 1}}
    villain.say(Awareness(presence(villain.client, 1, state)))
    world.settle()
    shown = [entry for message in olena.listen() if isinstance(message, Awareness) for entry in decoded(message)]
    assert [entry.state["user"]["name"] for entry in shown if entry.state] == ["Пані Лихий"]
    assert shown[0].state is not None
    assert shown[0].state["cursor"] == {"позиція": 1}
    assert shown[0].state["user"]["short"] == "МВС"


def test_P5_nobody_shows_writes_or_hides_under_a_colleagues_client_id() -> None:
    world = World()
    olena, villain = world.enter("Олена"), world.enter("Лихий")
    olena.say(Awareness(presence(olena.client, 5, {"cursor": 1})))
    world.settle()
    villain.listen()
    villain.say(Awareness(presence(olena.client, 9, {"cursor": 2})))
    villain.say(Awareness(presence(olena.client, 9, None)))
    world.settle()
    assert [message for message in olena.listen() if isinstance(message, Awareness)][1:] == []
    stolen = Person("Лихий", scope=Scope.WRITE, stock=False, client=olena.client)
    stolen.doc.apply_update(villain.doc.get_update())
    villain.say(Update(stolen.write("чужою рукою ")))
    world.settle()
    villain.listen()
    assert json.loads(villain.told()[-1])["rule"] == "G10"
    assert world.stored_text() == START


def test_S15_G10_a_client_id_shown_on_another_node_can_neither_be_shown_nor_written_with_by_somebody_else() -> None:
    world, other = World(), World()
    olena, mallory = other.enter("Олена"), world.enter("Мирон")
    olena.say(Awareness(presence(olena.client, 1, {})))
    other.settle()
    for message in other.published:
        world.room.hear(message)
    mallory.doc = olena.doc
    mallory.say(Awareness(presence(olena.client, 9, {"cursor": None})))
    world.settle()
    assert [entry.state["user"]["id"] for entry in decoded(mallory.listen()[-1]) if entry.state] == [olena.user]
    mallory.typed("під чужим номером ")
    world.settle()
    mallory.listen()
    assert json.loads(mallory.told()[-1])["rule"] == "G10"
    assert world.stored_text() == START


def test_presence_goes_when_its_connection_goes_and_when_it_is_not_refreshed() -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    olena.say(Awareness(presence(olena.client, 1, {})))
    petro.say(Awareness(presence(petro.client, 1, {})))
    world.settle()
    petro.listen()
    world.room.leave(olena.connection)
    world.settle()
    assert [(entry.client, entry.state) for entry in decoded(petro.listen()[-1])] == [(olena.client, None)]
    world.now += 31_000
    world.room.tend(world.now)
    world.settle()
    assert [(entry.client, entry.state) for entry in decoded(petro.listen()[-1])] == [(petro.client, None)]


def test_P9_when_history_was_replaced_clients_are_put_out_and_their_edits_not_merged() -> None:
    world = World()
    olena, stock = world.enter("Олена"), world.enter("Петро", stock=True)
    olena.typed("стара історія ")
    world.turn()
    replaced = World()
    world.journal = replaced.journal
    world.settle()
    assert PermissionDenied("epoch-mismatch") in olena.listen()
    assert stock.transport.closed == (4410, "epoch-mismatch")
    assert world.stored_text() == START


def test_P9_a_client_that_holds_more_of_a_colleague_than_the_journal_is_put_out() -> None:
    world, other = World(), World()
    olena = other.enter("Олена")
    olena.typed("спільний початок ")
    other.settle()
    for record in other.records()[1:]:
        world.enter("Олена").say(Update(record.update))  # the same person, the same history
    world.settle()
    olena.typed("з іншої історії ")
    other.settle()
    petro = other.enter("Петро")
    petro.connect(world.room)
    petro.say(SyncStep1(petro.doc.get_state()))
    world.settle()
    assert PermissionDenied("epoch-mismatch") in petro.listen()


def test_S7_a_lone_delete_counts_when_the_provider_has_emptied_its_queue_before() -> None:
    for has_flushed in (True, False):
        world = World()
        olena = world.join("Олена")
        olena.doc.apply_update(world.records()[0].update)
        olena.say(SyncStep1(olena.doc.get_state()))
        olena.connection.has_flushed = has_flushed
        deleted = olena.delete(0, 7)
        olena.unsynced += has_flushed
        olena.say(Update(deleted))
        for _ in range(2):
            world.settle()
            olena.listen()
        assert olena.unsynced == 0
        assert world.stored_text() == START[7:]


def test_P8_the_first_write_into_a_large_document_is_judged_when_its_ledger_was_built_aside() -> None:
    world, other = World(in_place_bytes=0), World()
    other.journal = world.journal
    other.room = Room(finish(read_opened(other.journal, DOCUMENT)), other.ports())
    olena, ganna = world.enter("Олена"), other.enter("Ганна")
    world.room.reload()
    world.settle()
    olena.typed("слово ")
    world.turn()
    assert (len(world.workings), world.submissions) == (1, [])
    ganna.typed("через інший вузол ")
    other.settle()
    world.room.reconcile()
    world.read()
    olena.typed("друге ")
    world.turn()
    assert (len(world.workings), world.submissions) == (1, [])
    world.settle()
    olena.listen()
    assert sorted(world.stored_text().replace(START, "").split()) == sorted(["слово", "друге", "через", "інший", "вузол"])
    assert olena.text == world.stored_text()
    assert olena.unsynced == 0


def test_P8_nothing_is_built_for_a_document_in_which_nobody_writes() -> None:
    world = World(in_place_bytes=0)
    olena, ihor = world.enter("Олена"), world.enter("Ігор", scope=Scope.READ)
    world.room.reload()
    world.settle()
    for person in (olena, ihor):
        person.say(SyncStep2(EMPTY_UPDATE))
    world.turn()
    assert (world.workings, world.submissions) == ([], [])
    assert [person.unsynced for person in (olena, ihor)] == [0, 0]
    olena.typed("слово ")
    world.turn()
    assert len(world.workings) == 1, "the first letter needs it"
    world.settle()
    assert world.stored_text() == "слово " + START


def test_what_was_built_aside_for_a_document_that_was_loaded_again_is_not_used() -> None:
    world = World(in_place_bytes=0)
    olena = world.enter("Олена")
    world.room.reload()
    world.settle()
    olena.typed("слово ")
    world.turn()
    world.room.reload()
    world.reopen()
    world.work()
    world.settle()
    olena.listen()
    assert world.stored_text() == "слово " + START
    assert olena.unsynced == 0


def replaced_world() -> tuple[World, list[Record]]:
    """A document that was put back to its first update; and everything that had happened to it before."""
    old = World()
    olena = old.enter("Олена")
    olena.typed("написане до відновлення ")
    old.settle()
    everything = old.records()
    finish(old.journal.replace_history(DOCUMENT, everything[:1]))
    world = World()
    world.journal = old.journal
    world.room = Room(finish(read_opened(world.journal, DOCUMENT)), world.ports())
    return world, everything


def test_S24_after_a_restore_a_stock_client_with_the_old_history_must_reload_and_nothing_of_it_is_taken() -> None:
    for stock in (True, False):
        world, everything = replaced_world()
        olena = world.join("Олена", stock=stock)
        for record in everything:
            olena.doc.apply_update(record.update)
        olena.say(SyncStep1(olena.doc.get_state()))
        olena.typed("і далі ")
        olena.say(Update(everything[1].update))  # its own words of the old history, which lean on nothing that is missing
        world.settle()
        assert PermissionDenied("epoch-mismatch") in olena.listen()
        assert stock is False or olena.transport.closed == (4410, "epoch-mismatch")
        assert world.stored_text() == START


def test_S24_after_a_restore_clients_of_the_new_history_come_and_go_with_unsent_words() -> None:
    world, _ = replaced_world()
    petro = world.enter("Петро", stock=True)
    petro.typed("нове ")
    world.settle()
    petro.write("без мережі ")
    petro.connect(world.room)
    petro.say(SyncStep1(petro.doc.get_state()))
    world.settle()
    petro.listen()
    world.settle()
    assert world.stored_text() == "без мережі нове " + START


def test_S24_a_client_that_is_ahead_of_this_node_only_is_heard_after_the_journal_was_read() -> None:
    world, _ = replaced_world()
    petro = world.enter("Петро")
    other = World()
    other.journal = world.journal
    other.room = Room(finish(read_opened(world.journal, DOCUMENT)), other.ports())
    petro.typed("через інший вузол ")
    ganna = other.join("Ганна")
    ganna.say(SyncStep1(ganna.doc.get_state()))
    other.settle()
    ganna.listen()
    world.settle()
    ganna.doc.apply_update(world.records()[-1].update)
    ganna.connect(other.room)
    ganna.say(SyncStep1(ganna.doc.get_state()))
    ganna.typed("слово ")
    other.settle()
    ganna.listen()
    other.settle()
    ganna.listen()
    assert other.stored_text() == "слово через інший вузол " + START
    assert ganna.unsynced == 0


def test_a_huge_update_is_refused_by_its_size_alone() -> None:
    world = World(limits=Limits(update_bytes=1000))
    olena = world.enter("Олена")
    olena.typed("я" * 1000)
    world.settle()
    olena.listen()
    assert json.loads(olena.told()[-1])["rule"] == "G3"


def presence(client: int, clock: int, state: dict[str, object] | None) -> bytes:
    return awareness.encode([awareness.AwarenessEntry(ClientId(client), clock, state)])


def decoded(message: object) -> list[awareness.AwarenessEntry]:
    assert isinstance(message, Awareness)
    return awareness.decode(message.update)


def test_S33_S34_both_sides_say_as_it_was_made_what_was_missed_and_each_frame_is_acknowledged_once() -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    world.room.leave(olena.connection)
    said = [petro.typed("її "), petro.typed("слова "), petro.delete(0, 3)]
    petro.say(Update(said[-1]))
    world.settle()
    made = [olena.write("без мережі "), olena.delete(0, 4), olena.write("!")]

    olena.connect(world.room)
    olena.say(SyncStep1(olena.doc.get_state()))
    world.settle()
    heard = [olena._read(frame) for frame in olena.transport.take()]
    assert [type(message) for message in heard[:4]] == [Update, Update, SyncStep2, SyncStep1]
    assert heard[1] == Update(said[-1]), "a deletion comes by itself"
    for message in heard[:3]:
        assert isinstance(message, Update | SyncStep2)
        olena.doc.apply_update(message.update)

    petro.listen()
    olena.say(SyncStep2(EMPTY_UPDATE))
    for update in made:
        olena.say(Update(update))
    world.settle()
    assert document_messages(olena) == [SyncStatus(saved=True)] * 4
    petro.listen()
    assert petro.text == olena.text == world.stored_text()
