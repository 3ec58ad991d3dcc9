"""What a room says to the other nodes and hears from them (P7)."""

import json

from server.broker.broker import Changed, Committed, Interrupted, Joined, Present
from server.crdt.messages import Awareness
from server.ids import Seq
from server.rooms.reading import read_opened
from server.rooms.room import Room
from tests.rooms.test_room import decoded, presence
from tests.rooms.world import DOCUMENT, World, finish


def test_a_node_that_joins_is_told_who_is_here_and_how_far_the_journal_is() -> None:
    world = World()
    olena = world.enter("Олена")
    olena.say(Awareness(presence(olena.client, 1, {"курсор": 3})))
    olena.typed("слово ")
    world.settle()
    world.published.clear()
    world.room.hear(Joined(DOCUMENT))
    present, position = world.published
    assert isinstance(present, Present)
    assert [(entry.client, (entry.state or {}).get("курсор")) for entry in decoded(Awareness(present.update))] == [(olena.client, 3)]
    assert position == Committed(DOCUMENT, world.room.fence.epoch, Seq(world.room.seq + 1), ())


def test_a_position_ahead_of_ours_is_a_gap_and_the_journal_is_read() -> None:
    world, other = World(), World()
    other.journal = world.journal
    other.room = Room(finish(read_opened(world.journal, DOCUMENT)), other.ports())
    petro = world.enter("Петро")
    olena = other.enter("Олена")
    olena.typed("з іншого вузла ")
    other.settle()
    world.room.hear(Committed(DOCUMENT, world.room.fence.epoch, Seq(other.room.seq + 1), ()))
    world.settle()
    petro.listen()
    assert petro.text.startswith("з іншого вузла ")


def test_what_changed_beside_the_text_on_another_node_is_read_anew_here_once_for_many_changes() -> None:
    world = World()
    olena = world.enter("Олена")
    for _ in range(50):
        world.room.hear(Changed(DOCUMENT))
    world.wait(1.0)
    world.settle()
    olena.listen()
    assert [json.loads(each) for each in olena.told() if "missed" in each] == [{"type": "records", "state": "missed"}]


def test_after_an_interruption_everyone_reads_suggestions_and_comments_anew() -> None:
    world = World()
    olena = world.enter("Олена")
    world.room.hear(Interrupted(DOCUMENT))
    world.settle()
    olena.listen()
    assert json.loads(olena.told()[-1]) == {"type": "records", "state": "missed"}
