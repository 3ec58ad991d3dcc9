"""The deadline engine: silence becomes a position, exactly once, whatever restarts, nodes and clocks do."""

import asyncio
from collections.abc import Callable

import structlog

from server.approval.deadlines import Watch
from server.approval.positions import PositionService
from server.clock import Clock
from server.errors import ZlahodaError

TICK_S = 20

_log = structlog.get_logger()


class DeadlineEngine:
    """Looks for deadlines that have passed, every TICK_S seconds. What one tick misses, the next one finds: all of it is on disk."""

    def __init__(self, positions: PositionService, clock: Clock, passing: Callable[[], float]) -> None:
        self._positions = positions
        self._clock = clock
        self._passing = passing
        self._watch = Watch()

    async def run(self) -> None:
        """Tick until cancelled; a database that does not answer is asked again at the next tick."""
        while True:
            try:
                await self.tick()
            except ZlahodaError as error:
                _log.warning("deadlines were not judged", code=error.code, detail=error.detail)
            await asyncio.sleep(TICK_S)

    async def tick(self) -> int:
        """Judge once; how many positions by default it wrote. After a jump of the wall clock nothing is decided for a while."""
        if not self._watch.believes(self._clock(), int(self._passing() * 1000)):
            _log.warning("the clock jumped ahead: deadlines wait until it is believed")
            return 0
        return await self._positions.settle()
