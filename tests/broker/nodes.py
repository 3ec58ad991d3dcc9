"""Redis brokers as the processes of a cluster have them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from server.broker.redis import RedisBroker

TURNS, TURN_S = 6000, 0.005


async def until(is_true: Callable[[], object], what: str = "it") -> None:
    """Poll until it is so; fails after half a minute."""
    for _ in range(TURNS):
        if is_true():
            return
        await asyncio.sleep(TURN_S)
    raise AssertionError(f"waited {TURNS * TURN_S:.0f} s for {what}")


@asynccontextmanager
async def node(url: str, cluster: str = "дім") -> AsyncIterator[RedisBroker]:
    """A running broker, connected."""
    broker = RedisBroker(url)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(broker.run(cluster))
        await until(lambda: broker.is_up, "a connection to Redis")
        yield broker
        running.cancel()
