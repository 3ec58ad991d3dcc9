"""What happens inside a body: visas in turn or at once, and deputies who sign for a signatory on given days."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from server.access.actor import ActAccess, Actor
from server.access.policy import Action, can, require
from server.access.roles import GlobalRole, Role
from server.accounts.store import find_person
from server.acts.store import lock_act
from server.approval import visa_store
from server.approval.model import MAX_VISAS, Deputy, NotNow, Order, OtherBody, Sheet, Visa, VisaResult
from server.approval.office import Office, Seen
from server.comments.model import clean_text
from server.errors import Forbidden, InvalidInput, NotFound
from server.events.store import SYSTEM, Value, record
from server.ids import ActId, BodyCode, UserId

MAX_DAYS = 366


class VisaService:
    """The verbs of visas and deputies."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def ask(self, actor: Actor, act: ActId, revision: int, order: Order, people: Sequence[UserId]) -> Sheet:
        """The actor's body asks these of its people for their visas on a revision; a new sheet replaces the one before.

        Raises NotFound, Forbidden, InvalidInput, NotNow.
        """
        office, at = self._office, self._office.clock()

        def write(connection: Connection) -> Sheet:
            lock_act(connection, act)
            seen = office.see(connection, act)
            require(actor, Action.ASK_VISAS, seen.access)
            self._check_revision(connection, seen, actor.body, revision)
            self._check_people(connection, seen, actor.body, people)
            number = visa_store.next_sheet(connection, act, revision, actor.body)
            sheet = Sheet(act, revision, actor.body, number, order, tuple(people), actor.id, at)
            visa_store.insert_sheet(connection, sheet)
            told: dict[str, Value] = {"revision": revision, "body": actor.body, "people": list(people), "order": order.value}
            record(connection, act, actor.id, "approval.visas_asked", told, at)
            return sheet

        sheet = await office.database.write(write)
        office.tell(act, "visas", revision=revision, body=sheet.body)
        return sheet

    async def give(self, actor: Actor, act: ActId, revision: int, result: VisaResult, note: str) -> Sheet:
        """What the actor says on their body's sheet, when it is their turn. Raises NotFound, Forbidden, InvalidInput, NotNow, Conflict."""
        note = clean_text(note, "note", needed=result is VisaResult.OBJECTED)
        office, at = self._office, self._office.clock()

        def write(connection: Connection) -> Sheet:
            lock_act(connection, act)
            seen = office.see(connection, act)
            require(actor, Action.VISA, seen.access)
            sheet = seen.matter.sheet(revision, actor.body)
            if sheet is None or actor.id not in sheet.people:
                raise Forbidden(uk="Вашої візи на цю редакцію не запитували.", en="Your visa on this revision was not asked for.")
            if actor.id in sheet.owing and actor.id not in sheet.next:
                raise NotNow(uk="Спершу візує попередня особа.", en="Somebody before you gives their visa first.", rule="turn")
            visa_store.insert_visa(connection, sheet, Visa(actor.id, result, note, at))
            told: dict[str, Value] = {"revision": revision, "body": actor.body, "result": result.value}
            record(connection, act, actor.id, "approval.visa", told, at)
            found = office.see(connection, act).matter.sheet(revision, actor.body)
            return found or sheet

        given = await office.database.write(write)
        office.tell(act, "visas", revision=revision, body=given.body)
        return given

    def _check_revision(self, connection: Connection, seen: Seen, body: BodyCode, revision: int) -> None:
        """A body asks for visas on what it was asked about; the lead body on the newest revision."""
        state = self._office.policy.states[seen.matter.state]
        if state.final or state.sealed:
            raise NotNow(uk=f"Акт у стані «{state.uk}».", en=f'The act stands at "{state.en}".', rule="state")
        head = self._office.head_in(connection, seen.access.id)
        asked = any(one.is_open and one.revision == revision and body in one.requests for one in seen.matter.rounds)
        leads = body == seen.access.lead_body and head is not None and head.number == revision
        if not asked and not leads:
            raise NotNow(
                uk=f"На редакцію № {revision} орган зараз не запитано.",
                en=f"The body is not asked about revision {revision} now.",
                rule="revision",
            )

    def _check_people(self, connection: Connection, seen: Seen, body: BodyCode, people: Sequence[UserId]) -> None:
        if not people or len(people) > MAX_VISAS or len(set(people)) != len(people):
            raise InvalidInput(
                fields={"people": (f"Вкажіть від 1 до {MAX_VISAS} різних осіб.", f"Name 1 to {MAX_VISAS} different people.")}
            )
        for user in people:
            person = find_person(connection, user=user)
            if person is None or person.body != body or not _gives_visas(user, body, seen.access):
                raise InvalidInput(
                    fields={"people": (f"{user}: не учасник від вашого органу.", f"{user} takes no part in the act for your body.")}
                )

    # -- deputies ------------------------------------------------------------------------------------------------------

    async def name_deputy(self, actor: Actor, body: BodyCode, deputy: UserId, signatory: UserId, first: date, last: date) -> Deputy:  # noqa: PLR0913
        """On these days, both included, the deputy signs for the signatory. The signatory says so, or the body's administrator.

        Raises Forbidden, InvalidInput.
        """
        if last < first or (last - first).days > MAX_DAYS or deputy == signatory:
            raise InvalidInput(fields={"last_day": ("Вкажіть щонайбільше рік, і не себе самого.", "At most a year, and somebody else.")})
        if actor.body != body or actor.only_act is not None:
            raise OtherBody
        if actor.id != signatory and actor.role is not GlobalRole.BODY_ADMIN:
            raise Forbidden(
                uk="Заступника призначає сам підписувач або адміністратор органу.",
                en="A deputy is named by the signatory, or by the body's administrator.",
            )
        office, at = self._office, self._office.clock()

        def write(connection: Connection) -> Deputy:
            for user in (deputy, signatory):
                person = find_person(connection, user=user)
                if person is None or person.body != body or person.disabled_at is not None:
                    raise InvalidInput(fields={"deputy": ("Такої особи в органі немає.", "There is no such person in the body.")})
            new = Deputy(office.new_id(), body, signatory, deputy, first.isoformat(), last.isoformat(), actor.id, at)
            visa_store.insert_deputy(connection, new)
            told: dict[str, Value] = {
                "body": body,
                "deputy": deputy,
                "signatory": signatory,
                "first_day": new.first_day,
                "last_day": new.last_day,
            }
            record(connection, SYSTEM, actor.id, "deputy.named", told, at)
            return new

        return await office.database.write(write)

    async def revoke_deputy(self, actor: Actor, body: BodyCode, deputy: str) -> None:
        """They sign for nobody from now on. Raises NotFound, Forbidden."""
        office, at = self._office, self._office.clock()

        def write(connection: Connection) -> None:
            found = next((one for one in visa_store.list_deputies(connection, body) if one.id == deputy), None)
            if found is None or actor.body != body:
                raise NotFound(f"no deputy {deputy}")
            if actor.id not in {found.signatory, found.named_by} and actor.role is not GlobalRole.BODY_ADMIN:
                raise Forbidden
            if visa_store.revoke_deputy(connection, body, deputy, at):
                record(connection, SYSTEM, actor.id, "deputy.revoked", {"body": body, "deputy": found.deputy}, at)

        await office.database.write(write)

    async def list_deputies(self, actor: Actor, body: BodyCode) -> list[Deputy]:
        """The deputies of one's own body, the newest first. Raises OtherBody."""
        if actor.body != body:
            raise OtherBody
        return await self._office.database.read(lambda connection: visa_store.list_deputies(connection, body))


def _gives_visas(user: UserId, body: BodyCode, access: ActAccess) -> bool:
    return user in access.members and can(Actor(user, "", body), Action.VISA, access) and access.members[user] != {Role.READER}
