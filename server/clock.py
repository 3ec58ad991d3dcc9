"""The time, passed in so that tests own it."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns milliseconds since 1970-01-01 00:00 UTC."""


def now_ms() -> int:
    """Wall-clock time in milliseconds since 1970-01-01 00:00 UTC."""
    return time.time_ns() // 1_000_000
