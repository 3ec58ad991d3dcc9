"""pycrdt-websocket under uvicorn, with its own SQLite store when a file is named. Runs in the peers' environment, not in ours."""

import os
from contextlib import suppress
from typing import Any

import uvicorn
from pycrdt.store import SQLiteYStore, YDocNotFound  # type: ignore[import-not-found]  # of the peers' own environment, as what follows
from pycrdt.websocket import ASGIServer, WebsocketServer  # type: ignore[import-not-found]
from pycrdt.websocket.websocket_server import YRoom  # type: ignore[import-not-found]


class StoringServer(WebsocketServer):  # type: ignore[misc]  # Any, where its package is not installed
    """Its documentation's way to keep documents: a room with a store."""

    async def get_room(self, name: str) -> YRoom:
        if name in self.rooms:
            room = self.rooms[name]
            await self.start_room(room)
            return room
        store = SQLiteYStore(name.replace("/", "_"))
        room = self.rooms[name] = YRoom(ready=False, log=self.log, ystore=store)
        await self.start_room(room)
        await store.started.wait()
        with suppress(YDocNotFound):  # nothing is stored yet
            await store.apply_updates(room.ydoc)
        room.ready = True
        return room


def main() -> None:
    """PORT and DATABASE from the environment."""
    database = os.environ.get("DATABASE")  # noqa: TID251 - a program of its own
    if database:
        SQLiteYStore.db_path = database
    server = StoringServer() if database else WebsocketServer()

    async def app(scope: Any, receive: Any, send: Any) -> None:  # Any: ASGI's own
        if scope["type"] == "lifespan":
            async with server:
                while True:
                    message = await receive()
                    await send({"type": f"{message['type']}.complete"})
                    if message["type"] == "lifespan.shutdown":
                        return
        await ASGIServer(server)(scope, receive, send)

    port = int(os.environ["PORT"])  # noqa: TID251 - a program of its own
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
