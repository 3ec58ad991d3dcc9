"""What every verb of approval works with: the rules, the act as it stands, the step of the table, events and live notices."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from server.access.actor import ActAccess, Actor
from server.access.policy import Action, can, require
from server.acts.access import read_access
from server.acts.model import Card
from server.acts.store import lock_act, read_card
from server.approval import store
from server.approval.assessing import Assessor, Papers
from server.approval.machine import Moved, Stand, Stays, step, steps
from server.approval.model import Matter, NotNow, Round, RoundKind
from server.approval.needs import Facts, unmet
from server.approval.policy import Need, Policy, Verb, Who
from server.approval.policy_file import Rules
from server.approval.staleness import Verdict
from server.approval.visa_store import list_signed_for
from server.clock import Clock
from server.db.engine import Database
from server.db.tables import bodies
from server.errors import Conflict, Forbidden
from server.events.store import record
from server.ids import ActId, BodyCode, DocumentId, NewId, UserId, document_of
from server.journal.journal import SERVER
from server.versions.model import Revision
from server.versions.store import find_head

Show = Callable[[DocumentId, Callable[[BodyCode], Mapping[str, object] | None]], None]
"""Tells everyone in a document's room; returns at once."""

ENGINE = frozenset({Who.ENGINE})


@dataclass(frozen=True, slots=True)
class Seen:
    """An act as a verb finds it: who may what, its card, its approval, the names of bodies."""

    access: ActAccess
    card: Card
    matter: Matter
    names: Mapping[BodyCode, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Studied:
    """What was found out before the transaction: the newest revision, and what the positions are worth on it."""

    seen: Seen
    head: Papers | None
    verdicts: Mapping[BodyCode, Verdict]


class Office:
    """Shared by the services of approval; each verb is theirs."""

    def __init__(  # noqa: PLR0913 - what the services of approval are given
        self, database: Database, clock: Clock, new_id: NewId, rules: Rules, assessor: Assessor, show: Show
    ) -> None:
        self.database = database
        self.clock = clock
        self.new_id = new_id
        self.rules = rules
        self.assessor = assessor
        self._show = show

    @property
    def policy(self) -> Policy:
        return self.rules.policy

    # -- reading -------------------------------------------------------------------------------------------------------

    def see(self, connection: Connection, act: ActId) -> Seen:
        """Everything on disk about the act's approval; asks for no right. Raises NotFound."""
        access = read_access(connection, act)
        card = read_card(connection, act)
        matter = store.read_matter(connection, act, self.policy.ordinary)
        short = connection.execute(select(bodies.c.code, bodies.c.short_uk, bodies.c.short_en))
        return Seen(access, card, matter, {BodyCode(row.code): (row.short_uk, row.short_en) for row in short})

    def head_in(self, connection: Connection, act: ActId) -> Revision | None:
        """The newest revision, inside a transaction."""
        return find_head(connection, act)

    async def permitted(self, actor: Actor, action: Action, act: ActId) -> Seen:
        """The act, if the actor may do this to it. Raises NotFound, Forbidden."""

        def read(connection: Connection) -> Seen:
            require(actor, action, read_access(connection, act))
            return self.see(connection, act)

        return await self.database.read(read)

    async def study(self, seen: Seen) -> Studied:
        """The newest revision, and what every position is worth on it."""
        head = await self.assessor.head(seen.access.id)
        papers = await self.assessor.papers(seen.access.id, head.number) if head else None
        return Studied(seen, papers, await self.assessor.verdicts(seen.matter, head))

    def who(self, actor: Actor, access: ActAccess) -> frozenset[Who]:
        """In which capacities the actor may move this act."""
        found = {Who.LEAD} if can(actor, Action.ADVANCE, access) else set()
        speaks = can(actor, Action.STATE_POSITION, access) or can(actor, Action.GIVE_OPINION, access)
        speaks = speaks or can(actor, Action.STATE_POSITION, replace(access, sealed=False))
        if actor.body == self.policy.secretariat and speaks:
            found.add(Who.SECRETARIAT)
        return frozenset(found)

    def may_sign(self, connection: Connection, actor: Actor, access: ActAccess, kind: RoundKind) -> str | None:
        """Whether the actor states positions of their body in such rounds: "" for themselves, or the signatory they stand in for today.

        None for nobody. Legal opinions know no deputies: several people can hold that role.
        """
        action = Action.STATE_POSITION if kind is RoundKind.APPROVAL else Action.GIVE_OPINION
        if can(actor, action, access):
            return ""
        if kind is not RoundKind.APPROVAL or not can(actor, Action.READ, access) or actor.only_act is not None or access.sealed:
            return None
        today = self.rules.calendar.day_of(self.clock()).isoformat()
        found = list_signed_for(connection, actor.id, actor.body, today)
        return next((user for user in found if can(Actor(user, "", actor.body), action, access)), None)

    # -- moving --------------------------------------------------------------------------------------------------------

    def hold(self, connection: Connection, studied: Studied) -> Seen:
        """The act under its lock, exactly as it was studied. Raises Conflict when something has come between."""
        lock_act(connection, studied.seen.access.id)
        seen = self.see(connection, studied.seen.access.id)
        head = connection_head(connection, seen.access.id)
        if seen.matter != studied.seen.matter or head != (studied.head.revision.hash if studied.head else None):
            raise Conflict("the act moved while its state was studied")
        return seen

    def check(self, studied: Studied, verb: Verb, who: frozenset[Who], number: int | None, reason: str = "") -> Moved:
        """The step. Raises NotNow with what is in the way, Forbidden for somebody else's step."""
        seen = studied.seen
        facts = Facts(seen.card.kind, seen.access.lead_body, studied.head, studied.verdicts, seen.names, number, reason)
        missing = unmet(self.policy, seen.matter, facts)
        return allowed(step(self.policy, Stand(seen.matter.state, seen.matter.procedure), verb, who, missing))

    def ways(self, studied: Studied, who: frozenset[Who]) -> list[tuple[Verb, dict[Need, tuple[str, str]]]]:
        """The lines these people may use where the act stands, each with the sentences of what it still needs."""
        seen = studied.seen
        number = studied.head.revision.number if studied.head else None
        facts = Facts(seen.card.kind, seen.access.lead_body, studied.head, studied.verdicts, seen.names, number)
        missing = unmet(self.policy, seen.matter, facts)
        lines = steps(self.policy, Stand(seen.matter.state, seen.matter.procedure), who)
        return [(line.verb, {need: (missing[need].uk, missing[need].en) for need in line.needs if need in missing}) for line in lines]

    def move(self, connection: Connection, act: ActId, moved: Moved, by: UserId, at: int, reason: str = "") -> None:  # noqa: PLR0913
        """The act stands there from now on; rounds that the step ends are over."""
        stand = moved.stand
        store.save_stand(connection, act, stand.state, stand.procedure, self.policy.id, at)
        told = {"verb": moved.line.verb.value, "state": stand.state, "procedure": stand.procedure, "reason": reason}
        record(connection, act, by, "approval.moved", told, at)
        if moved.line.ends_rounds:
            for one in store.list_rounds(connection, act):
                if one.is_open:
                    self.end(connection, one, moved.line.verb.value, by, at)

    def end(self, connection: Connection, round_: Round, reason: str, by: UserId, at: int) -> None:
        """The round is over."""
        store.end_round(connection, round_.act, round_.number, reason, by, at)
        record(connection, round_.act, by, "approval.round_ended", {"round": round_.number, "reason": reason}, at)

    def close_if_complete(self, connection: Connection, act: ActId, number: int, at: int) -> None:
        """When the last body has its position, the round is over and the act moves on by itself."""
        matter = store.read_matter(connection, act, self.policy.ordinary)
        found = next(one for one in matter.rounds if one.number == number)
        if not found.is_open or found.waiting:
            return
        self.end(connection, found, "complete", SERVER, at)
        moved = step(self.policy, Stand(matter.state, matter.procedure), closing_verb(found), ENGINE, {})
        if isinstance(moved, Moved):
            self.move(connection, act, moved, SERVER, at)

    def tell(self, act: ActId, what: str, **more: object) -> None:
        """Everyone in the act's room learns that its approval has changed; what exactly, they ask for."""
        self.show(document_of(act), {"type": "approval", "what": what, **more})

    def show(self, document: DocumentId, message: Mapping[str, object]) -> None:
        """Something that everyone in a document's room may see."""
        self._show(document, lambda _body: message)


def closing_verb(round_: Round) -> Verb:
    """What a complete round does to the act."""
    if round_.kind is RoundKind.APPROVAL:
        return Verb.CLOSE_ROUND
    clean = all(position.outcome == "AGREED" for position in round_.positions.values())
    return Verb.CLOSE_LEGAL if clean else Verb.CLOSE_LEGAL_REMARKS


def allowed(answer: Moved | Stays) -> Moved:
    """The step. Raises NotNow with its sentence, Forbidden for somebody else's step."""
    match answer:
        case Moved():
            return answer
        case Stays("who", why):
            raise Forbidden(uk=why.uk, en=why.en)
        case Stays(rule, why):
            raise NotNow(uk=why.uk, en=why.en, rule=rule)


def connection_head(connection: Connection, act: ActId) -> str | None:
    """The hash of the newest revision."""
    found = find_head(connection, act)
    return found.hash if found else None
