"""Many people, two nodes, one journal, and everything that can go wrong between any two steps; all of it decided by one seed.

A step is one thing that happens: a message arrives, a callback runs, the journal takes a batch, its answer is delivered, a wire
message comes, comes twice or is lost, a person types, leaves or comes back, gets or loses rights, the disk fails, a node is killed.
"""

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pycrdt

from server.access.actor import Actor
from server.access.roles import Scope
from server.broker.broker import BrokerMessage
from server.crdt import hocuspocus
from server.crdt.messages import Message, PermissionDenied, SyncStatus, SyncStep1, SyncStep2, Update
from server.errors import Unavailable
from server.guard.guard import Limits
from server.guard.ledger import Ledger
from server.ids import BodyCode, Seq, UserId
from server.journal.journal import SERVER, Append, Entry, Outcome, Record
from server.journal.memory import MemoryJournal
from server.rooms.connection import Connection, Grant
from server.rooms.counters import RoomCounters
from server.rooms.limits import FrameBudget
from server.rooms.live import Opened
from server.rooms.ports import Ports
from server.rooms.reading import read_after, read_opened
from server.rooms.room import Room
from tests.rooms.world import ACT, ADDRESS, DOCUMENT, Outgoing, finish, seed, text_of, unit_text

WORDS = ("закон", "ї", "стаття№", "emoji👩‍⚖️", "й̈", "ґрунт", "אבג")


class Node:
    """One process: a room, and what it waits for. `generation` grows with each kill; what an older one was promised is void."""

    def __init__(self, sim: "Simulation", number: int) -> None:
        self.sim = sim
        self.number = number
        self.generation = 0
        self.soon: deque[Callable[[], None]] = deque()
        self.timers: list[tuple[float, int, Callable[[], None]]] = []
        self.submissions: deque[tuple[Append, Callable[[Outcome | Unavailable], None]]] = deque()
        self.answers: deque[Callable[[], None]] = deque()
        self.reopenings: deque[Callable[[Opened], None]] = deque()
        self.workings: deque[tuple[Ledger, Callable[[Ledger], None]]] = deque()
        self.readings: deque[tuple[Seq, Callable[[Sequence[Record]], None]]] = deque()
        self.wire: list[BrokerMessage] = []
        self.start()

    def start(self) -> None:
        for waiting in (self.soon, self.timers, self.submissions, self.answers, self.reopenings, self.readings, self.workings, self.wire):
            waiting.clear()
        self.room = Room(self.sim.while_healthy(lambda: finish(read_opened(self.sim.journal, DOCUMENT))), self._ports())

    def kill(self) -> None:
        """Everything in memory is gone; clients find their connections dead."""
        self.generation += 1
        for person in self.sim.people:
            if person.node is self:
                person.drop()
        self.start()

    def _ports(self) -> Ports:
        sim = self.sim
        return Ports(
            submit=lambda append, done: self.submissions.append((append, done)),
            soon=self.soon.append,
            later=lambda delay_s, call: heapq.heappush(self.timers, (sim.now + delay_s * 1000, next(sim.order), call)),
            reopen=self.reopenings.append,
            read_after=lambda seq, done: self.readings.append((seq, done)),
            publish=lambda message: sim.publish(self, message),
            quarantine=sim.quarantine,
            read_claims=lambda _user, done: self.soon.append(lambda: done({})),
            announce=lambda _names: None,
            aside=lambda work, done: self.workings.append((work(), done)),  # built now, heard of later
            in_place_bytes=0,
            clock=lambda: sim.now,
            budget=FrameBudget(1e9, lambda: sim.now / 1000),
            limits=Limits(),
            max_pending_bytes=4000,
            counters=sim.counters,
        )

    def steps(self) -> list[Callable[[], None]]:
        """What could happen next in this process."""
        found: list[Callable[[], None]] = []
        for waiting, step in (
            (self.soon, self.call_soon),
            (self.submissions, self.commit),
            (self.answers, self.answer),
            (self.reopenings, self.reopen),
            (self.readings, self.read),
            (self.workings, self.work),
            (self.wire, self.hear),
        ):
            if waiting:
                found.append(step)
        if self.timers:
            found.append(self.fire)
        return found

    def call_soon(self) -> None:
        self.soon.popleft()()

    def fire(self) -> None:
        at, _, call = heapq.heappop(self.timers)
        self.sim.now = max(self.sim.now, int(at))
        call()

    def commit(self) -> None:
        """The journal takes a batch; its answer comes later, or never when the node is killed in between."""
        append, done = self.submissions.popleft()
        try:
            outcome: Outcome | Unavailable = finish(self.sim.journal.append([append]))[0]
        except Unavailable as failure:
            outcome = failure
        else:
            self.sim.check_stored()
        self.answers.append(partial(done, outcome))

    def answer(self) -> None:
        self.answers.popleft()()

    def work(self) -> None:
        ledger, done = self.workings.popleft()
        done(ledger)

    def reopen(self) -> None:
        try:
            opened = finish(read_opened(self.sim.journal, DOCUMENT))
        except Unavailable:
            return  # the step stays possible until the disk can be read
        for person in self.sim.people:
            if person.node is self and person.connection is not None:
                self.room.regrant(person.connection, person.grant())
        self.reopenings.popleft()(opened)

    def read(self) -> None:
        seq, done = self.readings[0]
        try:
            records = finish(read_after(self.sim.journal, DOCUMENT, seq))
        except Unavailable:
            return
        self.readings.popleft()
        done(records)

    def hear(self) -> None:
        """A lossy wire: any order, some twice, some never."""
        place = self.sim.chance.randrange(len(self.wire))
        message = self.wire[place]
        if self.sim.healthy or self.sim.chance.random() > 0.15:
            del self.wire[place]
        if self.sim.healthy or self.sim.chance.random() > 0.2:
            self.room.hear(message)


