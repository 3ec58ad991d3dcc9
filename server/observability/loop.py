"""How late the event loop turns: what every edit waits for besides the disk."""

import asyncio

from server.observability.metrics import Timing

EVERY_S = 0.25


class LoopWatch:
    """Sleeps and looks how much too late it woke. `longest_s` is the worst since the start."""

    def __init__(self) -> None:
        self.late = Timing()
        self.longest_s = 0.0

    async def run(self) -> None:
        """Look until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY_S
            await asyncio.sleep(EVERY_S)
            late_s = max(0.0, loop.time() - due)
            self.late.observe(late_s)
            self.longest_s = max(self.longest_s, late_s)
