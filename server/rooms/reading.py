"""From the journal into a room, in pieces; a checkpoint that moves meanwhile makes it begin again."""

from server.broker.broker import Committed
from server.errors import Conflict
from server.ids import DocumentId, Seq
from server.journal.journal import Journal, Record
from server.rooms.live import Opened


async def read_opened(journal: Journal, document: DocumentId) -> Opened:
    """Head, checkpoint and every update after it. Raises NotFound, Unavailable."""
    while True:
        head = await journal.read_head(document)
        start = head.checkpoint.seq if head.checkpoint is not None else Seq(0)
        try:
            return Opened(head, tuple(await read_after(journal, document, start)))
        except Conflict:
            continue  # compacted between the two reads


async def read_after(journal: Journal, document: DocumentId, seq: Seq) -> list[Record]:
    """Every update after `seq`, in order. Raises NotFound, Unavailable, and Conflict when `seq` lies before the checkpoint."""
    records: list[Record] = []
    while piece := await journal.read_after(document, records[-1].seq if records else seq):
        records.extend(piece)
    return records


def records_of(message: Committed, at: int) -> list[Record]:
    """What another node says it has stored, as the journal would give it; `at` stands for the time it does not say."""
    places = enumerate(message.entries)
    return [Record(Seq(message.first + place), entry.update, entry.author, at, message.epoch) for place, entry in places]
