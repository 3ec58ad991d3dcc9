"""Our own WebSocket protocol class under uvicorn: from bytes to room without a queue, a task or an await per message.

A usual handshake is answered by `upgrade.py`. Any other stays uvicorn's, so that ASGI middleware and routing see it: after
`websocket.accept` the endpoint takes the connection over by the callable it finds under `TAKE_OVER` in the scope's extensions; the
ASGI call then ends, and with it everything uvicorn keeps for a connection. Where the callable is missing (another server) the
endpoint goes on by ASGI (`asgi.py`).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from server.rooms.frames import Event, FrameParser, Opcode, Violation, close_frame, frame, read_close
from server.rooms.handover import TAKE_OVER, Admitted, Pause, Sink, Spawn

CLOSE_TIMEOUT_S = 10.0
"""How long a client has to answer a close frame."""


def take_over(transport: asyncio.Transport, state: ServerState, max_frame_bytes: int, admitted: Admitted) -> None:
    """From now on the transport is a LeanConnection's."""
    connection = LeanConnection(transport, state, max_frame_bytes, admitted.spawn, admitted.pause)
    connection.sink = admitted.connect(connection)
    transport.set_write_buffer_limits(high=admitted.max_outbox_bytes)
    transport.set_protocol(connection)
    state.connections.add(connection)  # type: ignore[arg-type]  # uvicorn calls nothing of it but `shutdown`
    if transport.is_closing():
        connection.connection_lost(None)


class LeanWebSocket(WebSocketsSansIOProtocol):
    """`ws=` of uvicorn: its own class up to the handshake, with one more extension in the scope."""

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any]) -> None:  # Any: uvicorn's own
        super().__init__(config, server_state, app_state)
        self._server_state = server_state

    async def run_asgi(self) -> None:
        extensions = cast(dict[str, Any], self.scope["extensions"])
        extensions[TAKE_OVER] = self._hand_over
        try:
            await super().run_asgi()
        finally:
            extensions.clear()  # the scope lives as long as the connection: it holds this object no longer

    async def send(self, message: Any) -> None:  # Any: an ASGI message
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True  # uvicorn forgets to, and logs the refusal as a mistake of ours

    def _hand_over(self, admitted: Admitted) -> None:
        """Give the accepted connection to a LeanConnection."""
        transport = self.transport
        self.stop_keepalive()
        self.connections.discard(self)
        self.transport = cast(asyncio.Transport, _GivenAway())
        take_over(transport, self._server_state, self.config.ws_max_size, admitted)


class _GivenAway:
    """Stands where the transport stood: uvicorn closes it when the ASGI call ends."""

    def close(self) -> None:
        """It is another's now."""


