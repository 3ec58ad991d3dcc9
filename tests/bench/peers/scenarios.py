"""What is measured, one server at a time: each scenario starts a fresh process and answers with named values."""

import asyncio
import os
import statistics
import time
from array import array
from collections.abc import Sequence

from server.crdt.awareness import AwarenessEntry, encode
from server.crdt.document import read_state_vector
from server.ids import ClientId
from tests.bench.paper import updates_of_the_paper
from tests.bench.peers.contestants import GENERATOR_CORE, Contestant, Zlahoda, pinned
from tests.bench.peers.letters import Writer, anchors, template
from tests.bench.peers.load import Load, Room
from tests.bench.peers.wire import Wire, masked

Values = dict[str, float]
"""Milliseconds, percent of one core, kilobytes, edits a second or microseconds, as the name says."""

WINDOWS = (4, 16, 64, 256)
TOO_SLOW_S = 3.0
_AWARENESS_EVERY_S = 15
_PAPER_BYTES = 200_000


def typing(contestant: Contestant, *, rooms: int, clients: int, writers: int, rate: float, seconds: float, maximum: bool) -> Values:
    """People type at an equal rate; then, when asked, as fast as the server lets them."""
    with running(contestant), pinned(GENERATOR_CORE):
        load = Load()
        crowd = _gather(load, contestant, rooms, clients, writers)
        values = _at_rate(load, contestant, crowd, rate, seconds)
        if maximum and not values["lost"]:
            values |= _fastest(load, contestant, crowd, seconds / 2)
        values["lost"] += _not_held(load, contestant, crowd[0])
        load.close([wire for room in crowd for wire in room.wires])
        return values


def _gather(load: Load, contestant: Contestant, rooms: int, clients: int, writers: int) -> list[Room]:
    seed = template()
    places = anchors(seed)
    documents = contestant.documents(rooms, seed)
    first = [Wire(contestant.dialect(document, 0), load.heard, load.ready) for document in documents]
    load.open(first, 20)
    if not contestant.is_ours:
        for wire in first:
            wire.send(masked(wire.dialect.update(seed)))
        load.idle(0.3)
    others = [[Wire(contestant.dialect(document, n), load.heard, load.ready) for n in range(1, clients)] for document in documents]
    load.open([wire for room in others for wire in room], 50)
    load.idle(0.3)
    crowd = []
    for number, wire in enumerate(first):
        wires = [wire, *others[number]]
        typists = [Writer(number * writers + n, wires[n].dialect, places[n % len(places)]) for n in range(writers)]
        crowd.append(Room(wires, typists, set(wires[-5:])))
        load.add(crowd[-1])
    return crowd


def _at_rate(load: Load, contestant: Contestant, crowd: Sequence[Room], rate: float, seconds: float) -> Values:
    load.at_rate(crowd, rate, 1.0)
    load.drain(crowd, 5)
    load.latencies = array("d")
    sent = sum(writer.sent for room in crowd for writer in room.writers)
    delivered, before, own = load.delivered, contestant.usage(), time.process_time()
    took = load.at_rate(crowd, rate, seconds)
    own = time.process_time() - own
    lost = load.drain(crowd, 5)
    cpu_s = contestant.usage().cpu_s - before.cpu_s
    edits = sum(writer.sent for room in crowd for writer in room.writers) - sent
    return {
        "cpu": 100 * cpu_s / took,
        "cpu_us": 1e6 * cpu_s / edits,
        **_quantiles(load.latencies),
        "delivered": (load.delivered - delivered) / took,
        "rss": contestant.usage().rss_bytes / 1e6,
        "generator": 100 * own / took,
        "lost": float(lost),
    }


def _fastest(load: Load, contestant: Contestant, crowd: Sequence[Room], seconds: float) -> Values:
    """The best of growing windows; once more on the way does not bring more, the larger ones are not tried."""
    best: Values = {"max": 0.0}
    load.stride = 29
    for window in WINDOWS:
        load.latencies = array("d")
        before, own = contestant.usage(), time.process_time()
        edits, took = load.as_fast(crowd, window, seconds)
        cpu_s, own = contestant.usage().cpu_s - before.cpu_s, time.process_time() - own
        if edits / took > best["max"]:
            best = {
                "max": edits / took,
                "max_p50": _quantiles(load.latencies)["p50"],
                "max_cpu": 100 * cpu_s / took,
                "max_cpu_us": 1e6 * cpu_s / max(edits, 1),
                "max_per_core": edits / cpu_s if cpu_s else 0.0,
                "max_generator": 100 * own / took,
            }
        begun = time.perf_counter()
        missing = load.drain(crowd)
        if missing or edits / took < 0.7 * best["max"] or time.perf_counter() - begun > TOO_SLOW_S:
            break
    return best


def _quantiles(latencies: "array[float]") -> Values:
    if len(latencies) < 2:
        return {"p50": float("nan"), "p99": float("nan")}
    hundredths = statistics.quantiles(latencies, n=100)
    return {"p50": 1000 * hundredths[49], "p99": 1000 * hundredths[98]}


def _not_held(load: Load, contestant: Contestant, room: Room) -> int:
    """Letters of a room that a client who comes now is not given."""
    late = Wire(contestant.dialect(room.wires[0].dialect.document, 0), load.heard, load.ready)
    load.open([late], 1)
    held = read_state_vector(late.held)
    load.close([late])
    return sum(max(0, writer.sent - held.get(ClientId(writer.client), 0)) for writer in room.writers)


