"""The generator: one thread, one epoll, every client of a run. It opens clients, types at a rate or as fast as comes back, and listens."""

import math
import select
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.bench.peers.letters import Reader, Writer
from tests.bench.peers.wire import Stage, Wire

_OPEN_TIMEOUT_S = 60
_MAX_SAMPLES_PER_S = 3_000
Clock = Callable[[], float]


@dataclass
class Room:
    """The clients of one document. Who types is at the front; `observers` are timed, all are counted."""

    wires: list[Wire]
    writers: list[Writer]
    observers: set[Wire] = field(default_factory=set)

    @property
    def missing(self) -> int:
        """Letters on their way to a writer's observer."""
        return sum(writer.sent - writer.seen for writer in self.writers)


class Load:
    """Runs rooms. `delivered` counts edits that reached somebody else than their author, `latencies` are in seconds."""

    def __init__(self, clock: Clock = time.perf_counter) -> None:
        self._clock = clock
        self._epoll = select.epoll()
        self._wires: dict[int, Wire] = {}
        self._reader = Reader()
        self._writer_of: dict[tuple[str, int], Writer] = {}
        self._own: dict[Wire, int] = {}
        self._observer_of: dict[Wire, set[int]] = {}
        self._timed: set[Wire] = set()
        self._now = clock()
        self._waiting = 0
        self.stride = 1
        self.delivered = 0
        self.latencies: array[float] = array("d")
        self.joined_at: list[float] = []

    # -- clients ---------------------------------------------------------------------------------------------------------

    def wire(self, wire: Wire) -> Wire:
        """Take a client in; it begins to connect."""
        wire.connect()
        self._wires[wire.sock.fileno()] = wire
        self._epoll.register(wire.sock, select.EPOLLIN | select.EPOLLOUT)
        return wire

    def open(self, wires: Iterable[Wire], at_once: int) -> None:
        """Connect all, so many at the same time, and return when all have the document. Raises TimeoutError, ConnectionError."""
        todo = list(wires)
        todo.reverse()
        self.joined_at.clear()
        self._waiting = 0
        deadline = self._clock() + _OPEN_TIMEOUT_S
        while todo or self._waiting:
            while todo and self._waiting < at_once:
                self.wire(todo.pop())
                self._waiting += 1
            self._turn(0.05)
            if self._clock() > deadline:
                raise TimeoutError(f"{self._waiting + len(todo)} clients did not join")

    def ready(self, _wire: Wire) -> None:
        """A client has the document."""
        self._waiting -= 1
        self.joined_at.append(self._clock())

    def add(self, room: Room) -> None:
        """Listen to a room: its last client that is not the author is the observer of each writer."""
        for wire in room.wires:
            wire.is_learning = False  # what is typed from now on is counted, not kept
        self._timed |= room.observers
        for wire, writer in zip(room.wires, room.writers, strict=False):
            self._own[wire] = writer.client
            self._writer_of[writer.dialect.document, writer.client] = writer
        for place, writer in enumerate(room.writers):
            observer = room.wires[-1] if place != len(room.wires) - 1 else room.wires[0]
            self._observer_of.setdefault(observer, set()).add(writer.client)

    def close(self, wires: Iterable[Wire]) -> None:
        """Cut connections."""
        for wire in wires:
            if wire.stage is not Stage.CLOSED:
                self._epoll.unregister(wire.sock)
                del self._wires[wire.sock.fileno()]
                wire.close()

    # -- the loop --------------------------------------------------------------------------------------------------------

    def _turn(self, timeout_s: float) -> None:
        events = self._epoll.poll(timeout_s)
        self._now = self._clock()
        for number, event in events:
            wire = self._wires.get(number)
            if wire is None:
                continue
            if event & select.EPOLLOUT:
                if wire.unsent:
                    wire.push()
                if not wire.unsent:
                    self._epoll.modify(number, select.EPOLLIN)
            if event & ~select.EPOLLOUT:
                wire.read()

    def heard(self, payload: bytes, wire: Wire) -> None:
        """An update came to a client."""
        own = self._own.get(wire)
        watched = self._observer_of.get(wire, ())
        for client, begin, end in self._reader.ranges(payload, wire.dialect):
            if client == own:
                continue
            self.delivered += end - begin
            if client in watched:
                self._writer_of[wire.dialect.document, client].seen = end
            if wire in self._timed:
                self._time(self._writer_of.get((wire.dialect.document, client)), begin, end)

    def _time(self, writer: Writer | None, begin: int, end: int) -> None:
        if writer is None or end > writer.sent:
            return
        stride = self.stride
        for clock in range(-(-begin // stride) * stride, end, stride):
            self.latencies.append(self._now - writer.sent_at[clock])

    def _type(self, room: Room, place: int, count: int) -> None:
        wire = room.wires[place]
        wire.send(room.writers[place].take(count, self._clock()))
        if wire.unsent:
            self._epoll.modify(wire.sock.fileno(), select.EPOLLIN | select.EPOLLOUT)

    def idle(self, seconds: float, say: Callable[[], None] | None = None, every_s: float = 1.0) -> None:
        """Listen; `say` is called now and then."""
        end = self._clock() + seconds
        due = self._clock()
        while self._now < end:
            self._turn(min(every_s, 0.05))
            while say is not None and due <= self._now:
                say()
                due += every_s

    def drain(self, rooms: Sequence[Room], timeout_s: float = 20) -> int:
        """Wait until all that was typed has come back; how many letters did not."""
        end = self._clock() + timeout_s
        while (missing := sum(room.missing for room in rooms)) and self._clock() < end:
            self._turn(0.02)
        return missing

    def at_rate(self, rooms: Sequence[Room], per_writer: float, seconds: float) -> float:
        """Each writer types so many letters a second, evenly, writers one after another; how long it took, in seconds."""
        turns = [(room, place) for room in rooms for place in range(len(room.writers))]
        self.stride = max(
            1, math.ceil(per_writer * len(turns) * max(len(room.observers) for room in rooms) / len(rooms) / _MAX_SAMPLES_PER_S)
        )
        gap = 1 / (per_writer * len(turns))
        total = round(seconds / gap)
        begun = self._clock()
        for number in range(total):
            due = begun + number * gap
            while (wait := due - self._clock()) > 0:
                self._turn(wait if wait < 0.001 else min(wait, 0.02))
            room, place = turns[number % len(turns)]
            self._type(room, place, 1)
        return self._clock() - begun

    def as_fast(self, rooms: Sequence[Room], window: int, seconds: float) -> tuple[int, float]:
        """Each writer keeps `window` letters on their way. Letters that came back, and in how many seconds."""
        least = max(1, window // 4)
        begun, before = self._clock(), sum(writer.seen for room in rooms for writer in room.writers)
        while self._clock() - begun < seconds:
            for room in rooms:
                for place, writer in enumerate(room.writers):
                    space = window - (writer.sent - writer.seen)
                    if space >= least:
                        self._type(room, place, space)
            self._turn(0.02)
        took = self._clock() - begun
        return sum(writer.seen for room in rooms for writer in room.writers) - before, took
