"""Who wrote how much, and when: told from the journal's updates alone. Pure."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from server.crdt.lib0 import DecodeError
from server.crdt.structs import STRING
from server.crdt.update import describe
from server.ids import Seq, UserId
from server.journal.journal import Record

SESSION_GAP_MS = 30 * 60_000
"""A pause after which a person's writing counts as another session."""


@dataclass(frozen=True, slots=True)
class Session:
    """One person's writing without a long pause. `inserted` and `deleted` count characters (UTF-16 units) and deleted items.

    `first` and `last` are the first and last seq; others may have written in between. Times in milliseconds UTC.
    """

    user: UserId
    first: Seq
    last: Seq
    began: int
    ended: int
    inserted: int
    deleted: int
    updates: int


class Activity:
    """One document's updates in a few bytes each, from the first one on; `take` only adds what follows."""

    def __init__(self) -> None:
        self._users: list[UserId] = []
        self._who = array("H")
        self._at = array("q")
        self._inserted = array("I")
        self._deleted = array("I")

    @property
    def seq(self) -> Seq:
        """The last update taken."""
        return Seq(len(self._at))

    def take(self, records: Iterable[Record]) -> None:
        """Add the updates that follow."""
        places = {user: place for place, user in enumerate(self._users)}
        for record in records:
            if record.seq != self.seq + 1:
                raise ValueError(f"update {record.seq} does not follow {self.seq}")
            if record.author not in places:
                places[record.author] = len(self._users)
                self._users.append(record.author)
            inserted, deleted = amounts(record.update)
            self._who.append(places[record.author])
            self._at.append(record.at)
            self._inserted.append(inserted)
            self._deleted.append(deleted)

    def sessions(self, after: Seq, up_to: Seq, cuts: Sequence[Seq] = ()) -> list[Session]:
        """The sessions of the updates after `after` up to `up_to`, cut behind each seq of `cuts`; ordered by their last update."""
        found: list[Session] = []
        ends = sorted({cut for cut in cuts if after < cut < up_to} | {min(up_to, self.seq)})
        for end in ends:
            found += sorted(self._between(after, Seq(end)), key=lambda session: session.last)
            after = Seq(end)
        return found

    def _between(self, after: Seq, up_to: Seq) -> Iterator[Session]:
        """A session stays open while the same person goes on; each update is looked at once."""
        open_: dict[int, list[int]] = {}  # first, last, began, ended, inserted, deleted, updates
        for place in range(after, up_to):
            who, at = self._who[place], self._at[place]
            held = open_.get(who)
            if held is None or at - held[3] > SESSION_GAP_MS:
                if held is not None:
                    yield self._session(who, held)
                held = open_[who] = [place + 1, 0, at, 0, 0, 0, 0]
            held[1], held[3] = place + 1, at
            held[4] += self._inserted[place]
            held[5] += self._deleted[place]
            held[6] += 1
        for who, held in open_.items():
            yield self._session(who, held)

    def _session(self, who: int, held: Sequence[int]) -> Session:
        first, last, began, ended, inserted, deleted, updates = held
        return Session(self._users[who], Seq(first), Seq(last), began, ended, inserted, deleted, updates)


def amounts(update: bytes) -> tuple[int, int]:
    """Characters an update inserts and items it deletes; nothing for bytes that cannot be read, the playback tells of those."""
    try:
        said = describe(update)
    except DecodeError:
        return 0, 0
    inserted = sum(item.length for item in said.items if item.content == STRING)
    return inserted, sum(deleted.length for deleted in said.deletes)
