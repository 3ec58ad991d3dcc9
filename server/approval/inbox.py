"""What waits for me, in every act I take part in: positions, opinions, visas, remarks to answer, suggestions to decide, nobody to sign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, or_, select

from server.access.actor import ActAccess, Actor
from server.access.policy import Action, can
from server.access.roles import GlobalRole
from server.accounts.store import list_acts_of
from server.acts.access import read_access
from server.acts.store import read_card
from server.approval import store, visa_store
from server.approval.model import RoundKind, Sheet
from server.approval.office import Office
from server.db.tables import remark_answers, remarks, suggestions
from server.ids import ActId
from server.suggestions.model import Audience, Status
from server.versions.store import find_head

MAX_ACTS = 2000


class Wait(StrEnum):
    """What somebody is asked to do."""

    STATE_POSITION = "state_position"
    GIVE_OPINION = "give_opinion"
    GIVE_VISA = "give_visa"
    ANSWER_REMARKS = "answer_remarks"
    DECIDE_SUGGESTIONS = "decide_suggestions"
    NAME_SIGNATORY = "name_signatory"
    """The body was asked and has nobody on the act who may answer; its administrator gives that role."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do. `count` is how many of its kind; `due_at` 0 is no deadline; `since` is when the oldest began to wait."""

    what: Wait
    act: ActId
    title: str
    lead_body: str
    round: int
    revision: int
    count: int
    due_at: int
    days_left: int | None
    since: int
    asked_by: str
    signed_for: str = ""


class InboxService:
    """Reads what waits for one person; the nearest deadline first, then the oldest."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def list(self, actor: Actor) -> Sequence[Waiting]:
        """Everything that waits for the actor."""

        def read(connection: Connection) -> list[Waiting]:
            mine = [act for act in list_acts_of(connection, actor.id) if actor.only_act in {None, act}][:MAX_ACTS]
            found = list(_Inbox(self._office, connection, actor, mine).all())
            return sorted(found, key=lambda one: (one.due_at or 10**15, one.since, one.act))

        return await self._office.database.read(read)


class _Inbox:
    """One reading."""

    def __init__(self, office: Office, connection: Connection, actor: Actor, mine: Sequence[ActId]) -> None:
        self._office = office
        self._connection = connection
        self._actor = actor
        self._mine = mine
        self._access: dict[ActId, ActAccess] = {}

    def all(self) -> Iterator[Waiting]:
        yield from self._requests()
        yield from self._visas()
        yield from self._remarks()
        yield from self._suggestions()
        if self._actor.role is GlobalRole.BODY_ADMIN and self._actor.only_act is None:
            yield from self._nobody_to_sign()

    def _requests(self) -> Iterator[Waiting]:
        for act, number, kind, request in store.list_waiting(self._connection, self._mine):
            if request.body != self._actor.body:
                continue
            signs = self._office.may_sign(self._connection, self._actor, self._of(act), kind)
            if signs is None:
                continue
            what = Wait.STATE_POSITION if kind is RoundKind.APPROVAL else Wait.GIVE_OPINION
            round_ = next(one for one in store.list_rounds(self._connection, act) if one.number == number)
            yield self._make(
                what, act, round=number, revision=round_.revision, due_at=request.due_at, since=round_.opened_at,
                asked_by=round_.opened_by, signed_for=signs,
            )  # fmt: skip

    def _visas(self) -> Iterator[Waiting]:
        newest: dict[tuple[ActId, int], Sheet] = {}
        for sheet in visa_store.list_sheets(self._connection, among=self._mine):
            if sheet.body == self._actor.body:
                newest[sheet.act, sheet.revision] = sheet
        for sheet in newest.values():
            head = find_head(self._connection, sheet.act)
            current = head is not None and head.number == sheet.revision
            if current and self._actor.id in sheet.next and can(self._actor, Action.VISA, self._of(sheet.act)):
                yield self._make(Wait.GIVE_VISA, sheet.act, revision=sheet.revision, since=sheet.at, asked_by=sheet.asked_by)

    def _remarks(self) -> Iterator[Waiting]:
        answered = select(remark_answers.c.act_id).where(
            remark_answers.c.act_id == remarks.c.act_id, remark_answers.c.remark_id == remarks.c.id
        )
        query = select(remarks.c.act_id, func.count(), func.min(remarks.c.at)).where(remarks.c.act_id.in_(self._mine), ~answered.exists())
        for act, count, since in self._connection.execute(query.group_by(remarks.c.act_id)):
            if can(self._actor, Action.ANSWER, self._of(ActId(act))):
                yield self._make(Wait.ANSWER_REMARKS, ActId(act), count=count, since=since)

    def _suggestions(self) -> Iterator[Waiting]:
        query = select(suggestions.c.act_id, func.count(), func.min(suggestions.c.created_at)).where(
            suggestions.c.act_id.in_(self._mine),
            suggestions.c.status == Status.OPEN,
            or_(suggestions.c.audience == Audience.ACT, suggestions.c.body == self._actor.body),
        )
        for act, count, since in self._connection.execute(query.group_by(suggestions.c.act_id)):
            if can(self._actor, Action.ACCEPT, self._of(ActId(act))):
                yield self._make(Wait.DECIDE_SUGGESTIONS, ActId(act), count=count, since=since)

    def _nobody_to_sign(self) -> Iterator[Waiting]:
        theirs = store.list_asked(self._connection, self._actor.body, MAX_ACTS)
        for act, number, kind, request in store.list_waiting(self._connection, theirs):
            if request.body != self._actor.body or self._has_signatory(act, kind):
                continue
            round_ = next(one for one in store.list_rounds(self._connection, act) if one.number == number)
            yield self._make(
                Wait.NAME_SIGNATORY, act, round=number, revision=round_.revision, due_at=request.due_at, since=round_.opened_at,
                asked_by=round_.opened_by,
            )  # fmt: skip

    def _has_signatory(self, act: ActId, kind: RoundKind) -> bool:
        action = Action.STATE_POSITION if kind is RoundKind.APPROVAL else Action.GIVE_OPINION
        access, body = self._of(act), self._actor.body
        people = store.list_people_of(self._connection, body, list(access.members))
        return any(can(Actor(user, "", body), action, access) for user in people)

    def _of(self, act: ActId) -> ActAccess:
        if act not in self._access:
            self._access[act] = read_access(self._connection, act)
        return self._access[act]

    def _make(  # noqa: PLR0913 - a line of the inbox
        self,
        what: Wait,
        act: ActId,
        *,
        since: int,
        round: int = 0,  # noqa: A002 - as the field
        revision: int = 0,
        count: int = 1,
        due_at: int = 0,
        asked_by: str = "",
        signed_for: str = "",
    ) -> Waiting:
        card = read_card(self._connection, act)
        days = self._office.rules.calendar.days_left(self._office.clock(), due_at) if due_at else None
        return Waiting(what, act, card.title, card.lead_body, round, revision, count, due_at, days, since, asked_by, signed_for)