def idle(contestant: Contestant, *, sizes: Sequence[int], seconds: float) -> Values:
    """Open tabs of which nobody types: ten to a document, each says every 15 s that it is there."""
    values: Values = {}
    with running(contestant), pinned(GENERATOR_CORE):
        load = Load()
        documents = contestant.documents(max(sizes) // 10, template())
        wires: list[Wire] = []
        empty = contestant.usage()
        for size in sizes:
            more = [Wire(contestant.dialect(documents[n // 10], n), load.heard, load.ready) for n in range(len(wires), size)]
            load.open(more, 50)
            wires += more
            breath = _Breath(wires)
            load.idle(_AWARENESS_EVERY_S / 5, breath.all_in(_AWARENESS_EVERY_S / 5), 0.1)
            before = contestant.usage()
            load.idle(seconds, breath.all_in(_AWARENESS_EVERY_S), 0.1)
            after = contestant.usage()
            values[f"kb_{size}"] = (after.rss_bytes - empty.rss_bytes) / 1024 / size
            values[f"idle_cpu_{size}"] = 100 * (after.cpu_s - before.cpu_s) / seconds
        load.close(wires)
    return values


class _Breath:
    """The presence that idle tabs renew."""

    def __init__(self, wires: Sequence[Wire]) -> None:
        self._wires = wires
        self._next = 0

    def all_in(self, seconds: float) -> "_Breath":
        self._share = max(1, round(len(self._wires) * 0.1 / seconds))
        return self

    def __call__(self) -> None:
        for _ in range(self._share):
            number, turn = self._next % len(self._wires), self._next // len(self._wires)
            self._next += 1
            state = {"user": {"name": f"Людина {number}", "color": "#30bced"}}
            wire = self._wires[number]
            wire.send(masked(wire.dialect.awareness(encode([AwarenessEntry(ClientId(4_000_000_000 - number), turn + 1, state)]))))


def reconnect(contestant: Contestant, *, clients: int, rooms: int) -> Values:
    """Everybody comes back at once with what they hold; in each room one person had stayed."""
    with running(contestant), pinned(GENERATOR_CORE):
        load = Load()
        crowd = _gather(load, contestant, rooms, 1 + clients // rooms, 1)
        load.at_rate(crowd, 2, 1.0)
        load.drain(crowd)
        leavers = [wire for room in crowd for wire in room.wires[1:]]
        load.close(leavers)
        load.idle(1.0)
        again = []
        for number, wire in enumerate(leavers):
            again.append(Wire(contestant.dialect(wire.dialect.document, number), load.heard, load.ready))
            again[-1].state_vector = wire.held
        before, begun = contestant.usage(), time.perf_counter()
        load.open(again, len(again))
        joined = sorted(load.joined_at)
        values = {"back_median": 1000 * (joined[len(joined) // 2] - begun), "back_all": 1000 * (joined[-1] - begun)}
        values["back_cpu"] = 1000 * (contestant.usage().cpu_s - before.cpu_s)
        load.close(again)
        return values


class ColdOpen:
    """The automerge paper, 259,778 edits, opened by the first clients after a start. The document is stored once for all rounds."""

    def __init__(self) -> None:
        self._stored: dict[str, str] = {}
        self._updates: list[bytes] = []

    def measure(self, contestant: Contestant, *, clients: int) -> Values:
        if contestant.name not in self._stored:
            self._stored[contestant.name] = self._store(contestant)
        document = self._stored[contestant.name]
        with running(contestant), pinned(GENERATOR_CORE):
            load = Load()
            wires = [Wire(contestant.dialect(document, number), load.heard, load.ready) for number in range(clients)]
            for wire in wires:
                wire.whole = _PAPER_BYTES
            before, begun = contestant.usage(), time.perf_counter()
            load.open(wires, clients)
            values = {"open": 1000 * (max(load.joined_at) - begun), "open_cpu": 1000 * (contestant.usage().cpu_s - before.cpu_s)}
            load.close(wires)
            return values

    def _store(self, contestant: Contestant) -> str:
        if not self._updates:
            self._updates = list(updates_of_the_paper())
        updates = self._updates
        with running(contestant):
            [document] = contestant.documents(1, updates[0])
            if isinstance(contestant, Zlahoda):
                asyncio.run(contestant.write([document], updates[1:], compact=True))
                return document
            load = Load()
            wire = Wire(contestant.dialect(document, 0), load.heard, load.ready)
            load.open([wire], 1)
            for update in updates:
                wire.send(masked(wire.dialect.update(update)))
                load.idle(0.002)
            load.idle(15)  # they write behind
            load.close([wire])
            load.idle(2)
        return document


class running:  # noqa: N801 - reads as a word in a `with`
    """The server is up inside, and stopped after."""

    def __init__(self, contestant: Contestant) -> None:
        self._contestant = contestant

    def __enter__(self) -> None:
        self._contestant.start()

    def __exit__(self, *_: object) -> None:
        self._contestant.stop()


def cores() -> int:
    """Of this machine, for us."""
    return len(os.sched_getaffinity(0))


def cost_of_a_commit() -> float:
    """One commit of one small update by our journal on this machine's disk, in milliseconds: the peers do not wait for it."""
    ours = Zlahoda()
    try:
        with running(ours):
            [document] = ours.documents(1, template())
        return asyncio.run(ours.commit_ms(document))
    finally:
        ours.remove()
