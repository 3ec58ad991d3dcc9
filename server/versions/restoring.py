"""Back to the text of a revision, forward in time: an ordinary edit by whoever asks for it. Nothing that was written is lost."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from server.access.actor import Actor
from server.access.policy import Action
from server.clock import Clock
from server.crdt.rewrite import rewrite
from server.db.engine import Database
from server.errors import Conflict
from server.events.store import Value, record
from server.ids import ActId, ClientId, DocumentId
from server.journal.store import read_documents_in
from server.rooms.inside import InsideWriter
from server.text.convert import to_elements
from server.text.tree import Tree
from server.versions.points import Reason, RestorePoints
from server.versions.service import VersionService


@dataclass(frozen=True, slots=True)
class Restored:
    """One part of the act: whether its text had to be changed to read as in the revision."""

    part: str
    document: DocumentId
    changed: bool


class RestoreService:
    """Restores revisions."""

    def __init__(self, database: Database, versions: VersionService, points: RestorePoints, writer: InsideWriter, clock: Clock) -> None:
        self._database = database
        self._versions = versions
        self._points = points
        self._writer = writer
        self._clock = clock

    async def restore(self, actor: Actor, act: ActId, number: int) -> Sequence[Restored]:
        """Make every part that the revision holds read as it did then, block ids kept; parts it does not know stay as they are.

        What people type meanwhile is kept. Raises NotFound, Forbidden, Conflict, TooLarge, Unavailable, Damaged.
        """
        await self._versions.permit(actor, Action.EDIT, act)
        content = await self._versions.read(act, number)
        states = await self._database.read(lambda connection: read_documents_in(connection, act))
        present = {state.part: state.document for state in states}
        done: list[Restored] = []
        for part in content.revision.parts:
            if part.part not in present:
                raise Conflict(uk="Частини з цієї редакції більше немає в акті.", en="A part of this revision is no longer in the act.")
            await self._points.keep(part.document, Reason.RESTORE)
            changed = await self._writer.edit(actor, part.document, partial(back_to, tree=content.frozen(part.part).tree))
            done.append(Restored(part.part, part.document, changed))
        told: dict[str, Value] = {"number": number, "hash": content.revision.hash, "parts": [one.part for one in done if one.changed]}
        at = self._clock()
        await self._database.write(lambda connection: record(connection, act, actor.id, "revision.restored", told, at))
        return done


def back_to(state: bytes, tree: Tree) -> bytes:
    """The update that makes a document in `state` read as `tree`; the empty update when it does."""
    return rewrite(state, to_elements(tree), ClientId(secrets.randbits(31) + 2**31))
