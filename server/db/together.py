"""Reads that many ask for at the same moment: when a thousand clients come back, their rights are read in a few queries."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MAX_KEYS = 500
"""Of one read: the parameters of one statement have a bound."""


class _Share(Generic[V]):
    """What one key's askers wait for."""

    __slots__ = ("error", "is_done", "value")

    def __init__(self) -> None:
        self.is_done = False
        self.value: V | None = None
        self.error: Exception | None = None


class Together(Generic[K, V]):
    """Answers everyone who asks while a read is under way by the next one, which begins after each of them asked.

    So nobody gets an answer that was read before the question: a right taken away before somebody asks is gone for them.
    One who asks alone waits for nothing.
    """

    def __init__(self, read: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._read = read
        self._waiting: dict[K, _Share[V]] = {}
        self._turn = asyncio.Lock()

    async def find(self, key: K) -> V | None:
        """The value of a key, None where the read has none. Raises what the read raises, in everyone who waited for it."""
        share = self._waiting.setdefault(key, _Share())
        async with self._turn:
            if not share.is_done:
                await self._answer(share)
        if share.error is not None:
            raise share.error
        return share.value

    async def _answer(self, mine: _Share[V]) -> None:
        """Read for all who wait; who comes while that runs waits for the next read."""
        while not mine.is_done:
            asked = dict(islice(self._waiting.items(), MAX_KEYS))
            for key in asked:
                del self._waiting[key]
            try:
                found = await self._read(list(asked))
            except asyncio.CancelledError:
                self._waiting = {**asked, **self._waiting}  # the others read for themselves
                raise
            except Exception as error:  # noqa: BLE001 - raised in everyone who waits
                for share in asked.values():
                    share.error, share.is_done = error, True
            else:
                for key, share in asked.items():
                    share.value, share.is_done = found.get(key), True
