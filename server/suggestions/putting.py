"""What reviewers put at the same moment: judged one by one, written in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from server.access.actor import ActAccess, Actor
from server.access.policy import Action, can, require
from server.acts.access import read_accesses
from server.errors import Forbidden, InvalidInput, NotFound, ZlahodaError
from server.events.store import Happened, record_all
from server.ids import ActId, DocumentId, UserId
from server.suggestions import store
from server.suggestions.counting import Count, Place, count
from server.suggestions.model import (
    FRESH_MS,
    Audience,
    Decision,
    LimitReached,
    Limits,
    Proposal,
    Remarked,
    Suggestion,
    What,
    check_open,
)
from server.suggestions.store import Key


@dataclass(frozen=True, slots=True, eq=False)
class Put:
    """What somebody says; `replaces` is the version it is said instead of, 0 for a new record, `at` when (milliseconds UTC)."""

    actor: Actor
    act: ActId
    proposal: Proposal
    replaces: int
    at: int

    @property
    def key(self) -> Key:
        """Of the record it is about."""
        return self.act, self.proposal.id


def put_in(connection: Connection, puts: Sequence[Put], limits: Limits) -> list[Suggestion | ZlahodaError]:
    """Each put's record as it is now, or why it was refused; each is judged as if those before it had been stored.

    Locks are taken in the order of the journal's appends, which decide about records (ADR 0017): documents, which new records
    lock by resting on them; then act by act its records and its chain of events. So all new ones come first; a put with
    `replaces` changes a record and makes none.
    """
    acts, people = sorted({put.act for put in puts}), sorted({put.actor.id for put in puts})
    batch = _Batch(connection, limits, read_accesses(connection, acts, of=people))
    outcomes: dict[Put, Suggestion | ZlahodaError] = {}
    if new := [put for put in puts if put.replaces == 0]:
        outcomes |= batch.make(new)
    for act in acts:
        if edits := [put for put in puts if put.act == act and put.replaces != 0]:
            outcomes |= batch.edit(edits)
        if happened := batch.happened[act]:
            record_all(connection, act, happened)
    return [outcomes[put] for put in puts]


class _Batch:
    """What the puts of one transaction are judged by, and what is to be written when they are."""

    def __init__(self, connection: Connection, limits: Limits, accesses: dict[ActId, ActAccess]) -> None:
        self._connection = connection
        self._limits = limits
        self._accesses = accesses
        self._records: dict[Key, Suggestion] = {}
        self._edited_at: dict[Key, int] = {}
        self._places: dict[DocumentId, Place] = {}
        self._counts: dict[tuple[ActId, UserId], Count] = {}
        self._made: list[Suggestion] = []
        self._changed: list[Suggestion] = []
        self._decisions: list[tuple[Suggestion, Decision]] = []
        self.happened: dict[ActId, list[Happened]] = defaultdict(list)

    def make(self, puts: Sequence[Put]) -> dict[Put, Suggestion | ZlahodaError]:
        """Judge puts of new records, and store those records."""
        self._read_records(puts, lock=False)
        if any(put.key not in self._records for put in puts):
            places, authors = {put.proposal.document for put in puts}, {(put.act, put.actor.id) for put in puts}
            self._places, self._counts = count(self._connection, places, authors)
        outcomes = {put: self._judge(put) for put in puts}
        store.insert_suggestions(self._connection, self._made)
        return outcomes

    def edit(self, puts: Sequence[Put]) -> dict[Put, Suggestion | ZlahodaError]:
        """Judge puts that replace what their authors said in one act, and store what they say now."""
        self._read_records(puts, lock=True)
        outcomes = {put: self._judge(put) for put in puts}
        store.save_proposals(self._connection, self._changed)
        store.append_decisions(self._connection, self._decisions)
        self._changed, self._decisions = [], []
        return outcomes

    def _read_records(self, puts: Sequence[Put], *, lock: bool) -> None:
        for key, (held, decisions) in store.find_all(self._connection, {put.key for put in puts}, lock=lock).items():
            self._records[key] = held
            for edited in (one for one in decisions if one.what is What.EDITED):
                self._edited_at[key] = edited.at

    def _judge(self, put: Put) -> Suggestion | ZlahodaError:
        try:
            return self._take(put)
        except ZlahodaError as refused:
            return refused

    def _take(self, put: Put) -> Suggestion:
        access = self._accesses.get(put.act)
        if access is None:
            raise NotFound(f"no act {put.act}")
        require(put.actor, Action.SUGGEST, access)
        held = self._records.get(put.key)
        if held is None:
            return self._make(put)
        if held.author != put.actor.id or not held.is_visible_to(put.actor.body):
            raise Forbidden(uk="Це не ваша пропозиція.", en="This suggestion is not yours.")
        if held.proposal == put.proposal and held.version in {put.replaces, put.replaces + 1}:
            return held
        _check_edit(put, access, held)
        return self._edit(put, held)

    def _make(self, put: Put) -> Suggestion:
        if put.replaces != 0:
            raise NotFound(f"no suggestion {put.proposal.id}")
        place = self._places.get(put.proposal.document)
        if place is None or place.act != put.act:
            raise NotFound(f"no document {put.proposal.document} in {put.act}")
        author = self._counts.setdefault((put.act, put.actor.id), Count())
        if author.open >= self._limits.open_per_author or author.all >= self._limits.all_per_author:
            raise LimitReached(limit=self._limits.open_per_author)
        if place.open >= self._limits.open_per_document:
            raise LimitReached(limit=self._limits.open_per_document)
        author.open, author.all, place.open = author.open + 1, author.all + 1, place.open + 1
        made = Suggestion(put.act, put.proposal, put.actor.id, put.actor.body, put.at, put.at)
        self._made.append(made)
        self._records[put.key] = made
        self._record(put, "suggestion.made", {"suggestion": made.id, "document": made.document})
        return made

    def _edit(self, put: Put, held: Suggestion) -> Suggestion:
        changed = replace(held, proposal=put.proposal, version=held.version + 1, stamp=held.stamp + 1, updated_at=put.at)
        self._changed.append(changed)
        self._records[put.key] = changed
        edited_at = self._edited_at.get(put.key)
        if edited_at is None or put.at - edited_at >= FRESH_MS:
            self._edited_at[put.key] = put.at
            self._decisions.append((changed, Decision(0, put.at, put.actor.id, put.actor.body, What.EDITED, "", changed.version)))
            self._record(put, f"suggestion.{What.EDITED}", {"suggestion": changed.id, "version": changed.version})
        return changed

    def _record(self, put: Put, kind: str, payload: dict[str, str | int]) -> None:
        self.happened[put.act].append(Happened(put.actor.id, kind, payload, put.at))


def _check_edit(put: Put, access: ActAccess, held: Suggestion) -> None:
    check_open(held, put.replaces, put.at)
    if held.remarked:
        raise Remarked(current=held.as_json(put.at))
    if held.document != put.proposal.document:
        raise InvalidInput(fields={"document": ("Пропозиція належить іншому документу.", "The suggestion belongs elsewhere.")})
    if held.audience is Audience.ACT and not can(put.actor, Action.RELEASE, access):
        raise Forbidden(
            uk="Пропозицію вже відкрито для всіх. Відкличте її та запропонуйте наново.",
            en="This suggestion has been released to all. Withdraw it and propose anew.",
        )
