"""A room without an event loop: everything it asks of its surroundings waits in a list until a test lets it happen."""

import heapq
import itertools
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pycrdt

from server.access.actor import Actor
from server.access.roles import Scope
from server.broker.broker import BrokerMessage
from server.crdt import hocuspocus, ywebsocket
from server.crdt.content import Element, Run
from server.crdt.document import build
from server.crdt.messages import Awareness, Message, Stateless, SyncStatus, SyncStep1, SyncStep2, Update
from server.errors import Unavailable
from server.guard.guard import Limits
from server.guard.ledger import Ledger
from server.ids import ActId, BodyCode, ClientId, DocumentId, Seq, UserId
from server.journal.journal import SERVER, Append, Decided, Entry, Outcome, Record
from server.journal.memory import MemoryJournal
from server.rooms.connection import Connection, Grant
from server.rooms.counters import RoomCounters
from server.rooms.limits import FrameBudget
from server.rooms.live import Opened
from server.rooms.ports import Ports
from server.rooms.reading import read_after, read_opened
from server.rooms.room import Room

ACT = ActId("0" * 31 + "1")
DOCUMENT = DocumentId(ACT)
ADDRESS = DOCUMENT + "\0закон"
BID = "b0000001"
START = "Стаття 1. Загальні положення"

T = TypeVar("T")


