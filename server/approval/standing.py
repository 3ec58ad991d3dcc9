"""How far the approval of many acts has come, for lists: who was asked, what they said last, the nearest deadline."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from server.access.actor import Actor
from server.access.policy import Action, can
from server.acts.access import read_access
from server.approval import store
from server.approval.model import Outcome, Round
from server.approval.office import Office
from server.errors import NotFound
from server.ids import ActId, BodyCode

MAX_ASKED = 100
"""So many acts are told of at once: more than a page of the list has."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one act stands. `said` has every body that was ever asked, None for one whose answer to its last request is awaited.

    `round` is the open one, 0 for none; `due_at` is the nearest deadline in it (0: none), `days_left` counts working days.
    """

    act: ActId
    round: int
    said: Sequence[tuple[BodyCode, Outcome | None]]
    due_at: int
    days_left: int | None


class StandingService:
    """Reads; compares no texts."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def list(self, actor: Actor, acts: Sequence[ActId]) -> list[Standing]:
        """Those of the acts that were ever sent to a body and that the actor may know of; about the others nothing is said."""
        wanted = list(dict.fromkeys(acts))[:MAX_ASKED]

        def read(connection: Connection) -> list[Standing]:
            sent = store.list_sent(connection, wanted)
            return [self._of(connection, act) for act in wanted if act in sent and _may_know(connection, actor, act)]

        return await self._office.database.read(read)

    def _of(self, connection: Connection, act: ActId) -> Standing:
        rounds = store.list_rounds(connection, act)
        open_ = next((one for one in rounds if one.is_open), None)
        due_at = min((request.due_at for request in open_.waiting), default=0) if open_ else 0
        days = self._office.rules.calendar.days_left(self._office.clock(), due_at) if due_at else None
        return Standing(act, open_.number if open_ else 0, _said(rounds), due_at, days)


def _said(rounds: Sequence[Round]) -> list[tuple[BodyCode, Outcome | None]]:
    """In the order of asking; what a body said in the last round it was asked in, of both kinds."""
    last: dict[BodyCode, Outcome | None] = {}
    for one in rounds:
        for body in one.requests:
            stated = one.positions.get(body)
            if stated is not None or one.is_open:
                last[body] = stated.outcome if stated else None
            else:
                last.setdefault(body, None)
    return list(last.items())


def _may_know(connection: Connection, actor: Actor, act: ActId) -> bool:
    try:
        return can(actor, Action.SEE_CARD, read_access(connection, act))
    except NotFound:
        return False
