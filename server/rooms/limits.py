"""Rates: how fast one client may send, how many frames the process may write, and when something is due again."""

import time
from collections.abc import Callable

Monotonic = Callable[[], float]
"""Seconds that only grow."""

MAX_DELAY_S = 0.020
"""The longest a room waits to merge updates when the frame budget is spent."""

_SAVED_UP_S = 0.050
"""How much unspent budget is kept, in seconds of the rate."""


def is_due(now: int, last: int, period: int) -> bool:
    """Whether what was done at `last` is to be done again; also when the clock has been set back since, or it would wait for hours."""
    return not 0 <= now - last < period


class TokenBucket:
    """Allows `rate` events a second on average and `burst` at once. `take` says how long to wait, it refuses nothing."""

    __slots__ = ("_at", "_burst", "_clock", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, clock: Monotonic = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = burst
        self._at = clock()

    def take(self, count: float = 1) -> float:
        """Spend `count`; the seconds to wait before the next is welcome, 0 when there is no need to."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - count
        self._at = now
        return max(0.0, -self._tokens / self._rate)


class FrameBudget:
    """How many frames the process writes a second before rooms begin to merge updates of up to 20 ms into one."""

    def __init__(self, frames_per_second: float, clock: Monotonic = time.monotonic) -> None:
        self._rate = frames_per_second
        self._most = frames_per_second * _SAVED_UP_S
        self._clock = clock
        self._credit = self._most
        self._at = clock()

    def spend(self, frames: int) -> None:
        """Count frames that were written; the credit may go below zero."""
        self._refill()
        self._credit -= frames

    def delay_s(self) -> float:
        """How long to wait before the next flush: 0 while there is credit, at most `MAX_DELAY_S`."""
        self._refill()
        return 0.0 if self._credit > 0 else min(MAX_DELAY_S, -self._credit / self._rate)

    def _refill(self) -> None:
        now = self._clock()
        self._credit = min(self._most, self._credit + (now - self._at) * self._rate)
        self._at = now
