"""One huge edit, judged and applied piece by piece, so that no other room waits for it; stored whole, as it was received, or not at all."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import partial

from server.access.roles import Scope
from server.crdt.document import PoisonedUpdate
from server.crdt.pieces import split
from server.journal.journal import Entry
from server.rooms.batch import Batch, Reply
from server.rooms.intake import Decision, Edit, Known, Take
from server.rooms.ports import Ports

PIECE_STRUCTS = 250
"""Structs of one piece: judging and applying them takes about 10 ms."""


def is_huge(edit: Edit, ports: Ports, claimants: Iterable[Edit]) -> bool:
    """Whether an edit would hold up every room of the process, and may be judged in pieces."""
    if not ports.in_place_bytes < len(edit.update) <= ports.limits.update_bytes:
        return False
    if edit.connection.grant.scope is not Scope.WRITE or edit.in_one:
        return False
    return not any(waiting.connection is edit.connection for waiting in claimants)


def pieces_of(update: bytes) -> list[bytes]:
    """An update cut up, in an order in which each piece can be taken. Long work: run it aside."""
    return list(split(update, structs=PIECE_STRUCTS, small_bytes=0))


class End(Enum):
    """How it ended with a huge edit."""

    TAKEN = auto()
    """Every piece was judged and applied: the batch can be stored."""
    STOPPED = auto()
    """Something about a piece needs the whole edit to be answered, or the library could not apply it."""


class Huge:
    """The edit, what is left of it, and the batch that will store it. `decide` judges and applies one piece; `done` is called once."""

    def __init__(
        self,
        edit: Edit,
        batch: Batch,
        ports: Ports,
        decide: Callable[["Huge", Edit], Decision | None],
        done: Callable[["Huge", End, PoisonedUpdate | None], None],
    ) -> None:
        self.edit = edit
        self.batch = batch
        self._ports = ports
        self._decide = decide
        self._done = done
        self._pieces: deque[bytes] = deque()

    def begin(self) -> None:
        """Cut it up aside, then take a piece in each turn of the loop."""
        self._ports.aside(partial(pieces_of, self.edit.update), self._cut_up)

    def _cut_up(self, pieces: Sequence[bytes]) -> None:
        self._pieces.extend(pieces)
        self._take_piece()

    def _take_piece(self) -> None:
        try:
            decision = self._decide(self, replace(self.edit, update=self._pieces.popleft()))
        except PoisonedUpdate as error:
            self._done(self, End.STOPPED, error)
            return
        match decision:
            case None:
                return  # somebody else has the edit now
            case Take():
                self.batch.takes.append(decision)
            case Known():
                pass
            case _:
                self._done(self, End.STOPPED, None)
                return
        if self._pieces:
            self._ports.soon(self._take_piece)
        else:
            self._finish()

    def _finish(self) -> None:
        """The batch is ready to be stored: one entry with the bytes of the client, one answer."""
        batch, edit = self.batch, self.edit
        batch.whole = Entry(edit.update, edit.connection.user)
        batch.merged = edit.update
        batch.authors.append(edit.connection)
        batch.replies.append(Reply(edit, None))
        self._done(self, End.TAKEN, None)
