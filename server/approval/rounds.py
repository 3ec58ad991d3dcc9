"""Rounds and the steps of the procedure: open, submit, return, withdraw and the rest of the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from server.access.actor import ActAccess, Actor
from server.access.policy import Action, part_of, require
from server.access.roles import Part
from server.approval import store
from server.approval.assessing import Papers
from server.approval.model import MAX_REQUESTS, MAX_SCOPE, Matter, Request, RevisionMoved, Round, RoundKind
from server.approval.office import Office, Seen, Studied
from server.approval.policy import Need, RoundRule, Verb
from server.approval.staleness import Scope, unknown_bids
from server.comments.model import clean_text
from server.errors import InvalidInput
from server.events.store import Value, record
from server.ids import ActId, BodyCode

AUTOMATIC = frozenset({Verb.OPEN_ROUND, Verb.OPEN_LEGAL, Verb.CLOSE_ROUND, Verb.CLOSE_LEGAL, Verb.CLOSE_LEGAL_REMARKS, Verb.SEAL})
"""Verbs that have requests of their own, or that the server makes."""

_ASKED = frozenset({Part.CO_DEVELOPER, Part.INTERESTED})


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a round asks, about what (no block ids: the whole package), how long (empty: as the round says)."""

    body: BodyCode
    bids: tuple[str, ...] = ()
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """A round to be opened on a revision the caller has read; `deadline` empty is the usual class of its kind."""

    kind: RoundKind
    revision: int
    revision_hash: str
    deadline: str
    note: str
    asked: Sequence[Asked]


