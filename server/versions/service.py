"""Revisions: freeze the saved text, read what was frozen. Each verb asks the policy; a revision and its event are one transaction."""

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from server.access.actor import Actor
from server.access.policy import Action, require
from server.acts.access import read_access
from server.acts.model import Card
from server.acts.service import pinned_scheme
from server.acts.store import lock_act, read_card
from server.clock import Clock
from server.db.engine import Database
from server.errors import Conflict, InvalidInput, NotFound
from server.events.store import Value, record
from server.formats import formats
from server.formats.canonical import Line
from server.formats.formats import Export
from server.ids import ActId, DocumentId
from server.journal.journal import Journal
from server.journal.store import read_documents_in
from server.rooms.fanout import View
from server.text.numbering import Scheme
from server.versions import store
from server.versions.freezing import Cause, FrozenPart, freeze_part, next_revision
from server.versions.model import MAX_NOTE, Revision, RevisionContent, RevisionKind, TextMoved, scheme_of
from server.versions.present import PresentPart, read_present

OnFrozen = Callable[[Connection, Revision], None]
"""Called in the transaction that writes a revision, after it: what it writes is kept exactly when the revision is."""

Show = Callable[[DocumentId, View], None]
"""Tells everyone in a document's room something, each as their body may see it."""


class VersionService:
    """The verbs on revisions. `read` and `head` ask for no right: callers inside the server have asked already."""

    def __init__(self, database: Database, journal: Journal, clock: Clock, show: Show) -> None:
        self.on_frozen: list[OnFrozen] = []
        self._database = database
        self._journal = journal
        self._clock = clock
        self._show = show

    async def freeze(self, actor: Actor, act: ActId, note: str = "", expected_hash: str = "") -> Revision:
        """Freeze every part of the saved text as the next revision.

        `expected_hash` is the content hash of the main text the actor has read. Raises NotFound, Forbidden, InvalidInput,
        TextMoved, Conflict.
        """
        note = clean_note(note)
        card = await self.permit(actor, Action.FREEZE, act)
        scheme = pinned_scheme(card)
        present = await read_present(self._database, self._journal, act)
        parts = await asyncio.to_thread(lambda: [freeze_part(part.text(), scheme) for part in present])
        if expected_hash and parts[0].record.content_hash != expected_hash:
            raise TextMoved(content_hash=parts[0].record.content_hash)
        cause = Cause(act, RevisionKind.REVISION, card.title, note, actor.id, self._clock())
        frozen = await self._database.write(lambda connection: self._write(connection, actor, cause, scheme, present, parts))
        for document in frozen.seqs:
            self._show(document, lambda _body: {"type": "revision", "number": frozen.number, "hash": frozen.hash})
        return frozen

    def _write(  # noqa: PLR0913 - everything a transaction decides from
        self,
        connection: Connection,
        actor: Actor,
        cause: Cause,
        scheme: Scheme,
        present: Sequence[PresentPart],
        parts: Sequence[FrozenPart],
    ) -> Revision:
        lock_act(connection, cause.act)
        require(actor, Action.FREEZE, read_access(connection, cause.act))
        epochs = {state.part: state.fence.epoch for state in read_documents_in(connection, cause.act)}
        if epochs != {part.part: part.epoch for part in present}:
            raise Conflict  # restored from a backup, or a part was added, since the texts were read
        content = next_revision(cause, scheme, parts, store.find_head(connection, cause.act))
        revision = content.revision
        store.insert_revision(connection, content)
        told: dict[str, Value] = {"number": revision.number, "hash": revision.hash, "content_hash": revision.content_hash}
        record(connection, cause.act, actor.id, "revision.frozen", told, cause.at)
        for tell in self.on_frozen:
            tell(connection, revision)
        return revision

    async def read(self, act: ActId, number: int) -> RevisionContent:
        """A revision with its texts. Raises NotFound."""
        return await self._database.read(lambda connection: store.read_revision(connection, act, number))

    async def head(self, act: ActId) -> Revision | None:
        """The newest revision, or None before the first."""
        return await self._database.read(lambda connection: store.find_head(connection, act))

    async def list(self, actor: Actor, act: ActId) -> Sequence[Revision]:
        """The revisions of an act, the newest first. Raises NotFound, Forbidden."""
        await self.permit(actor, Action.READ, act)
        found = await self._database.read(lambda connection: store.list_revisions(connection, act))
        return found[::-1]

    async def lines(self, actor: Actor, act: ActId, number: int, part: str) -> tuple[Revision, Sequence[Line]]:
        """One part of a revision, unit by unit. Raises NotFound, Forbidden, Damaged."""
        await self.permit(actor, Action.READ, act)
        content = _with_part(await self.read(act, number), part)
        return content.revision, await asyncio.to_thread(content.lines, part)

    async def export(self, actor: Actor, act: ActId, number: int, name: str, part: str) -> tuple[Revision, Export]:
        """One part of a revision as a file in the format `name`. Raises NotFound, Forbidden, UnsupportedType, Damaged."""
        card = await self.permit(actor, Action.EXPORT, act)
        content = _with_part(await self.read(act, number), part)

        def write() -> Export:
            frozen = content.frozen(part)
            return formats.write(name, frozen.tree, scheme_of(frozen), content.revision.title, card.kind)

        return content.revision, await asyncio.to_thread(write)

    async def permit(self, actor: Actor, action: Action, act: ActId) -> Card:
        """The act's card, if the actor may do this. Raises NotFound, Forbidden."""
        access, card = await self._database.read(lambda connection: (read_access(connection, act), read_card(connection, act)))
        require(actor, action, access)
        return card


def clean_note(note: str) -> str:
    """The reason for a revision, without space around it. Raises InvalidInput for a very long one."""
    clean = note.strip()
    if len(clean) > MAX_NOTE:
        raise InvalidInput(fields={"note": (f"Примітка довша за {MAX_NOTE} знаків.", f"The note is longer than {MAX_NOTE} characters.")})
    return clean


def _with_part(content: RevisionContent, part: str) -> RevisionContent:
    if part not in content.trees:
        raise NotFound(f"no part {part!r}", uk="Такої частини в цій редакції немає.", en="The revision has no such part.")
    return content