class Participant:
    """A browser with a Hocuspocus provider, as exactly as its counting goes. Messages keep their order until the connection breaks."""

    def __init__(self, sim: "Simulation", number: int, scope: Scope) -> None:
        self.sim = sim
        self.number = number
        self.user = UserId(f"u{number}")
        self.scope = scope
        self.was_writer = scope is Scope.WRITE
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=1000 + number)
        self.node: Node | None = None
        self.connection: Connection | None = None
        self.transport = Outgoing()
        self.up: deque[bytes] = deque()
        self.down: deque[bytes] = deque()
        self.unsynced = 0
        self.typed: list[str] = []
        self.removed: set[str] = set()
        self.removed_once: set[str] = set()
        self.sets = 0

    def grant(self) -> Grant:
        return Grant(Actor(self.user, f"Особа {self.number}", BodyCode("mvs")), self.scope, "МВС")

    # -- what the person does ------------------------------------------------------------------------------------------

    def come(self) -> None:
        """Open a connection to some node."""
        self.node = self.sim.chance.choice(self.sim.nodes)
        self.transport = Outgoing()
        self.connection = Connection(self.transport, self.grant(), address=ADDRESS, max_outbox_bytes=600)
        self.node.room.join(self.connection)
        self.unsynced = 1
        self.send(SyncStep1(self.doc.get_state()))

    def drop(self) -> None:
        """The connection breaks; what was on the way is lost."""
        self.up.clear()
        self.down.clear()
        if self.connection is not None and self.node is not None:
            self.node.room.leave(self.connection)
        self.node = self.connection = None

    def type(self) -> None:
        if not self.has_text():
            return
        word = f"⟦{self.number}.{len(self.typed)}{self.sim.chance.choice(WORDS)}⟧"
        text = text_of(self.doc)
        places = [0, len(text), *(place + 1 for place, letter in enumerate(text) if letter == "⟧")]
        self._change(lambda: unit_text(self.doc).insert(len(text[: self.sim.chance.choice(places)].encode()), word))
        self.typed.append(word)

    def remove(self) -> None:
        """Delete one whole word, anybody's."""
        words = self.sim.words(text_of(self.doc)) if self.has_text() else []
        if not words:
            return
        word = self.sim.chance.choice(words)
        text = text_of(self.doc)
        start = len(text[: text.index(word)].encode())

        def delete() -> None:
            del unit_text(self.doc)[start : start + len(word.encode())]

        self._change(delete)
        self.removed.add(word)

    def _change(self, change: Callable[[], None]) -> None:
        made: list[bytes] = []
        subscription = self.doc.observe(lambda event: made.append(event.update))
        with self.doc.transaction():
            change()
        self.doc.unobserve(subscription)
        if self.connection is not None:
            self.unsynced += 1
            for update in made:
                self.send(Update(update))

    def has_text(self) -> bool:
        return self.doc.get_state() != b"\x00" and bool(len(self.doc.get("default", type=pycrdt.XmlFragment).children))

    def set_aside(self) -> None:
        """Put out, or refused: drop the copy and start anew, as a client must that cannot take an edit back."""
        self.drop()
        self.sets += 1
        self.doc = pycrdt.Doc(client_id=100_000 + self.sets * 1000 + self.number)
        self.removed_once |= self.removed
        self.removed = set()

    # -- the wire ------------------------------------------------------------------------------------------------------

    def send(self, message: Message) -> None:
        self.up.append(hocuspocus.encode(ADDRESS, message))

    def steps(self) -> list[Callable[[], None]]:
        found: list[Callable[[], None]] = []
        if self.connection is None:
            return found
        if self.transport.frames or self.down:
            found.append(self.hear)
        if self.transport.waiting:
            found.append(self.drain)
        if self.up:
            found.append(self.deliver)
        return found

    def deliver(self) -> None:
        assert self.node is not None
        assert self.connection is not None
        _, message = hocuspocus.decode(self.up.popleft())
        self.node.room.receive(self.connection, message)

    def drain(self) -> None:
        assert self.node is not None
        assert self.connection is not None
        self.transport.unblock()
        self.node.room.drained(self.connection)

    def hear(self) -> None:
        self.down.extend(self.transport.take())
        _, message = hocuspocus.decode(self.down.popleft())
        match message:
            case SyncStep1(state_vector):
                self.send(SyncStep2(self.doc.get_update(state_vector)))
            case SyncStep2(update) | Update(update):
                self.sim.check_seen(self, update)
                self.doc.apply_update(update)
            case SyncStatus(saved=True):
                self.unsynced = max(0, self.unsynced - 1)
                if self.unsynced == 0:
                    self.sim.promise(self)
            case PermissionDenied():
                raise AssertionError(f"{self.user} was put out: {message.reason}")
            case _:
                pass


