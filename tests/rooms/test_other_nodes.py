"""What other processes do to rights and rooms is seen here within a second, with or without the wire (P3, D8a)."""

import pytest

from server.access.change import AccessChange
from server.access.roles import Scope
from server.broker.broker import Changed, Notice, NoticeReceiver
from server.broker.local import LocalBroker
from server.crdt.messages import Authenticated
from server.ids import ActId, UserId
from tests.rooms.hall import open_hall, turns
from tests.rooms.wire import Wire
from tests.rooms.world import ACT, DOCUMENT


class TwoNodes(LocalBroker):
    """A wire whose other end is the test."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Changed | Notice] = []
        self.tell: NoticeReceiver = lambda _notice: None

    def announce(self, message: Changed | Notice) -> None:
        self.said.append(message)

    def on_notice(self, receiver: NoticeReceiver) -> None:
        self.tell = receiver


async def test_roles_changed_by_another_process_are_seen_by_the_fence_within_a_second() -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        assert await wire.sign_in(DOCUMENT, "Олена") == Authenticated("read-write")
        seat = next(iter(hall.registry.seats))
        hall.people.scopes["Олена"] = Scope.READ
        await hall.journal.move_fence(DOCUMENT, roles_changed=True)
        await hall.pass_time(1)
        await turns(lambda: seat.connection.grant.scope is Scope.READ)


async def test_a_person_moved_to_another_body_by_another_process_is_looked_at_within_a_second() -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        await wire.sign_in(DOCUMENT, "Олена")
        seat = next(iter(hall.registry.seats))
        await hall.pass_time(1)
        hall.people.scopes["Олена"] = Scope.SUGGEST
        hall.people.bodies["Олена"] = "minfin"
        await hall.pass_time(1)
        await turns(lambda: seat.connection.grant.scope is Scope.SUGGEST)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (AccessChange(user=UserId("Олена")), (("user", "Олена"),)),
        (AccessChange(act=ACT), (("act", ACT),)),
        (AccessChange(act=ACT, user=UserId("Олена")), (("user", "Олена"), ("act", ACT))),
        (AccessChange(session="Олена"), (("session", "Олена"),)),
    ],
)
async def test_a_change_of_rights_is_told_to_the_other_nodes_and_theirs_is_heard(
    change: AccessChange, fields: tuple[tuple[str, str], ...]
) -> None:
    broker = TwoNodes()
    async with open_hall(broker) as hall, Wire(hall.app) as wire:
        await wire.sign_in(DOCUMENT, "Олена")
        seat = next(iter(hall.registry.seats))
        hall.people.scopes["Олена"] = Scope.READ
        broker.tell(Notice("access", (*fields, ("пізніше поле", "невідоме"))))
        await turns(lambda: seat.connection.grant.scope is Scope.READ or seat.connection.closed)
        hall.registry.access_changed(change)
        assert broker.said == [Notice("access", fields)]


async def test_a_notice_about_somebody_else_or_something_else_changes_nothing() -> None:
    broker = TwoNodes()
    async with open_hall(broker) as hall, Wire(hall.app) as wire:
        await wire.sign_in(DOCUMENT, "Олена")
        seat = next(iter(hall.registry.seats))
        hall.people.scopes["Олена"] = Scope.READ
        broker.tell(Notice("access", (("act", ActId("f" * 32)),)))
        broker.tell(Notice("погода"))
        await hall.pass_time(0)
        assert seat.connection.grant.scope is Scope.WRITE


async def test_what_is_told_here_beside_the_text_is_announced_to_the_other_nodes() -> None:
    broker = TwoNodes()
    async with open_hall(broker) as hall:
        hall.registry.tell(DOCUMENT, lambda _body: None)
        assert broker.said == [Changed(DOCUMENT)]
