"""What an operator does to documents: look at their health, verify, put back, try quarantined updates again. Each is recorded."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from server.access.actor import Actor
from server.accounts.store import find_person
from server.acts.service import pinned_scheme
from server.acts.store import read_card
from server.broker.broker import Broker, BrokerMessage, Committed
from server.clock import Clock
from server.crdt.document import EMPTY_UPDATE
from server.crdt.replay import compact, replay
from server.crdt.rewrite import rewrite
from server.db.engine import Database
from server.errors import Conflict, NotFound
from server.events.store import SYSTEM, Value, record
from server.ids import ClientId, DocumentId, Seq, act_of
from server.journal.journal import Append, Appended, Entry, Journal
from server.journal.whole import read_whole
from server.operations.store import Kept, Stored, drop_kept_in, list_documents_in, list_kept_in, read_kept_in
from server.rooms.inside import InsideWriter
from server.rooms.registry import Registry
from server.text.convert import to_elements
from server.text.tree import Tree
from server.versions.chain import Defect
from server.versions.packaging import defects_of_act
from server.versions.playback import Playback
from server.versions.points import Reason, RestorePoints
from server.workers.pool import Workers

PAGE = 50


@dataclass(frozen=True, slots=True)
class Health:
    """A document on disk, and its room in this process, if it has one."""

    stored: Stored
    open_here: bool
    connections: int
    pending_bytes: int
    saving_stopped: bool


class OperatorService:
    """For administrators; reads no text to anybody."""

    def __init__(  # noqa: PLR0913 - what an operator looks after
        self,
        database: Database,
        journal: Journal,
        registry: Registry,
        broker: Broker,
        playback: Playback,
        points: RestorePoints,
        workers: Workers,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._registry = registry
        self._broker = broker
        self._playback = playback
        self._points = points
        self._workers = workers
        self._clock = clock

    async def documents(self, prefix: str, before: str, *, open_only: bool) -> list[Health]:
        """A page of documents, the newest first."""
        wanted = self._registry.open_documents if open_only else []
        if open_only and not wanted:
            return []
        found = await self._database.read(lambda connection: list_documents_in(connection, wanted, prefix, before, PAGE))
        return [self._health(stored) for stored in found]

    def _health(self, stored: Stored) -> Health:
        home = self._registry.homes.find(stored.document)
        if home is None:
            return Health(stored, open_here=False, connections=0, pending_bytes=0, saving_stopped=False)
        room = home.room
        return Health(
            stored,
            open_here=True,
            connections=len(room.connections),
            pending_bytes=room.pending_bytes,
            saving_stopped=room.saving_stopped,
        )

    async def verify(self, actor: Actor, document: DocumentId) -> Sequence[Defect]:
        """Every defect of the document's act. Raises NotFound, Unavailable."""
        await self._journal.read_head(document)
        defects = await self._database.read(partial(defects_of_act, act=act_of(document)))
        await self._record(actor, "document.verified", {"document": document, "defects": len(defects)})
        return defects

    async def restore(self, actor: Actor, document: DocumentId, seq: Seq) -> bool:
        """Make the document read as after its update `seq`, by an edit of the operator on top of everything; False when it does.

        What people type meanwhile is kept. Raises NotFound, Conflict (sealed, or changed under it), Unavailable, Damaged.
        """
        card = await self._database.read(lambda connection: read_card(connection, act_of(document)))
        past = await self._playback.at(document, seq, pinned_scheme(card))
        await self._points.keep(document, Reason.RESTORE)
        whole = await read_whole(self._journal, document)
        client = ClientId(secrets.randbits(31) + 2**31)
        update = await self._workers.run(sum(map(len, whole.updates)), _back_to, whole.updates, past.tree, client)
        if update == EMPTY_UPDATE:
            return False
        entry = Entry(update, actor.id)
        (outcome,) = await self._journal.append([Append(document, whole.head.fence, (entry,), ((client, actor.id),))])
        if not isinstance(outcome, Appended):
            raise Conflict(
                uk="Документ опечатано або його права щойно змінилися. Спробуйте ще раз.",
                en="The document is sealed, or rights on it have just changed. Try again.",
            )
        await self._tell_rooms(Committed(document, whole.head.fence.epoch, outcome.first, (entry,)))
        await self._record(actor, "document.restored", {"document": document, "to": seq, "seq": outcome.first}, act_of(document))
        return True

    async def _tell_rooms(self, message: Committed) -> None:
        """The rooms of the document, here and on other nodes, take it as they take anything another node has stored."""
        subscription = await self._broker.subscribe(message.document, _deaf)
        subscription.publish(message)
        await subscription.cancel()

    # -- quarantine ----------------------------------------------------------------------------------------------------

    async def kept(self) -> list[Kept]:
        """What could not be applied, the newest first."""
        return await self._database.read(list_kept_in)

    async def release(self, actor: Actor, name: str) -> None:
        """Try an update again, in its author's name and with the rights they have now; then it leaves quarantine.

        Raises NotFound, Conflict when it still cannot be applied or is refused (it stays then), Forbidden, Unavailable.
        """
        kept = await self._database.read(lambda connection: read_kept_in(connection, name))
        author = await self._database.read(lambda connection: find_person(connection, user=kept.user))
        if author is None:
            raise NotFound(f"no person {kept.user}")
        whole = await read_whole(self._journal, kept.document)
        size = sum(map(len, whole.updates))
        if not await self._workers.run(size, _fits, whole.updates, kept.update):
            raise Conflict(
                uk="Ця зміна й далі не може бути застосована. Вона лишається в карантині.",
                en="This change still cannot be applied. It stays in quarantine.",
            )
        person = Actor(author.id, author.name, author.body, author.role)
        await InsideWriter(self._registry).edit(person, kept.document, partial(_as_it_was, kept.update))
        await self._drop(actor, "quarantine.released", kept)

    async def discard(self, actor: Actor, name: str) -> None:
        """Give an update up. Its hash stays in the record of actions. Raises NotFound."""
        kept = await self._database.read(lambda connection: read_kept_in(connection, name))
        await self._drop(actor, "quarantine.discarded", kept)

    async def _drop(self, actor: Actor, kind: str, kept: Kept) -> None:
        digest = hashlib.sha256(kept.update).hexdigest()
        told: dict[str, Value] = {"document": kept.document, "user": kept.user, "rule": kept.rule, "sha256": digest}
        at = self._clock()

        def work(connection: Connection) -> None:
            drop_kept_in(connection, kept.id)
            record(connection, SYSTEM, actor.id, kind, told, at)

        await self._database.write(work)

    async def note_drain(self, actor: Actor, node: str) -> None:
        """Record that somebody asked a node to drain."""
        await self._record(actor, "node.drained", {"node": node})

    async def _record(self, actor: Actor, kind: str, told: dict[str, Value], act: str = "") -> None:
        at = self._clock()

        def work(connection: Connection) -> None:
            for scope in (act, SYSTEM) if act else (SYSTEM,):
                record(connection, scope, actor.id, kind, told, at)

        await self._database.write(work)


def _deaf(_message: BrokerMessage) -> None:
    """Who only speaks."""


def _as_it_was(update: bytes, _state: bytes) -> bytes:
    return update


def _back_to(updates: Sequence[bytes], tree: Tree, client: ClientId) -> bytes:
    return rewrite(compact(updates), to_elements(tree), client)


def _fits(updates: Sequence[bytes], update: bytes) -> bool:
    """Whether the library takes an update into this document now."""
    document = replay(updates)
    try:
        document.apply_update(update)
    except BaseException:  # noqa: BLE001 - the library panics with exceptions of its own
        return False
    return True
