"""The texts of an act as they are on disk now, all parts. No room is asked: what is frozen or compared has been saved (P1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.acts.texts import tree_of
from server.db.engine import Database
from server.errors import NotFound
from server.ids import ActId, Epoch, document_of
from server.journal.journal import Journal
from server.journal.store import DocumentState, read_documents_in
from server.journal.whole import Whole, read_whole
from server.versions.freezing import PartText


@dataclass(frozen=True, slots=True)
class PresentPart:
    """One document's saved updates and the history they belong to; `text` builds its tree, which takes the CPU for a while."""

    part: str
    epoch: Epoch
    whole: Whole

    def text(self) -> PartText:
        """The document as a tree."""
        return PartText(self.part, self.whole.head.document, self.whole.seq, tree_of(self.whole))


async def read_present(database: Database, journal: Journal, act: ActId) -> list[PresentPart]:
    """Every document of an act, the main text first. Raises NotFound."""
    states: Sequence[DocumentState] = await database.read(lambda connection: read_documents_in(connection, act))
    if not states:
        raise NotFound(f"no act {act}")
    return [await _read(journal, act, state.part) for state in states]


async def read_present_part(journal: Journal, act: ActId, part: str) -> PresentPart:
    """One document of an act. Raises NotFound."""
    if part and not part.isidentifier():
        raise NotFound(f"no part {part!r}")
    return await _read(journal, act, part)


async def _read(journal: Journal, act: ActId, part: str) -> PresentPart:
    whole = await read_whole(journal, document_of(act, part))
    return PresentPart(part, whole.head.fence.epoch, whole)