class Simulation:
    """One run. `run` raises AssertionError when a promise is broken; the seed is in its message."""

    def __init__(self, number: int, steps: int = 260) -> None:
        self.chance = random.Random(number)
        self.steps = steps
        self.now = 1_000_000
        self.order = itertools.count()
        self.counters = RoomCounters()
        self.healthy = False
        self.journal = MemoryJournal(lambda: self.now)
        finish(self.journal.create(ACT, DOCUMENT, 1, [Entry(seed(), SERVER)]))
        self.promised: set[str] = set()
        self.promised_gone: set[str] = set()
        self.stored = 0
        self.stored_doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=3)
        self.people: list[Participant] = []
        self.nodes = [Node(self, number) for number in range(2)]
        scopes = [Scope.WRITE, Scope.WRITE, Scope.WRITE, Scope.SUGGEST]
        self.people = [Participant(self, place, scope) for place, scope in enumerate(scopes)]
        self.check_stored()

    def run(self) -> None:
        for _ in range(self.steps):
            self.step()
        self.heal()
        self.check_end()

    def step(self) -> None:
        doing = self.chance.random()
        person = self.chance.choice(self.people)
        if doing < 0.16:
            person.type()
        elif doing < 0.19:
            person.remove()
        elif doing < 0.24:
            person.come() if person.connection is None else None
        elif doing < 0.27:
            self.trouble(person)
        else:
            self.happen()

    def possible(self) -> list[Callable[[], None]]:
        """Everything that could happen next, anywhere."""
        found = [step for node in self.nodes for step in node.steps()]
        return found + [step for person in self.people for step in person.steps()]

    def happen(self) -> None:
        """One of the things that could happen anywhere."""
        steps = self.possible()
        if steps:
            self.chance.choice(steps)()
        self.now += self.chance.randrange(50)

    def trouble(self, person: Participant) -> None:
        match self.chance.randrange(6):
            case 0:
                person.drop()
            case 1:
                self.chance.choice(self.nodes).kill()
            case 2:
                self.journal.failing = not self.journal.failing
            case 3:
                person.transport.blocked = True
            case 4:
                self.change_role(person)
            case _:
                for node in self.nodes:
                    node.room.reconcile()

    def change_role(self, person: Participant) -> None:
        """Rights move in the journal at once (the fence), at the nodes later."""
        if person.number not in {1, 2} or self.journal.failing:
            return
        person.scope = Scope.READ if person.scope is Scope.WRITE else Scope.WRITE
        finish(self.journal.move_fence(DOCUMENT, roles_changed=True))
        if person.connection is not None and person.node is not None and self.chance.random() < 0.7:
            person.node.room.regrant(person.connection, person.grant())

    def publish(self, sender: Node, message: BrokerMessage) -> None:
        for node in self.nodes:
            if node is not sender:
                node.wire.append(message)

    def quarantine(self, user: UserId, rule: str, update: bytes) -> None:
        raise AssertionError(f"an honest update of {user} was quarantined ({rule}, {len(update)} bytes)")

    def while_healthy(self, call: Callable[[], Opened]) -> Opened:
        failing, self.journal.failing = self.journal.failing, False
        try:
            return call()
        finally:
            self.journal.failing = failing

    # -- the promises --------------------------------------------------------------------------------------------------

    def check_stored(self) -> None:
        """Nobody without the right has bytes in the journal (P3)."""
        records = finish(read_after(self.journal, DOCUMENT, Seq(self.stored)))
        scopes = {person.user: person.scope for person in self.people}
        for record in records:
            self.stored_doc.apply_update(record.update)
            self.stored = record.seq
            assert scopes.get(record.author, Scope.WRITE) is Scope.WRITE, f"{record.author} may not write"

    def check_seen(self, person: Participant, update: bytes) -> None:
        """Nobody sees what is not on disk (P1)."""
        rest = pycrdt.get_update(update, self.stored_doc.get_state())
        assert rest[0] == 0, f"{person.user} saw something that is not on disk"

    def promise(self, person: Participant) -> None:
        """The provider says "saved": everything in its document and every delete it made is on disk now, and stays (P1)."""
        if not self.has_all_of(person):
            raise AssertionError(f"{person.user} was told everything is saved, and it is not")
        self.promised |= set(self.words(text_of(self.stored_doc)))

    def has_all_of(self, person: Participant) -> bool:
        stored = set(self.words(text_of(self.stored_doc)))
        mine = set(self.words(text_of(person.doc))) if person.has_text() else set()
        return mine <= stored | self.removed() and not (person.removed & stored)

    def removed(self) -> set[str]:
        return set().union(*(person.removed | person.removed_once for person in self.people))

    def words(self, text: str) -> list[str]:
        found = ["⟦" + piece + "⟧" for part in text.split("⟦")[1:] for piece in [part.partition("⟧")[0]]]
        assert len(found) == len(set(found)), "a word is there twice"
        return found

    def heal(self) -> None:
        """The disk works, the wire works, everyone comes back; those who could not save their edits set their copies aside."""
        self.healthy = True
        self.journal.failing = False
        for person in self.people:
            person.transport.blocked = False
            person.drop()
            if person.scope is not Scope.WRITE:
                person.set_aside()
        self.settle()
        for person in self.people:
            person.come()
        self.settle()
        for node in self.nodes:
            node.room.reconcile()
        self.settle()

    def settle(self) -> None:
        for _ in range(20_000):
            steps = self.possible()
            if not steps:
                return
            self.chance.choice(steps)()
        raise AssertionError("it never comes to rest")

    def check_end(self) -> None:
        """Everyone has one text, the disk's; nothing promised is missing; every node is at rest (P1, P6)."""
        self.check_stored()
        truth = text_of(self.stored_doc)
        for person in self.people:
            assert text_of(person.doc) == truth, f"{person.user} has another text"
            assert person.unsynced == 0, f"{person.user} still waits for {person.unsynced}"
        for node in self.nodes:
            document: pycrdt.Doc[Any] = pycrdt.Doc(client_id=4)
            document.apply_update(node.room.state())
            assert text_of(document) == truth, f"node {node.number} has another text"
            assert node.room.is_saved
        missing = self.promised - set(self.words(truth)) - self.removed()
        assert not missing, f"promised and gone: {missing}"
        reviewers = [word for word in self.words(truth) if word.startswith("⟦3.")]
        assert not reviewers, "a reviewer's words are in the text"
