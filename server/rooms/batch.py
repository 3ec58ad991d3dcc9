"""The edits one commit carries, and what their senders are to hear."""

from dataclasses import dataclass, field
from typing import NamedTuple

from server.crdt.document import merge
from server.crdt.typed import join_typed
from server.ids import ClientId, UserId
from server.journal.journal import Decided, Entry, Fence
from server.rooms.connection import Connection
from server.rooms.intake import Edit, Take, TurnDown


class Reply(NamedTuple):
    """The answer to one edit: refused, or (None) saved."""

    edit: Edit
    refusal: TurnDown | None


@dataclass(slots=True, eq=False)
class Batch:
    """What is taken together, applied once, stored in one share and sent in one frame. Replies keep the order of the edits."""

    fence: Fence
    """What must still hold when it is stored: rights were judged under it, so a later attempt is refused once it moved."""
    began: int
    takes: list[Take] = field(default_factory=list)
    received: list[Entry] = field(default_factory=list)
    """The same as it came: what was joined to be judged is stored in its parts (P2)."""
    authors: list[Connection] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    merged: bytes = b""
    whole: Entry | None = None
    """The one update that was judged in pieces, which are the takes."""
    applied: bool = True
    """False after the live document was loaded again while the batch waits for the disk."""

    def take(self, edit: Edit, take: Take) -> None:
        """Add an accepted edit."""
        self.takes.append(take)
        self.received += [Entry(part, take.entry.author) for part in edit.parts] or [take.entry]
        self.authors.append(edit.connection)
        self.replies.append(Reply(edit, None))

    def joined(self) -> bytes:
        """What was taken, as one update. Raises PoisonedUpdate."""
        if len(self.takes) == 1:
            return self.takes[0].entry.update
        updates = join_typed([(take.entry.update, take.description) for take in self.takes])
        return updates[0] if len(updates) == 1 else merge(updates)

    def entries(self) -> tuple[Entry, ...]:
        """What goes to the journal, in order."""
        return (self.whole,) if self.whole is not None else tuple(self.received)

    def bindings(self) -> tuple[tuple[ClientId, UserId], ...]:
        """The client ids seen for the first time, once each."""
        return tuple(dict.fromkeys([binding for take in self.takes for binding in take.bindings]))

    def decided(self) -> tuple[Decided, ...]:
        """The decisions about suggestions, in order."""
        return tuple([one for take in self.takes for one in take.decided])

    def only_author(self) -> Connection | None:
        """The one connection everything came from, or None."""
        first = self.authors[0]
        return first if self.authors.count(first) == len(self.authors) else None
