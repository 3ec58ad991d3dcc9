"""The text of a document at any place of its journal: from the nearest kept state on, and a little further at the next question."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from server.crdt.document import ActDocument
from server.errors import Damaged, NotFound, TooManyRequests
from server.formats import canonical
from server.formats.canonical import Line
from server.ids import DocumentId, Epoch, Seq
from server.journal.journal import START, Head, Journal, Record
from server.rooms.live import in_pieces
from server.text.convert import from_elements
from server.text.numbering import Scheme
from server.text.tree import Tree
from server.versions.points import RestorePoints

MAX_WAITING = 16
"""Questions that may wait for the one thread; beyond it they are told to come again."""

_PLAYERS = 4
_KEPT_LETTERS = 16_000_000
_PAGE_BYTES = 4 * 1024 * 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Past:
    """A document after its update `seq`, which was stored `at` (milliseconds UTC)."""

    document: DocumentId
    epoch: Epoch
    seq: Seq
    at: int
    tree: Tree
    lines: Sequence[Line]
    content_hash: str


@dataclass(slots=True)
class _Player:
    """A document that stands at `seq`, `at` is the time of that update. It belongs to the thread."""

    document: ActDocument
    seq: Seq
    at: int = 0

    def play(self, records: Sequence[Record]) -> None:
        for update in in_pieces([record.update for record in records]):
            self.document.apply(update)
        self.seq, self.at = records[-1].seq, records[-1].at


class Playback:
    """Plays journals in one thread of its own (documents belong to it), a few documents at hand, results kept within a bound."""

    def __init__(self, journal: Journal, points: RestorePoints) -> None:
        self._journal = journal
        self._points = points
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="playback")
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._players: OrderedDict[tuple[DocumentId, Epoch], _Player] = OrderedDict()
        self._kept: OrderedDict[tuple[DocumentId, Epoch, Seq], Past] = OrderedDict()

    def close(self) -> None:
        """End the thread; nothing is asked any more."""
        self._thread.shutdown(cancel_futures=True)

    async def at(self, document: DocumentId, seq: Seq, scheme: Scheme) -> Past:
        """The document after update `seq`. Raises NotFound for a place it has not, TooManyRequests, Unavailable, Damaged."""
        head = await self._journal.read_head(document)
        if not START < seq <= head.last_seq:
            raise NotFound(
                f"{document} has no update {seq}",
                uk=f"У журналі немає зміни № {seq}: остання — № {head.last_seq}.",
                en=f"The journal has no change {seq}: the last one is {head.last_seq}.",
            )
        key = (document, head.fence.epoch, seq)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if self._waiting >= MAX_WAITING:
            raise TooManyRequests(retry_after_s=2)
        self._waiting += 1
        try:
            async with self._turn:
                return self._kept.get(key) or await self._play_to(head, seq, scheme)
        finally:
            self._waiting -= 1

    async def _play_to(self, head: Head, seq: Seq, scheme: Scheme) -> Past:
        player = await self._player(head, seq)
        while player.seq < seq:
            page = await read_page(self._journal, head.document, player.seq, seq)
            await self._in_thread(partial(player.play, page))
        past = await self._in_thread(lambda: _past(player, head, scheme))
        self._keep(past)
        return past

    async def _player(self, head: Head, seq: Seq) -> _Player:
        """The nearest place at or before `seq` to play from: where we stand already, a kept state, the checkpoint, the beginning."""
        key = (head.document, head.fence.epoch)
        held = self._players.get(key)
        before = Seq(seq - 1)  # the time of an update is known once it was played
        state = await self._points.nearest(*key, before)
        if head.checkpoint is not None and head.checkpoint.seq <= before and (state is None or state[0] < head.checkpoint.seq):
            state = (head.checkpoint.seq, head.checkpoint.state)
        if held is not None and held.seq <= seq and (state is None or held.seq >= state[0]):
            self._players.move_to_end(key)
            return held
        player = await self._in_thread(lambda: _begin(state))
        self._players[key] = player
        self._players.move_to_end(key)
        while len(self._players) > _PLAYERS:
            _, gone = self._players.popitem(last=False)
            await self._in_thread(partial(_forget, gone))
        return player

    def _keep(self, past: Past) -> None:
        self._kept[past.document, past.epoch, past.seq] = past
        while len(self._kept) > 1 and sum(map(_letters, self._kept.values())) > _KEPT_LETTERS:
            self._kept.popitem(last=False)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


async def read_page(journal: Journal, document: DocumentId, after: Seq, up_to: Seq) -> list[Record]:
    """The next updates after `after`, none after `up_to`: a few megabytes, at least one. Raises NotFound, Damaged."""
    page: list[Record] = []
    size = 0
    history = journal.read_history(document, after)
    async for record in history:
        page.append(record)
        size += len(record.update)
        if record.seq >= up_to or size > _PAGE_BYTES:
            break
    if isinstance(history, AsyncGenerator):
        await history.aclose()
    if not page:
        raise Damaged(f"{document}: the journal ends before update {up_to}")
    return page


def _begin(state: tuple[Seq, bytes] | None) -> _Player:
    document = ActDocument()
    if state is None:
        return _Player(document, START)
    document.load(state[1])
    return _Player(document, state[0])


def _forget(player: _Player) -> None:
    """Drop a document in the thread it belongs to."""
    del player.document


def _past(player: _Player, head: Head, scheme: Scheme) -> Past:
    tree = from_elements(player.document.content())
    lines = canonical.lines(tree, scheme)
    return Past(head.document, head.fence.epoch, player.seq, player.at, tree, lines, canonical.content_hash(tree, scheme))


def _letters(past: Past) -> int:
    return sum(len(line.text) for line in past.lines)