class RoundService:
    """The verbs of the lead body, and those of the Secretariat."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def open(self, actor: Actor, act: ActId, draft: RoundDraft) -> Round:
        """A round on exactly this revision. Raises NotFound, Forbidden, InvalidInput, NotNow, RevisionMoved, Conflict."""
        office = self._office
        note = clean_text(draft.note, "note", needed=False)
        seen = await office.permitted(actor, Action.OPEN_ROUND, act)
        studied = await office.study(seen)
        verb = Verb.OPEN_ROUND if draft.kind is RoundKind.APPROVAL else Verb.OPEN_LEGAL
        office.check(studied, verb, office.who(actor, seen.access), draft.revision)
        if studied.head is None or draft.revision_hash not in {"", studied.head.revision.hash}:
            raise RevisionMoved(revision=draft.revision, revision_hash=studied.head.revision.hash if studied.head else "")
        at = office.clock()
        requests = self._requests(seen.access, draft, studied.head, at)

        def write(connection: Connection) -> Round:
            held = office.hold(connection, studied)
            require(actor, Action.OPEN_ROUND, held.access)
            moved = office.check(Studied(held, studied.head, studied.verdicts), verb, office.who(actor, held.access), draft.revision)
            new = self._round(connection, actor, held.matter, draft, studied.head, requests, note, at)
            store.insert_round(connection, new)
            office.move(connection, act, moved, actor.id, at)
            _record_opening(connection, actor, new, at)
            return new

        opened = await office.database.write(write)
        office.tell(act, "round", round=opened.number)
        return opened

    def _round(  # noqa: PLR0913 - a round
        self,
        connection: Connection,
        actor: Actor,
        matter: Matter,
        draft: RoundDraft,
        head: Papers | None,
        requests: dict[BodyCode, Request],
        note: str,
        at: int,
    ) -> Round:
        if head is None:
            raise RevisionMoved(revision=draft.revision, revision_hash="")
        number = store.next_round(connection, matter.act)
        return Round(matter.act, number, draft.kind, draft.revision, head.revision.hash, note, actor.id, at, requests)

    def _requests(self, access: ActAccess, draft: RoundDraft, head: Papers, at: int) -> dict[BodyCode, Request]:
        rule = self._office.policy.rounds[draft.kind.value]
        if not draft.asked or len(draft.asked) > MAX_REQUESTS:
            raise InvalidInput(fields={"requests": (f"Вкажіть від 1 до {MAX_REQUESTS} органів.", f"Name 1 to {MAX_REQUESTS} bodies.")})
        found: dict[BodyCode, Request] = {}
        for asked in draft.asked:
            if asked.body in found:
                raise _wrong_body(asked.body, "зазначено двічі", "is named twice")
            _check_body(asked.body, access, rule)
            found[asked.body] = self._request(asked, draft, rule, head, at)
        return found

    def _request(self, asked: Asked, draft: RoundDraft, rule: RoundRule, head: Papers, at: int) -> Request:
        deadline = asked.deadline or draft.deadline or rule.usual
        if deadline not in rule.classes:
            known = ", ".join(rule.classes)
            raise InvalidInput(fields={"class": (f"Такого строку немає. Є: {known}.", f"There is no such class. There are: {known}.")})
        scope = Scope(frozenset(asked.bids))
        unknown = unknown_bids(scope, head.trees.values())
        if unknown or len(asked.bids) > MAX_SCOPE:
            shown = ", ".join(sorted(unknown)[:5])
            raise InvalidInput(
                fields={"scope": (f"У цій редакції немає таких положень: {shown}.", f"The revision has no such provisions: {shown}.")}
            )
        rules = self._office.rules
        given = rules.policy.deadlines[deadline]
        return Request(asked.body, deadline, rules.calendar.due_at(at, given), given.when_passed == "silent", scope)

    async def advance(self, actor: Actor, act: ActId, verb: Verb, reason: str, revision: int | None) -> Seen:
        """One step of the procedure by hand. Raises NotFound, Forbidden, InvalidInput, NotNow, Conflict."""
        if verb in AUTOMATIC:
            raise InvalidInput(fields={"verb": ("Для цього кроку є окремий запит.", "This step has a request of its own.")})
        reason = clean_text(reason, "reason", needed=False)
        office = self._office
        seen = await office.permitted(actor, Action.READ, act)
        if verb is Verb.WITHDRAW:
            require(actor, Action.WITHDRAW, seen.access)
        studied = await office.study(seen)
        office.check(studied, verb, office.who(actor, seen.access), revision, reason)
        at = office.clock()

        def write(connection: Connection) -> Seen:
            held = office.hold(connection, studied)
            now = Studied(held, studied.head, studied.verdicts)
            moved = office.check(now, verb, office.who(actor, held.access), revision, reason)
            office.move(connection, act, moved, actor.id, at, reason)
            return office.see(connection, act)

        after = await office.database.write(write)
        office.tell(act, "state", state=after.matter.state)
        return after

    def unmet(self, actor: Actor, studied: Studied) -> list[tuple[Verb, dict[Need, tuple[str, str]]]]:
        """The steps the actor could make here, each with what it still needs."""
        office = self._office
        return office.ways(studied, office.who(actor, studied.seen.access))


def _check_body(body: BodyCode, access: ActAccess, rule: RoundRule) -> None:
    part = part_of(body, access)
    if part is Part.LEAD:
        raise _wrong_body(body, "є головним розробником", "is the lead developer")
    if part not in _ASKED:
        raise _wrong_body(
            body, "не бере участі в роботі над актом як заінтересований орган", "takes no part in the act as an interested body"
        )
    if rule.bodies and body not in rule.bodies:
        raise _wrong_body(body, "не проводить правової експертизи", "does not give legal expertise")


def _wrong_body(body: BodyCode, uk: str, en: str) -> InvalidInput:
    return InvalidInput(fields={"requests": (f"Орган {body} {uk}.", f"The body {body} {en}.")})


def _record_opening(connection: Connection, actor: Actor, new: Round, at: int) -> None:
    asked: list[Value] = [{"body": one.body, "class": one.deadline, "due_at": one.due_at} for one in new.requests.values()]
    told: dict[str, Value] = {
        "round": new.number,
        "kind": new.kind.value,
        "revision": new.revision,
        "revision_hash": new.revision_hash,
        "requests": asked,
    }
    record(connection, new.act, actor.id, "approval.round_opened", told, at)