class LeanConnection(asyncio.Protocol):
    """One accepted WebSocket; fulfils `connection.Transport` for the rooms."""

    __slots__ = (
        "_busy", "_close_timer", "_closing", "_events", "_full", "_left", "_loop", "_lost", "_parser", "_pause", "_progress_at", "_reading",
        "_sent", "_spawn", "_state", "_transport", "sink",
    )  # fmt: skip

    def __init__(self, transport: asyncio.Transport, state: ServerState, max_frame_bytes: int, spawn: Spawn, pause: Pause) -> None:
        self.sink: Sink
        self._transport = transport
        self._state = state
        self._parser = FrameParser(max_frame_bytes)
        self._spawn = spawn
        self._pause = pause
        self._loop = asyncio.get_running_loop()
        self._events: deque[Event] = deque()
        self._busy = False  # the sink waits for something, or the sender rests
        self._full = False  # the client reads too slowly
        self._reading = True
        self._closing = False
        self._lost = False
        self._close_timer: asyncio.TimerHandle | None = None
        self._sent = self._left = 0
        self._progress_at = self._loop.time()

    # -- for rooms -----------------------------------------------------------------------------------------------------

    @property
    def buffered_bytes(self) -> int:
        """What was sent and has not left yet."""
        return self._transport.get_write_buffer_size()

    @property
    def is_closing(self) -> bool:
        """True after `close`, or when the client went."""
        return self._closing

    def send(self, payload: bytes, times: int = 1) -> None:
        """One binary frame, so many times; never waits, never raises. Nothing happens after `close`."""
        if not self._closing:
            framed = _Framed.frame if payload is _Framed.payload else _framed(payload)
            if times != 1:
                framed *= times
            self._sent += len(framed)
            self._transport.write(framed)

    def close(self, code: int, reason: str) -> None:
        """Close after what is queued; only the first call counts."""
        if self._closing:
            return
        self._closing = True
        self._events.clear()
        self._transport.write(close_frame(code, reason))
        self._close_timer = self._loop.call_later(CLOSE_TIMEOUT_S, self._transport.abort)
        self._read_on()

    @property
    def idle_s(self) -> float:
        """How long nothing has left, to within one call of this property."""
        left = self._sent - self.buffered_bytes
        if left != self._left:
            self._left = left
            self._progress_at = self._loop.time()
        return self._loop.time() - self._progress_at

    # -- from the network ----------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Everything whole in it goes to the sink, in order, at once unless it has to wait for what came before."""
        self._events.extend(self._parser.feed(data))
        self._work()
        violation = self._parser.violation
        if violation is not None and not (self._busy or self._events or self._lost):
            self._fail(violation)

    def _work(self) -> None:
        while self._events and not self._busy:
            event = self._events.popleft()
            if event.opcode is Opcode.BINARY:
                self._take(event.payload)
            else:
                self._control(event)
        if self._busy or self._full:
            self._stop_reading()

    def _take(self, payload: bytes) -> None:
        if self._closing:
            return
        rest = self.sink.take(payload)
        if not isinstance(rest, float) or rest > 0:
            self._busy = True
            self._spawn(self._rest(rest))

    async def _rest(self, rest: float | Awaitable[float]) -> None:
        """Wait for the sink, and as long as it says; then go on with what came meanwhile."""
        try:
            seconds = rest if isinstance(rest, float) else await rest
            if seconds > 0:
                await self._pause(seconds)
        finally:
            self._busy = False
        self.data_received(b"")
        self._read_on()

    def _control(self, event: Event) -> None:
        match event.opcode:
            case Opcode.PING if not self._closing:
                self._transport.write(frame(Opcode.PONG, event.payload))
            case Opcode.CLOSE:
                self._answer_close(event.payload)
            case Opcode.TEXT if not self._closing:
                self.sink.take_text()
            case _:
                pass  # a pong says nothing

    def _answer_close(self, payload: bytes) -> None:
        try:
            code = read_close(payload)
        except Violation as violation:
            self._fail(violation)
            return
        if not self._closing:
            self._closing = True
            self._transport.write(close_frame(code, ""))
        self._end()

    def _fail(self, violation: Violation) -> None:
        """Section 7.1.7: say why, and end the connection without understanding anything more.

        What still comes is read and dropped until the client goes: closing at once would reset the connection under our last word.
        """
        self.close(violation.code, violation.reason)
        self._tell_lost()
        if self._transport.can_write_eof():
            self._transport.write_eof()

    def _end(self) -> None:
        """The closing handshake is over."""
        self._events.clear()
        self._tell_lost()
        self._transport.close()

    # -- asyncio's own -------------------------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        """More than the outbox may hold waits: who reads slowly is read slowly."""
        self._full = True
        self._stop_reading()

    def resume_writing(self) -> None:
        """The client has read most of it."""
        self._full = False
        self.sink.drained()
        self._read_on()

    def eof_received(self) -> bool:
        """The client sends nothing more: asyncio closes the connection."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, whoever ended it."""
        if self._close_timer is not None:
            self._close_timer.cancel()
        self._closing = True
        self._events.clear()
        self._state.connections.discard(self)
        self._tell_lost()

    def shutdown(self) -> None:
        """uvicorn ends."""
        self.close(1012, "restart")
        self._transport.close()

    def _tell_lost(self) -> None:
        if not self._lost:
            self._lost = True
            self.sink.lost()

    def _stop_reading(self) -> None:
        if self._reading and not self._closing:
            self._reading = False
            self._transport.pause_reading()

    def _read_on(self) -> None:
        if not self._reading and (self._closing or not (self._busy or self._full)) and not self._transport.is_closing():
            self._reading = True
            self._transport.resume_reading()


class _Framed:
    """The last payload and its frame: a broadcast sends the same bytes to everyone."""

    payload = b""
    frame = b""


def _framed(payload: bytes) -> bytes:
    _Framed.payload, _Framed.frame = payload, frame(Opcode.BINARY, payload)
    return _Framed.frame
