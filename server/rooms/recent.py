"""What a document was told last, update by update: who was away for a moment is told it as those were who stayed."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from server.crdt.document import merge
from server.crdt.update import ClockRange, Description, describe
from server.ids import ClientId

MAX_UPDATES = 500
"""So many updates are remembered, of `MAX_BYTES` together."""
MAX_BYTES = 64 * 1024
MAX_FRAMES = 200
"""Who has missed more gets one difference."""

_NO_STRUCTS = b"\x00"
"""How an update begins that only deletes."""


class _Told:
    """An update, and what it says of itself: read when somebody asks, where it was not read before."""

    __slots__ = ("_read", "update")

    def __init__(self, update: bytes, description: Description | None = None) -> None:
        self.update = update
        self._read = None if description is None else _said_by(description)

    @property
    def is_unread(self) -> bool:
        """True until somebody has asked what it says."""
        return self._read is None

    @property
    def ranges(self) -> tuple[ClockRange, ...]:
        """The structs it brings."""
        return self._said()[0]

    @property
    def deletes(self) -> bool:
        return self._said()[1]

    def _said(self) -> tuple[tuple[ClockRange, ...], bool]:
        if self._read is None:
            self._read = _said_by(describe(self.update))
        return self._read


def _said_by(description: Description) -> tuple[tuple[ClockRange, ...], bool]:
    """Its structs, and whether it deletes; the content is not kept a second time."""
    return description.ranges, bool(description.deletes)


class Recent:
    """The newest updates in their order. Together they reach from some moment to now, without a gap."""

    def __init__(self, updates: Sequence[bytes] = ()) -> None:
        self._told: deque[_Told] = deque()
        self._size_bytes = 0
        for update in updates[-MAX_UPDATES:]:
            self._add(_Told(update))

    def note(self, update: bytes, description: Description) -> None:
        """The newest."""
        self._add(_Told(update, description))

    def _add(self, told: _Told) -> None:
        self._told.append(told)
        self._size_bytes += len(told.update)
        while len(self._told) > MAX_UPDATES or self._size_bytes > MAX_BYTES:
            self._size_bytes -= len(self._told.popleft().update)

    def missed(self, held: Mapping[ClientId, int], here: Mapping[ClientId, int]) -> list[bytes]:
        """What a client at `held` lacks of what is `here`; nothing when not all of it is remembered, or it is too much.

        Deletes do not say whether a client has heard them: those that come alone are sent again, it loses nothing by them.
        """
        lacking = {client: held.get(client, 0) for client, end in here.items() if end > held.get(client, 0)}
        missed: list[_Told] = []
        for told in reversed(self._told) if lacking else ():
            if not lacking and told.is_unread and told.update[:1] != _NO_STRUCTS:
                continue  # older than all that is lacking: a long stored text is not read for this
            ranges = told.ranges
            if not ranges or any(found.end > held.get(found.client, 0) for found in ranges):
                missed.append(told)
                for found in ranges:
                    if found.start <= lacking.get(found.client, -1):
                        del lacking[found.client]
        missed.reverse()
        if not missed or lacking:
            return []
        frames = list(_grouped(missed))
        return frames if len(frames) <= MAX_FRAMES else []


def _grouped(told: Sequence[_Told]) -> Iterator[bytes]:
    """Neighbours that delete nothing are one frame: nothing in them belongs together that could not be told any more."""
    for deletes, stretch in groupby(told, key=lambda one: one.deletes):
        updates = [one.update for one in stretch]
        yield from updates if deletes or len(updates) == 1 else [merge(updates)]
