"""Everything a journal holds of one document's present state, read in one piece."""

from dataclasses import dataclass

from server.errors import Conflict, Unavailable
from server.ids import DocumentId, Seq
from server.journal.journal import Head, Journal, Record

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Whole:
    """A document's checkpoint, if any, in `head`, and every update after it, in order."""

    head: Head
    records: list[Record]

    @property
    def seq(self) -> Seq:
        """The place of the last update that is in here."""
        if self.records:
            return self.records[-1].seq
        return self.head.checkpoint.seq if self.head.checkpoint else Seq(0)

    @property
    def updates(self) -> list[bytes]:
        """What makes the document, applied to an empty one in order: the checkpoint's state first."""
        state = [self.head.checkpoint.state] if self.head.checkpoint else []
        return state + [record.update for record in self.records]


async def read_whole(journal: Journal, document: DocumentId) -> Whole:
    """The document up to its last update. Raises NotFound, and Unavailable when it is compacted again and again meanwhile."""
    for _ in range(_ATTEMPTS):
        head = await journal.read_head(document)
        records: list[Record] = []
        seq = head.checkpoint.seq if head.checkpoint else Seq(0)
        try:
            while seq < head.last_seq:
                records.extend(await journal.read_after(document, seq))
                seq = records[-1].seq
        except Conflict:  # a newer checkpoint has taken the place of what was still to be read
            continue
        return Whole(head, records)
    raise Unavailable(f"{document} changes faster than it can be read")
