"""The tasks beside the rooms: owned by one task group, and none of them ends another."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from server.errors import Unavailable

_log = structlog.get_logger(__name__)


class Tasks:
    """Runs coroutines beside everything else from `start` on."""

    def __init__(self) -> None:
        self._group: asyncio.TaskGroup | None = None

    def start(self, group: asyncio.TaskGroup) -> None:
        """What is spawned from now on belongs to this group."""
        self._group = group

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:  # Any: what a coroutine sends and yields is its own
        """Run beside everything else; a failure is logged and ends nothing else."""
        if self._group is None:
            raise RuntimeError("Registry.run is not running")
        self._group.create_task(self.isolated(coroutine))

    async def isolated(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run to the end; a failure is logged and ends nothing else."""
        try:
            await coroutine
        except Unavailable as failure:
            _log.warning("storage does not answer", reason=failure.detail)
        except Exception:  # noqa: BLE001 - the edge of the rooms' tasks
            _log.exception("task failed")
