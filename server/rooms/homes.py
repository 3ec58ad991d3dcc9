"""The open rooms of a process by document: opened once, closed when idle, compacted, and kept near the journal."""

import asyncio
from collections.abc import Iterator
from functools import partial

from server.ids import DocumentId
from server.rooms.home import Home
from server.rooms.limits import is_due
from server.rooms.surroundings import Compact, Surroundings

RECONCILE_MS = 30_000
"""How often a room reads what its journal has beyond what the wire brought (P7)."""
COMPACT_UPDATES = 2_000
"""Updates after which an open room's log is compacted."""


class Homes:
    """Every open room, at most one a document."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._homes: dict[DocumentId, Home] = {}
        self._opening: dict[DocumentId, asyncio.Future[Home]] = {}
        self._compacting: set[DocumentId] = set()
        self._reconciled = surroundings.clock()

    def __iter__(self) -> Iterator[Home]:
        """Those open now; opening and closing meanwhile changes nothing."""
        return iter(list(self._homes.values()))

    def __len__(self) -> int:
        return len(self._homes)

    def find(self, document: DocumentId) -> Home | None:
        """The room of a document, when it is open."""
        return self._homes.get(document)

    async def get(self, document: DocumentId) -> Home:
        """The room of a document, opened by the first who asks. Raises NotFound, Unavailable."""
        found = self._homes.get(document)
        if found is not None:
            return found
        opening = self._opening.get(document)
        if opening is None:
            opening = self._opening[document] = asyncio.get_running_loop().create_future()
            self._surroundings.tasks.spawn(self._open(document, opening))
        return await asyncio.shield(opening)

    def unsaved(self) -> list[DocumentId]:
        """Documents with something received that is not on disk."""
        return [home.document for home in self._homes.values() if not home.room.is_saved]

    def tend(self, now: int) -> None:
        """Presence that expired, logs that grew long, rooms that are idle; called every few seconds."""
        for home in self:
            home.run(partial(home.room.tend, now))
            room = home.room
            if room.seq - room.checkpoint_seq >= COMPACT_UPDATES:
                self._start_compaction(home)
            if room.is_quiet and now - room.idle_since >= self._surroundings.settings.room_idle_seconds * 1000:
                self._close(home)

    def reconcile(self, now: int) -> None:
        """Every RECONCILE_MS, each room reads on in its journal."""
        if is_due(now, self._reconciled, RECONCILE_MS):
            self._reconciled = now
            for home in self:
                home.run(home.room.reconcile)

    async def check_fences(self) -> None:
        """What another process did to a document's roles, seal or history shows within a second, whatever the wire lost (D8a)."""
        homes = {document: home for document, home in self._homes.items() if home.room.is_saved}
        for document, fence in (await self._surroundings.journal.read_fences(list(homes))).items():
            home = homes[document]
            if fence != home.room.fence and not home.is_gone:
                home.run(home.room.reload)

    async def _open(self, document: DocumentId, opening: "asyncio.Future[Home]") -> None:
        home = Home(document, self._surroundings, self._dropped)
        try:
            await home.open()
        except Exception as error:  # noqa: BLE001 - handed to everyone who waits for this room
            opening.set_exception(error)
            opening.exception()  # they may all have gone
        else:
            self._homes[document] = home
            opening.set_result(home)
        finally:
            del self._opening[document]
            opening.cancel()

    def _dropped(self, home: Home) -> None:
        if self._homes.get(home.document) is home:
            del self._homes[home.document]

    def _close(self, home: Home) -> None:
        """Close a room nobody is in and whose edits are all on disk; its log is compacted on the way out."""
        self._dropped(home)
        if home.room.seq > home.room.checkpoint_seq:
            self._start_compaction(home)
        home.retire()

    def _start_compaction(self, home: Home) -> None:
        compact = self._surroundings.compact
        if compact is not None and home.document not in self._compacting:
            self._compacting.add(home.document)
            self._surroundings.tasks.spawn(self._run_compaction(home, compact))

    async def _run_compaction(self, home: Home, compact: Compact) -> None:
        try:
            upto = home.room.seq
            await compact(home.document)
            home.room.checkpoint_seq = upto
        finally:
            self._compacting.discard(home.document)
