"""A document as its room holds it: stored bytes until somebody needs more, then the CRDT, and at the first write the guard's ledger."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from server.crdt.document import ActDocument, merge, read_state_vector, state_vector_of, write_state_vector
from server.crdt.pieces import delete_set
from server.crdt.update import MAX_CLOCK, DeleteRange, Description, describe
from server.guard.ledger import Ledger
from server.ids import ClientId, Seq, UserId
from server.journal.journal import Head, Record
from server.rooms.fanout import answer_body, update_body
from server.rooms.recent import Recent

NOTHING_HELD = b"\x00"
"""The state vector of a client that holds nothing."""

MAX_CACHED_ANSWERS = 64

_SHORT_LOG = 64
"""Up to so many stored parts the state vector is read from them; building the document is faster beyond."""

_PIECE_UPDATES = 100
_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """What the journal gave for a document: its head and every update after the checkpoint, in order."""

    head: Head
    records: tuple[Record, ...]

    @property
    def seq(self) -> Seq:
        """The last update these bytes contain."""
        if self.records:
            return self.records[-1].seq
        return self.head.checkpoint.seq if self.head.checkpoint is not None else Seq(0)

    def after(self, seq: Seq) -> bytes | None:
        """What was stored after `seq`, as one update; None for nothing."""
        checkpoint = self.head.checkpoint
        updates = [record.update for record in self.records if record.seq > seq]
        if checkpoint is not None and checkpoint.seq > seq:
            updates.insert(0, checkpoint.state)
        return merge(updates) if updates else None


class Live:
    """The stored state plus what was applied since. The CRDT is built on the first question that bytes cannot answer."""

    def __init__(self, opened: Opened) -> None:
        checkpoint = opened.head.checkpoint
        self._parts: list[bytes] = [] if checkpoint is None else [checkpoint.state]
        self._parts.extend(record.update for record in opened.records)
        self._recent = Recent([record.update for record in opened.records])
        self._bindings: dict[ClientId, UserId] = dict(opened.head.bindings)
        self._learn_owners([record for record in opened.records if record.seq > opened.head.last_seq])
        self.replaced = opened.head.replaced
        """Clients may hold another history (D8b)."""
        self._document: ActDocument | None = None
        self._ledger: Ledger | None = None
        self._late: list[tuple[Description, UserId]] | None = None  # what came while the ledger was being built aside
        self._answers: dict[bytes, tuple[bytes, ...]] = {}
        self._state_vector: bytes | None = None
        self._deleted: Mapping[ClientId, Sequence[tuple[int, int]]] | None = None

    @property
    def document(self) -> ActDocument:
        """The CRDT; the first question that bytes cannot answer builds it."""
        if self._document is None:
            document = ActDocument()
            for part in self._parts[:1]:
                document.load(part)
            for part in in_pieces(self._parts[1:]):
                document.apply(part)
            self._document, self._parts = document, []
        return self._document

    @property
    def ledger(self) -> Ledger:
        """What the guard remembers; the first write builds it."""
        if self._ledger is None:
            self._ledger = Ledger.load(self.document.state(), self._bindings)
        return self._ledger

    def prepare(self, in_place_bytes: int) -> Callable[[], Ledger] | None:
        """What builds the ledger of a document above `in_place_bytes`, to be run in another thread; None when it is there or soon made.

        What is noted until `prepared` is kept for it.
        """
        if self._ledger is not None:
            return None
        state = self.document.state()
        if len(state) <= in_place_bytes:
            return None
        self._late = []
        return partial(Ledger.load, state, dict(self._bindings))

    def prepared(self, ledger: Ledger) -> None:
        """The ledger as `prepare` gave it to be built."""
        for description, author in self._late or ():
            ledger.commit(description, author)
        self._ledger, self._late = ledger, None

    def _learn_owners(self, records: Sequence[Record]) -> None:
        """Client ids bound after the head was read: whoever stored their first update owns them."""
        for record in records:
            self._own(describe(record.update), record.author)

    def _own(self, description: Description, author: UserId) -> None:
        for found in description.ranges:
            self._bindings.setdefault(found.client, author)

    def owner(self, client: ClientId) -> UserId | None:
        """Who wrote with this client id."""
        return (self._bindings if self._ledger is None else self._ledger.owners).get(client)

    def state_vector(self) -> bytes:
        """What the document holds, applied updates included."""
        if self._state_vector is None:
            short = self._document is None and 0 < len(self._parts) <= _SHORT_LOG
            self._state_vector = self._read_state_vector() if short else self.document.state_vector()
        return self._state_vector

    def state_vector_without(self, applied: Iterable[Description]) -> bytes:
        """What the document held before these updates, which are in it; less where one brought something once more."""
        held = read_state_vector(self.state_vector())
        for description in applied:
            for found in description.ranges:
                held[found.client] = min(held.get(found.client, 0), found.start)
        return write_state_vector({client: clock for client, clock in held.items() if clock})

    def _read_state_vector(self) -> bytes:
        """From the stored bytes: nothing in the journal waits for anything, so an update's ranges say how far it reaches."""
        held: dict[ClientId, int] = {}
        for number, part in enumerate(self._parts):
            if number == 0:
                held = read_state_vector(state_vector_of(part))
            else:
                for found in describe(part).ranges:
                    held[found.client] = max(held.get(found.client, 0), found.end)
        return write_state_vector(held)

    def apply(self, update: bytes) -> None:
        """Apply one update. Raises PoisonedUpdate; the document is then not to be trusted any more."""
        self._changed()
        self.document.apply(update)

    def _changed(self) -> None:
        self._answers.clear()
        self._state_vector = None
        self._deleted = None

    def note(self, update: bytes, description: Description, author: UserId) -> None:
        """Remember what an accepted update brings, and whose it is; a ledger that is not built yet learns it from the document."""
        self._recent.note(update, description)
        if self._ledger is None:
            self._own(description, author)
            if self._late is not None:
                self._late.append((description, author))
        else:
            self._ledger.commit(description, author)

    def take_stored(self, records: Sequence[Record]) -> None:
        """Take updates that are already in the journal, from another node."""
        for record in records:
            self.note(record.update, describe(record.update), record.author)
        if self._document is None:
            self._parts.extend(record.update for record in records)
            self._changed()
            return
        for part in in_pieces([record.update for record in records]):
            self.apply(part)

    def answer(self, state_vector: bytes) -> tuple[bytes, ...]:
        """The bodies that answer a SyncStep1: a SyncStep2, perhaps Updates before or after it. Kept until the next change."""
        bodies = self._answers.get(state_vector)
        if bodies is None:
            if len(self._answers) >= MAX_CACHED_ANSWERS:
                self._answers.clear()
            bodies = self._answers[state_vector] = self._make_answer(state_vector)
        return bodies

    def _make_answer(self, state_vector: bytes) -> tuple[bytes, ...]:
        """A client that holds nothing gets the stored bytes as they are: nothing has to be built for it.

        One that was away for a moment first gets, one by one, the updates that it missed: its editor reads from each what belongs together.
        """
        if self._parts and state_vector == NOTHING_HELD:
            first, *rest = self._parts
            return (answer_body(first), *(update_body(part) for part in in_pieces(rest)))
        held = read_state_vector(state_vector)
        missed = self._recent.missed(held, read_state_vector(self.state_vector())) if held else ()
        return (*(update_body(update) for update in missed), answer_body(self.document.update_since(state_vector)))

    def holds_more_than_us(self, state_vector: bytes, user: UserId) -> bool:
        """True when a client holds edits of other users that are not here. Raises DecodeError."""
        if state_vector == NOTHING_HELD or state_vector in self._answers:
            return False
        held = read_state_vector(self.state_vector())
        ahead = (client for client, clock in read_state_vector(state_vector).items() if clock > held.get(client, 0))
        return any(self.owner(client) not in {None, user} for client in ahead)

    def lacks_what_is_in(self, state_vector: bytes, but: Collection[ClientId]) -> bool:
        """True when a client holds anything that is not here, but under the ids `but`, which are of this history. Raises DecodeError."""
        held = read_state_vector(self.state_vector())
        return any(clock > held.get(client, 0) and client not in but for client, clock in read_state_vector(state_vector).items())

    def holds_all_of(self, description: Description) -> bool:
        """True when nothing of an update is new. Every client that comes back sends all deletes it knows; they need no place on disk."""
        if description.ranges:
            state = self.ledger.state
            if any(found.end > state.get(found.client, 0) for found in description.ranges):
                return False
        if self._deleted is None and description.deletes:
            self._deleted = delete_set(describe(self.document.update_since(self.state_vector())))
        known = self._deleted or {}
        return all(_covers(known.get(deleted.client, ()), deleted) for deleted in description.deletes)

    def difference(self, state_vector: bytes) -> bytes:
        """Everything a client at `state_vector` lacks, as an update. Raises ValueError when it is no state vector."""
        return self.document.update_since(state_vector)


def in_pieces(updates: Sequence[bytes]) -> list[bytes]:
    """The updates merged into fewer; merging or applying everything at once takes the library quadratic time."""
    pieces: list[bytes] = []
    group: list[bytes] = []
    size = 0
    for update in updates:
        if group and (len(group) == _PIECE_UPDATES or size + len(update) > _PIECE_BYTES):
            pieces.append(_merged(group))
            group, size = [], 0
        group.append(update)
        size += len(update)
    if group:
        pieces.append(_merged(group))
    return pieces


def _merged(group: Sequence[bytes]) -> bytes:
    return group[0] if len(group) == 1 else merge(group)


def _covers(ranges: Sequence[tuple[int, int]], wanted: DeleteRange) -> bool:
    """Whether one of the joined `(start, end)` ranges holds all of `wanted`."""
    place = bisect_right(ranges, (wanted.clock, MAX_CLOCK)) - 1
    return place >= 0 and ranges[place][1] >= wanted.clock + wanted.length