def finish(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits (those of MemoryJournal)."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]  # the coroutine's own result
    raise AssertionError("the coroutine waits for something")


class Outgoing:
    """A transport that keeps what is sent. `blocked` holds frames back, as a client does that does not read."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.waiting: list[bytes] = []
        self.blocked = False
        self.closed: tuple[int, str] | None = None

    @property
    def buffered_bytes(self) -> int:
        return sum(len(frame) for frame in self.waiting)

    def send(self, frame: bytes, times: int = 1) -> None:
        if self.closed is None:
            (self.waiting if self.blocked else self.frames).extend([frame] * times)

    def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)

    def unblock(self) -> None:
        self.blocked = False
        self.frames += self.waiting
        self.waiting.clear()

    def take(self) -> list[bytes]:
        taken, self.frames = self.frames, []
        return taken


@dataclass
class Submission:
    """A batch on its way to the journal."""

    append: Append
    done: Callable[[Outcome | Unavailable], None]


@dataclass
class World:
    """One document in a real MemoryJournal, one room on it, and every call the room has made and nobody has answered."""

    limits: Limits = field(default_factory=Limits)
    max_pending_bytes: int = 8 * 1024 * 1024
    in_place_bytes: int = 64 * 1024
    now: int = 1_000_000
    soon: list[Callable[[], None]] = field(default_factory=list)
    timers: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    reopenings: list[Callable[[Opened], None]] = field(default_factory=list)
    readings: list[tuple[Seq, Callable[[Sequence[Record]], None]]] = field(default_factory=list)
    published: list[BrokerMessage] = field(default_factory=list)
    workings: list[tuple[Callable[[], Ledger], Callable[[Ledger], None]]] = field(default_factory=list)
    claims: dict[str, dict[str, object]] = field(default_factory=dict)
    """By suggestion: what everyone may decide now."""
    claimings: list[tuple[UserId, Callable[[Mapping[str, object]], None]]] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    """Claims that somebody else holds by the time of the commit."""
    decided: list[Decided] = field(default_factory=list)
    counters: RoomCounters = field(default_factory=RoomCounters)
    journal: MemoryJournal = field(init=False)
    room: Room = field(init=False)

    def __post_init__(self) -> None:
        self._order = itertools.count()
        self.journal = MemoryJournal(self.clock, self.decide)
        finish(self.journal.create(ACT, DOCUMENT, 1, [Entry(seed(), SERVER)]))
        self.room = Room(finish(read_opened(self.journal, DOCUMENT)), self.ports())

    def clock(self) -> int:
        return self.now

    def ports(self) -> Ports:
        return Ports(
            submit=lambda append, done: self.submissions.append(Submission(append, done)),
            soon=self.soon.append,
            later=lambda delay_s, call: heapq.heappush(self.timers, (self.now + delay_s * 1000, next(self._order), call)),
            reopen=self.reopenings.append,
            read_after=lambda seq, done: self.readings.append((seq, done)),
            publish=self.published.append,
            quarantine=lambda user, rule, update: finish(self.journal.quarantine(DOCUMENT, user, rule, update)),
            read_claims=lambda user, done: self.claimings.append((user, done)),
            announce=self.announced.extend,
            aside=lambda work, done: self.workings.append((work, done)),
            in_place_bytes=self.in_place_bytes,
            clock=self.clock,
            budget=FrameBudget(1e9, lambda: self.now / 1000),
            limits=self.limits,
            max_pending_bytes=self.max_pending_bytes,
            counters=self.counters,
        )

    def decide(self, _document: DocumentId, decided: Sequence[Decided]) -> bool:
        """The records, at the commit."""
        if any(one.suggestion in self.lost for one in decided):
            return False
        self.decided += decided
        return True

    def look_up(self) -> None:
        """Whose claims were asked for first gets them."""
        _, done = self.claimings.pop(0)
        done(dict(self.claims))

    # -- letting things happen -----------------------------------------------------------------------------------------

    def turn(self) -> None:
        """Everything that was to happen at the end of this turn of the loop."""
        while self.soon:
            self.soon.pop(0)()

    def commit(self) -> None:
        """The journal takes the oldest batch and says so."""
        submission = self.submissions.pop(0)
        try:
            outcome: Outcome | Unavailable = finish(self.journal.append([submission.append]))[0]
        except Unavailable as failure:
            outcome = failure
        submission.done(outcome)

    def reopen(self) -> None:
        self.reopenings.pop(0)(finish(read_opened(self.journal, DOCUMENT)))

    def read(self) -> None:
        seq, done = self.readings.pop(0)
        done(finish(read_after(self.journal, DOCUMENT, seq)))

    def work(self) -> None:
        """The other thread is done with the oldest piece of work."""
        work, done = self.workings.pop(0)
        done(work())

    def wait(self, seconds: float) -> None:
        """Let time pass, with the timers in it."""
        until = self.now + seconds * 1000
        while self.timers and self.timers[0][0] <= until:
            at, _, call = heapq.heappop(self.timers)
            self.now = max(self.now, int(at))
            call()
        self.now = int(until)

    def settle(self) -> None:
        """Let everything happen that can, but for timers."""
        while self.soon or self.submissions or self.reopenings or self.readings or self.claimings or self.workings:
            self.turn()
            for waiting, happen in self._waiting():
                if waiting:
                    happen()

    def _waiting(self) -> Sequence[tuple[Sequence[object], Callable[[], None]]]:
        return (
            (self.submissions, self.commit),
            (self.reopenings, self.reopen),
            (self.readings, self.read),
            (self.claimings, self.look_up),
            (self.workings, self.work),
        )

    # -- what the journal holds ----------------------------------------------------------------------------------------

    def records(self) -> list[Record]:
        failing, self.journal.failing = self.journal.failing, False
        records = finish(read_after(self.journal, DOCUMENT, Seq(0)))
        self.journal.failing = failing
        return records

    def stored_text(self) -> str:
        """The unit's text as the journal alone gives it."""
        doc: pycrdt.Doc[Any] = pycrdt.Doc()
        for record in self.records():
            doc.apply_update(record.update)
        return text_of(doc)

    def join(self, name: str, *, scope: Scope = Scope.WRITE, stock: bool = False, blocked: bool = False) -> "Person":
        """A person opens the document: Hocuspocus, or y-websocket when `stock`; nothing is said yet."""
        person = Person(name, scope=scope, stock=stock, client=next(_clients))
        person.connect(self.room)
        person.transport.blocked = blocked
        return person

    def enter(self, name: str, *, scope: Scope = Scope.WRITE, stock: bool = False) -> "Person":
        """A person opens the document and is in step with it."""
        person = self.join(name, scope=scope, stock=stock)
        person.say(SyncStep1(person.doc.get_state()))
        self.settle()
        person.listen()
        self.settle()
        person.listen()
        return person

    def enter_reading(self, name: str) -> "Person":
        """A person opens the document while batches wait: only questions are answered."""
        person = self.join(name, scope=Scope.READ)
        person.say(SyncStep1(person.doc.get_state()))
        self.turn()
        person.listen()
        return person


_clients = itertools.count(1001)


def seed() -> bytes:
    """One unit with Cyrillic text."""
    unit = {"bid": BID, "kind": "article", "level": "1", "label": "auto"}
    return build([Element("unit", unit, (Run(START),))])


def text_of(doc: "pycrdt.Doc[Any]") -> str:
    """The text of the document's first unit."""
    root = doc.get("default", type=pycrdt.XmlFragment)
    return "".join(str(text) for element in list(root.children)[:1] for text in element.children)


class Person:
    """A browser: its document, its connection, and what it was told."""

    def __init__(self, name: str, *, scope: Scope, stock: bool, client: int) -> None:
        self.name = name
        self.stock = stock
        self.scope = scope
        self.user = UserId(f"u-{name.encode().hex()}")
        self.client = ClientId(client)
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
        self.heard: list[Message] = []
        self.unsynced = 0
        self.connect_count = 0

    def grant(self, scope: Scope | None = None) -> Grant:
        return Grant(Actor(self.user, f"Пані {self.name}", BodyCode("mvs")), scope or self.scope, "МВС")

    def connect(self, room: Room) -> None:
        self.room = room
        self.transport = Outgoing()
        self.connection = Connection(self.transport, self.grant(), address=None if self.stock else ADDRESS, max_outbox_bytes=4096)
        self.unsynced = 1
        room.join(self.connection)

    def say(self, message: Message) -> None:
        """Send as bytes and read as the server does."""
        if self.stock:
            read: Message = ywebsocket.decode(ywebsocket.encode(message))
        else:
            _, read = hocuspocus.decode(hocuspocus.encode(ADDRESS, message))
        self.room.receive(self.connection, read)

    def listen(self) -> list[Message]:
        """Read what came; answer as a provider does; what was heard now."""
        messages = [ywebsocket.decode(frame) if self.stock else self._read(frame) for frame in self.transport.take()]
        for message in messages:
            match message:
                case SyncStep1(state_vector):
                    self.say(SyncStep2(self.doc.get_update(state_vector)))
                case SyncStep2(update) | Update(update):
                    self.doc.apply_update(update)
                case SyncStatus(saved=True):
                    self.unsynced -= 1
                case _:
                    pass
        self.heard += messages
        return messages

    def _read(self, frame: bytes) -> Message:
        address, message = hocuspocus.decode(frame)
        assert address == ADDRESS
        return message

    def write(self, text: str, at: int = 0) -> bytes:
        """Type `text` at a place (in characters) of the first unit; the update, not yet sent."""
        before = self.doc.get_state()
        unit_text(self.doc).insert(len(self.text[:at].encode()), text)
        return self.doc.get_update(before)

    def delete(self, start: int, end: int) -> bytes:
        """Delete characters of the first unit; the update, not yet sent."""
        before = self.doc.get_state()
        del unit_text(self.doc)[len(self.text[:start].encode()) : len(self.text[:end].encode())]
        return self.doc.get_update(before)

    def typed(self, text: str, at: int = 0) -> bytes:
        """Type and send."""
        update = self.write(text, at)
        self.unsynced += 1
        self.say(Update(update))
        return update

    @property
    def text(self) -> str:
        return text_of(self.doc)

    def heard_of(self, kind: type[T]) -> list[T]:
        return [message for message in self.heard if isinstance(message, kind)]

    def told(self) -> list[str]:
        """Stateless messages, as text."""
        return [message.payload for message in self.heard_of(Stateless)]

    def presence(self) -> list[Awareness]:
        return self.heard_of(Awareness)


def unit_text(doc: "pycrdt.Doc[Any]") -> "pycrdt.XmlText":
    """The XmlText of the first unit."""
    element = doc.get("default", type=pycrdt.XmlFragment).children[0]
    assert isinstance(element, pycrdt.XmlElement)
    text = element.children[0]
    assert isinstance(text, pycrdt.XmlText)
    return text
