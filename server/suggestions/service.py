"""The verbs on suggestions. Each asks the policy, writes in one transaction, records its event, and tells the room after the commit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from server.access.actor import ActAccess, Actor
from server.access.policy import Action, require
from server.acts.access import read_access
from server.clock import Clock
from server.db.engine import Database
from server.db.group_commit import GroupCommit
from server.errors import Forbidden, InvalidInput, NotFound, TooLarge
from server.events.store import record
from server.ids import ActId, BodyCode, DocumentId, UserId
from server.suggestions import store
from server.suggestions.model import (
    Audience,
    Claim,
    Decision,
    Limits,
    NotOpen,
    Proposal,
    Remarked,
    Status,
    Suggestion,
    What,
    check_claim,
    check_open,
    check_undecided,
    check_version,
    clean_reason,
)
from server.suggestions.putting import Put, put_in
from server.suggestions.shape import RECORD_ID, check_change, limit
from server.suggestions.store import Wanted

View = Callable[[BodyCode], Mapping[str, object] | None]
"""What somebody of a body is told, None for nothing."""

Tell = Callable[[DocumentId, View], None]
"""Tells everyone in a document's room; returns at once."""

_TEXT = {What.ACCEPTED: "accept", What.REOPENED: "reopen"}
"""How a decision is called in the document's `resolutions`."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One request about one record: who, which, the version they were looking at, and why."""

    actor: Actor
    act: ActId
    suggestion: str
    version: int
    reason: str = ""


class SuggestionService:
    """What reviewers, those who speak for bodies, and drafters do with records."""

    def __init__(self, database: Database, clock: Clock, tell: Tell, limits: Limits | None = None) -> None:
        self._database = database
        self._clock = clock
        self._tell = tell
        self._limits = limits or Limits()
        self._puts = GroupCommit(database, partial(put_in, limits=self._limits))

    async def run(self) -> None:
        """Store what reviewers put until cancelled."""
        await self._puts.run()

    # -- reading -------------------------------------------------------------------------------------------------------

    async def list(self, actor: Actor, act: ActId, wanted: Wanted) -> tuple[Sequence[Suggestion], str | None]:
        """The records the actor sees, by id, and the id the next page begins after. Raises NotFound, Forbidden."""

        def read(connection: Connection) -> list[Suggestion]:
            require(actor, Action.READ, read_access(connection, act))
            return store.list_visible(connection, act, wanted)

        found = await self._database.read(read)
        shown = found[: wanted.limit]
        return shown, shown[-1].id if len(found) > wanted.limit else None

    async def decisions(self, actor: Actor, act: ActId, suggestion: str) -> Sequence[Decision]:
        """The whole history of a record. Raises NotFound, Forbidden."""

        def read(connection: Connection) -> Sequence[Decision]:
            require(actor, Action.READ, read_access(connection, act))
            _see(connection, actor, act, suggestion)
            return store.list_decisions(connection, act, suggestion)

        return await self._database.read(read)

    def as_json(self, suggestion: Suggestion) -> dict[str, Any]:  # Any: JSON
        """As people see it now."""
        return suggestion.as_json(self._clock())

    # -- the author's verbs ------------------------------------------------------------------------------------------

    async def put(self, actor: Actor, act: ActId, proposal: Proposal, replaces: int) -> Suggestion:
        """A new record (`replaces` 0), or what its author says now instead of version `replaces`. The same again changes nothing.

        Raises InvalidInput, TooLarge, NotFound, Forbidden, LimitReached, VersionConflict, NotOpen, Claimed, Remarked.
        """
        _check(proposal)
        return self._told(await self._puts.do(Put(actor, act, proposal, replaces, self._clock())))

    async def withdraw(self, verb: Verb) -> Suggestion:
        """The author takes it back. Raises as `reject`, and Remarked."""

        def check(held: Suggestion, _access: ActAccess, at: int) -> None:
            if held.author != verb.actor.id:
                raise Forbidden(uk="Це не ваша пропозиція.", en="This suggestion is not yours.")
            check_open(held, verb.version, at)
            if held.remarked:
                raise Remarked(current=held.as_json(at))

        return await self._decide(verb, What.WITHDRAWN, check)

    # -- those who speak for a body ----------------------------------------------------------------------------------

    async def release(self, verb: Verb) -> Suggestion:
        """Everyone in the act sees it from now on. Raises NotFound, Forbidden, VersionConflict, NotOpen."""
        reason, at = clean_reason(verb.reason), self._clock()

        def write(connection: Connection) -> Suggestion:
            held = _see(connection, verb.actor, verb.act, verb.suggestion, lock=True)
            check_release(verb.actor, read_access(connection, verb.act), held)
            if held.audience is Audience.ACT:
                return held
            check_undecided(held, verb.version, at)
            return self.release_in(connection, verb.actor, held, reason, at)

        return self._told(await self._database.write(write))

    @staticmethod
    def release_in(connection: Connection, actor: Actor, held: Suggestion, reason: str, at: int) -> Suggestion:
        """`release` inside a transaction that has asked for the right and holds the row."""
        changed = store.release(connection, held)
        store.append_decision(connection, changed, Decision(0, at, actor.id, actor.body, What.RELEASED, reason, held.version))
        _record(connection, actor, changed, What.RELEASED, at)
        return changed

    # -- drafters ----------------------------------------------------------------------------------------------------

    async def accept(self, verb: Verb) -> Suggestion:
        """Claim the record for a minute, so that the caller alone may write it into the text; the record stays open until then.

        Raises NotFound, Forbidden, VersionConflict, NotOpen, Claimed.
        """
        return await self._claim(verb, What.ACCEPTED)

    async def reject(self, verb: Verb) -> Suggestion:
        """The text stays. Raises NotFound, Forbidden, InvalidInput, VersionConflict, NotOpen, Claimed."""

        def check(held: Suggestion, access: ActAccess, at: int) -> None:
            require(verb.actor, Action.ACCEPT, access)
            check_open(held, verb.version, at, by=verb.actor.id)

        return await self._decide(verb, What.REJECTED, check)

    async def reopen(self, verb: Verb) -> Suggestion:
        """A rejected or withdrawn record is open again; for an accepted one the caller gets the claim to undo it in the text.

        Raises as `reject`.
        """

        def check(held: Suggestion, access: ActAccess, at: int) -> None:
            mine = held.status is Status.WITHDRAWN and held.author == verb.actor.id
            require(verb.actor, Action.SUGGEST if mine else Action.ACCEPT, access)
            check_version(held, verb.version, at)
            if held.status not in {Status.REJECTED, Status.WITHDRAWN}:
                raise NotOpen(current=held.as_json(at))

        held = await self._database.read(lambda connection: _see(connection, verb.actor, verb.act, verb.suggestion))
        if held.status is Status.ACCEPTED:
            return await self._claim(verb, What.REOPENED)
        return await self._decide(verb, What.REOPENED, check)

    async def _claim(self, verb: Verb, what: What) -> Suggestion:
        at = self._clock()

        def write(connection: Connection) -> Suggestion:
            held = _see(connection, verb.actor, verb.act, verb.suggestion, lock=True)
            require(verb.actor, Action.ACCEPT, read_access(connection, verb.act))
            check_version(held, verb.version, at)
            if held.status is not (Status.OPEN if what is What.ACCEPTED else Status.ACCEPTED):
                raise NotOpen(current=held.as_json(at))
            check_claim(held, at, verb.actor.id)
            claim = Claim(verb.actor.id, at + self._limits.claim_ms, held.version, what)
            record(
                connection, verb.act, verb.actor.id, "suggestion.claimed", {"suggestion": held.id, "version": held.version, "for": what}, at
            )
            return store.save_claim(connection, held, claim)

        return self._told(await self._database.write(write))

    async def _decide(self, verb: Verb, what: What, check: Callable[[Suggestion, ActAccess, int], None]) -> Suggestion:
        reason, at = clean_reason(verb.reason), self._clock()

        def write(connection: Connection) -> Suggestion:
            held = _see(connection, verb.actor, verb.act, verb.suggestion, lock=True)
            check(held, read_access(connection, verb.act), at)
            made = Decision(0, at, verb.actor.id, verb.actor.body, what, reason, held.version)
            _record(connection, verb.actor, held, what, at)
            return store.decide(connection, held, made)

        return self._told(await self._database.write(write))

    # -- the room ----------------------------------------------------------------------------------------------------

    async def claims(self, document: DocumentId, user: UserId) -> Mapping[str, object]:
        """What a person may write into `resolutions` of a document now: the one value for each record (D5, G14)."""
        now = self._clock()
        found = await self._database.read(lambda connection: store.list_claims(connection, document, user, now))
        return {name: {"v": claim.version, "a": _TEXT[claim.what]} for name, claim in found.items()}

    async def announce(self, act: ActId, names: Sequence[str]) -> None:
        """Tell the room how records are now that the text has decided about."""
        found = await self._database.read(lambda connection: [store.find(connection, act, name) for name in names])
        for one in found:
            if one is not None:
                self._told(one)

    def _told(self, changed: Suggestion) -> Suggestion:
        self._tell(changed.document, self.view(changed))
        return changed

    def view(self, changed: Suggestion) -> View:
        """What the room is told of a record."""
        message = {"type": "suggestion", "record": self.as_json(changed)}
        return lambda body: message if changed.is_visible_to(body) else None


