"""The history of an act's documents: the timeline of revisions, restore points and writing, and the text at any place."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from server.access.actor import Actor
from server.access.policy import Action
from server.accounts.store import find_person
from server.acts.model import MAIN
from server.acts.service import pinned_scheme
from server.db.engine import Database
from server.errors import InvalidInput, NotFound
from server.ids import ActId, DocumentId, Epoch, Seq, UserId, document_of
from server.journal.journal import START, Journal
from server.versions import store
from server.versions.activity import Activity, Session
from server.versions.model import Revision
from server.versions.playback import Past, Playback, read_page
from server.versions.points import Point, list_points_in
from server.versions.service import VersionService

_KEPT_UPDATES = 2_000_000
"""Updates of all documents whose activity is at hand, about 20 bytes each."""

Entry = Revision | Point | Session


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of the timeline: the entries that end before `before`, the newest first."""

    before: Seq | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the history names them; empty name for one who has been erased."""

    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries with the seq each ends at, the newest first; `next` is where the next page begins, None at the beginning of time."""

    document: DocumentId
    last_seq: Seq
    entries: Sequence[tuple[Seq, Entry]]
    people: Mapping[UserId, Who]
    next: Seq | None


class HistoryService:
    """Reads journals; what was computed of one is kept and only continued."""

    def __init__(self, database: Database, journal: Journal, versions: VersionService, playback: Playback) -> None:
        self._database = database
        self._journal = journal
        self._versions = versions
        self._playback = playback
        self._turn = asyncio.Lock()
        self._kept: OrderedDict[tuple[DocumentId, Epoch], Activity] = OrderedDict()

    async def text_at(self, actor: Actor, act: ActId, seq: Seq, part: str = MAIN) -> Past:
        """The text after update `seq`. Raises NotFound, Forbidden, TooManyRequests, Unavailable, Damaged."""
        card = await self._versions.permit(actor, Action.SEE_HISTORY, act)
        return await self._playback.at(_document(act, part), seq, pinned_scheme(card))

    async def timeline(self, actor: Actor, act: ActId, part: str = MAIN, wanted: Wanted = Wanted()) -> Timeline:
        """Revisions, restore points and sessions of writing between them. Raises NotFound, Forbidden, Unavailable, Damaged."""
        await self._versions.permit(actor, Action.SEE_HISTORY, act)
        document = _document(act, part)
        activity = await self._activity(document)

        def marks(connection: Connection) -> list[tuple[Seq, Entry]]:
            revisions = [revision for revision in store.list_revisions(connection, act) if document in revision.seqs]
            points = list_points_in(connection, document)
            return [*((one.seqs[document], one) for one in revisions), *((point.seq, point) for point in points)]

        entries = await self._database.read(marks)
        cuts = [seq for seq, _ in entries]
        sessions = await asyncio.to_thread(activity.sessions, START, activity.seq, cuts)
        entries += [(session.last, session) for session in sessions]
        entries.sort(key=lambda entry: (entry[0], *_rank(entry[1])), reverse=True)
        return await self._page(document, activity.seq, entries, wanted)

    async def _page(self, document: DocumentId, last: Seq, entries: Sequence[tuple[Seq, Entry]], wanted: Wanted) -> Timeline:
        """The page ends with a whole seq, so that no entry is lost between two pages."""
        rest = [entry for entry in entries if wanted.before is None or entry[0] < wanted.before]
        shown = rest[: wanted.limit]
        shown += [entry for entry in rest[wanted.limit :] if shown and entry[0] == shown[-1][0]]
        more = shown[-1][0] if len(shown) < len(rest) else None
        people = await self._people({_user(entry) for _, entry in shown} - {None})
        return Timeline(document, last, shown, people, more)

    async def authors(
        self, actor: Actor, act: ActId, after: Seq, up_to: Seq, part: str = MAIN
    ) -> tuple[Sequence[Session], Mapping[UserId, Who]]:
        """Who wrote how much after one place up to another, one entry a person, who wrote most first.

        Raises NotFound, Forbidden, InvalidInput, Unavailable, Damaged.
        """
        await self._versions.permit(actor, Action.SEE_HISTORY, act)
        if after > up_to:
            raise InvalidInput(fields={"to": ("Кінець раніше за початок.", "The end is before the beginning.")})
        activity = await self._activity(_document(act, part))
        by_person: dict[UserId, Session] = {}
        for session in await asyncio.to_thread(activity.sessions, after, up_to):
            held = by_person.get(session.user)
            by_person[session.user] = session if held is None else _together(held, session)
        found = sorted(by_person.values(), key=lambda session: (-session.inserted - session.deleted, session.first))
        return found, await self._people(set(by_person))

    async def _activity(self, document: DocumentId) -> Activity:
        """What everyone did up to now; one history is read at a time. Raises NotFound, Unavailable, Damaged."""
        async with self._turn:
            head = await self._journal.read_head(document)
            key = (document, head.fence.epoch)
            activity = self._kept.setdefault(key, Activity())
            self._kept.move_to_end(key)
            while activity.seq < head.last_seq:
                page = await read_page(self._journal, document, activity.seq, head.last_seq)
                await asyncio.to_thread(activity.take, page)
            while len(self._kept) > 1 and sum(kept.seq for kept in self._kept.values()) > _KEPT_UPDATES:
                self._kept.popitem(last=False)
            return activity

    async def _people(self, users: set[UserId | None]) -> Mapping[UserId, Who]:
        def read(connection: Connection) -> dict[UserId, Who]:
            found = {user: find_person(connection, user=user) for user in users if user}
            return {user: Who(person.name, person.body) for user, person in found.items() if person is not None}

        return await self._database.read(read)


def _rank(entry: Entry) -> tuple[int, int]:
    """What comes after what at one seq: what was written, the point made of it, the revisions frozen there in their order."""
    match entry:
        case Session():
            return 0, 0
        case Point():
            return 1, 0
        case Revision():
            return 2, entry.number


def _user(entry: Entry) -> UserId | None:
    match entry:
        case Revision():
            return entry.created_by
        case Session():
            return entry.user
        case Point():
            return None


def _together(first: Session, second: Session) -> Session:
    return replace(
        first,
        last=max(first.last, second.last),
        ended=max(first.ended, second.ended),
        inserted=first.inserted + second.inserted,
        deleted=first.deleted + second.deleted,
        updates=first.updates + second.updates,
    )


def _document(act: ActId, part: str) -> DocumentId:
    if part and not part.isidentifier():
        raise NotFound(f"no part {part!r}")
    return document_of(act, part)
