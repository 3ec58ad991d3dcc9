"""Comparisons of what the server holds with each other and with files: off the event loop, a few at a time, kept while they hold."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from server.access.actor import Actor
from server.acts.model import MAIN
from server.compare.compare import compare
from server.compare.files import side_from_bytes
from server.compare.model import Comparison, Side
from server.compare.sources import Source, Sources
from server.errors import TooLarge, TooManyRequests
from server.http.body import Upload
from server.ids import ActId

MAX_LETTERS = 24_000_000
"""Characters of both sides together: three times the largest code twice; a comparison beyond it would keep a core for minutes."""

AT_ONCE = 2
"""Comparisons computed at the same time."""

MAX_WAITING = 32
"""Comparisons that may wait for their turn; those beyond are told to come again."""

_KEPT_LETTERS = 16_000_000

T = TypeVar("T")


class CompareService:
    """Texts at a place of the journal never change, so a comparison of two such is computed once while it is kept."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._kept: OrderedDict[tuple[str, str], Comparison] = OrderedDict()

    async def compare(self, actor: Actor, act: ActId, old: str, new: str, part: str = MAIN) -> Comparison:
        """What changed between two texts of one act, each named as `Sources.find` says.

        Raises NotFound, Forbidden, InvalidInput, TooLarge, TooManyRequests, Unavailable, Damaged.
        """
        left = await self._sources.find(actor, act, old, part)
        return await self._compare(left, await self._sources.find(actor, act, new, part))

    async def compare_file(self, actor: Actor, act: ActId, old: str, file: Upload, part: str = MAIN) -> Comparison:
        """What changed between a text of the act and a file. Raises as `compare`, and UnsupportedType."""
        left = await self._sources.find(actor, act, old, part)
        return await self.off_loop(lambda: compared(left.make(), side_from_bytes(file.name, file.data)))

    async def compare_revisions(self, act: ActId, left: int, right: int, part: str = MAIN) -> Comparison:
        """What changed between two revisions of one part; a part that a revision has not is empty there.

        Asks for no right: callers inside the server have. Raises NotFound, TooLarge, TooManyRequests, Damaged.
        """
        old = await self._sources.revision(act, left, part)
        return await self._compare(old, await self._sources.revision(act, right, part))

    async def off_loop(self, work: Callable[[], T]) -> T:
        """Do heavy work in a thread when it is its turn. Raises TooManyRequests when too much waits already."""
        if self._waiting >= MAX_WAITING:
            raise TooManyRequests(retry_after_s=5)
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1

    async def _compare(self, left: Source, right: Source) -> Comparison:
        key = (left.key, right.key)
        if key not in self._kept:
            comparison = await self.off_loop(lambda: compared(left.make(), right.make()))
            self._keep(key, comparison)
            return comparison
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: tuple[str, str], comparison: Comparison) -> None:
        self._kept[key] = comparison
        while len(self._kept) > 1 and sum(map(_letters, self._kept.values())) > _KEPT_LETTERS:
            self._kept.popitem(last=False)


def compared(left: Side, right: Side) -> Comparison:
    """A comparison within the bounds. Raises TooLarge."""
    if letters_of(left) + letters_of(right) > MAX_LETTERS:
        raise TooLarge(uk="Тексти завеликі, щоб їх порівняти.", en="The texts are too large to be compared.")
    return compare(left, right)


def letters_of(side: Side) -> int:
    """The length of a side's texts in characters."""
    return sum(len(line.text) for line in side.units)


def _letters(comparison: Comparison) -> int:
    return letters_of(comparison.left) + letters_of(comparison.right)
