"""What clients sent and the room has not looked at yet, in its order."""

from collections import deque
from collections.abc import Iterable

from server.access.roles import Scope
from server.crdt.typed import Typed
from server.guard.scopes import says_nothing
from server.rooms.connection import Connection
from server.rooms.intake import Edit

MAX_BATCH_UPDATES = 128
MAX_BATCH_BYTES = 64 * 1024


class Inbox:
    """Edits that wait for a batch. `size_bytes` is that of the updates as they came."""

    def __init__(self) -> None:
        self._edits: deque[Edit] = deque()
        self._typed: dict[int, tuple[Edit, Typed]] = {}  # by connection: its newest edit here, and what it typed on from there
        self.size_bytes = 0
        self._alone = 0

    def __bool__(self) -> bool:
        return bool(self._edits)

    @property
    def says_nothing(self) -> bool:
        """True when all of it is what clients that are up to date answer: nothing is needed to judge that."""
        return all(says_nothing(edit.update) for edit in self._edits)

    def add(self, edit: Edit) -> None:
        """The newest."""
        self._close(edit.connection)
        self._edits.append(edit)
        if edit.counted and not edit.is_answer and edit.connection.grant.scope is Scope.WRITE:  # nobody looks into others' bytes (P3)
            self._typed[edit.connection.number] = (edit, Typed(edit.update))
        self.size_bytes += len(edit.update)

    def type_on(self, connection: Connection, update: bytes, max_bytes: int) -> bool:
        """Take a letter that is typed on from the newest edit of its client, if that still waits: both are one edit then."""
        found = self._typed.get(connection.number)
        if found is None or found[0].round != connection.round or self.size_bytes + len(update) > max_bytes or not found[1].add(update):
            return False
        found[0].parts = found[1].updates
        self.size_bytes += len(update)
        return True

    def holds(self, connection: Connection) -> bool:
        """True while something of this client waits here."""
        return any(edit.connection is connection for edit in self._edits)

    def put_back(self, edits: Iterable[Edit]) -> None:
        """To the front again, in their order."""
        returned = list(edits)
        self._edits.extendleft(reversed(returned))
        self.size_bytes += sum(edit.size_bytes for edit in returned)

    def take_alone(self, count: int) -> None:
        """The next `count` edits become a batch each, to find one that cannot be applied."""
        self._alone = count

    def take(self) -> list[Edit]:
        """The edits of the next batch, oldest first (S2)."""
        edits: list[Edit] = []
        size = 0
        most = 1 if self._alone else MAX_BATCH_UPDATES
        while self._edits and len(edits) < most and (not edits or size + self._edits[0].size_bytes <= MAX_BATCH_BYTES):
            edit = self._edits.popleft()
            size += edit.size_bytes
            newest = self._typed.get(edit.connection.number)
            if newest is not None and newest[0] is edit:
                self._close(edit.connection)
            edits.append(edit)
        self.size_bytes -= size
        if self._alone:
            self._alone -= 1
        return edits

    def drop_edits_of_the_gone(self) -> None:
        """What clients sent that left meanwhile goes."""
        for edit in self._edits:
            if edit.connection.closed:
                self._close(edit.connection)
        self._edits = deque(edit for edit in self._edits if not edit.connection.closed)
        self.size_bytes = sum(edit.size_bytes for edit in self._edits)

    def _close(self, connection: Connection) -> None:
        """Nothing joins the newest edit of a client any more."""
        edit, typed = self._typed.pop(connection.number, (None, None))
        if edit is not None and typed is not None:
            edit.update = typed.whole()

    def clear(self) -> None:
        """Forget everything."""
        self._edits.clear()
        self._typed.clear()
        self.size_bytes = 0