def check_release(actor: Actor, access: ActAccess, held: Suggestion) -> None:
    """Only somebody who speaks for the author's body shows it to the others. Raises Forbidden, NotFound."""
    require(actor, Action.RELEASE, access)
    if held.body != actor.body:
        raise Forbidden(uk="Це пропозиція іншого органу.", en="This is a suggestion of another body.")


def _check(proposal: Proposal) -> None:
    """The shape of what an author says, and its size. Raises InvalidInput, TooLarge."""
    for name, value in (("id", proposal.id), ("group", proposal.group or proposal.id)):
        if RECORD_ID.fullmatch(value) is None:
            raise InvalidInput(fields={name: ("Тут мають бути 32 шістнадцяткові цифри.", "This must be 32 hexadecimal digits.")})
    check_change(proposal.kind, proposal.change)
    if len(store.write_change(proposal.change).encode()) > limit("record_bytes"):
        raise TooLarge(limit_bytes=limit("record_bytes"))


def _see(connection: Connection, actor: Actor, act: ActId, suggestion: str, *, lock: bool = False) -> Suggestion:
    """The record, if the actor sees it. Raises NotFound."""
    require(actor, Action.READ, read_access(connection, act))
    found = store.find(connection, act, suggestion, lock=lock)
    if found is None or not found.is_visible_to(actor.body):
        raise NotFound(f"no suggestion {suggestion}")
    return found


def _record(connection: Connection, actor: Actor, of: Suggestion, what: What, at: int) -> None:
    record(connection, of.act, actor.id, f"suggestion.{what}", {"suggestion": of.id, "version": of.version}, at)
