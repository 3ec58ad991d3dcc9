"""What the clients of one room hear, and when: only what is on disk, each at its own speed."""

import time
from collections.abc import Callable, Iterable, Mapping

import structlog

from server.broker.broker import BrokerMessage, Present
from server.crdt.messages import PermissionDenied
from server.errors import EpochMismatch, Forbidden
from server.ids import ClientId, DocumentId
from server.rooms.batch import Reply
from server.rooms.connection import Connection
from server.rooms.counters import RoomCounters
from server.rooms.fanout import View, presence_body, question_body, spread, spread_presence, stateless, tell, tell_each, update_body
from server.rooms.intake import Edit, TurnDown
from server.rooms.limits import FrameBudget
from server.rooms.live import Live
from server.rooms.presence import Presence

_log = structlog.get_logger(__name__)

OVERLOOK_S = 0.5
"""How long changes beside the text on other nodes are gathered before clients are told."""
SAVING_STOPPED: Mapping[str, object] = {"type": "saving", "state": "stopped"}
SAVING_OK: Mapping[str, object] = {"type": "saving", "state": "ok"}

_RIGHTS = frozenset({"G1", "sealed"})
"""Refusals after which a y-websocket client may stay and read on."""


class Audience:
    """The connections of one room, their presence, and the questions that wait for the next commit."""

    def __init__(self, document: DocumentId, budget: FrameBudget, counters: RoomCounters, publish: Callable[[BrokerMessage], None]) -> None:
        self.document = document
        self.connections: dict[int, Connection] = {}
        self.presence = Presence()
        self._budget = budget
        self._counters = counters
        self._publish = publish
        self._questions: list[tuple[Connection, bytes]] = []
        self._asked: list[Connection] = []
        self._overlooking = False
        self.wrote_here: set[ClientId] = set()
        """Client ids that began to write since this room was opened: whatever they hold is of this history."""

    def leave(self, connection: Connection) -> bool:
        """Forget a connection; False when it was not here."""
        connection.closed = True
        if self.connections.pop(connection.number, None) is None:
            return False
        self.presence.leave(connection)
        return True

    def put_out(self, connection: Connection, code: int, reason: str) -> None:
        """Tell a client why it has to leave, and forget it."""
        connection.deny(code, reason)
        self.leave(connection)

    def tell(self, content: Mapping[str, object]) -> None:
        """A stateless message to everyone whose protocol has them."""
        tell(self.connections.values(), content)

    def tell_each(self, view: View, state_vector: Callable[[], bytes]) -> None:
        """A stateless message as each person's body may see it."""
        tell_each(self.connections.values(), view, state_vector)

    # -- document --------------------------------------------------------------------------------------------------

    def show(self, update: bytes, author: Connection | None, state_vector: Callable[[], bytes]) -> None:
        """Send a committed update to everyone but the one Hocuspocus client it came from: that one is acknowledged.

        A y-websocket client gets its own edits back: newer providers take the echo as "saved".
        """
        began = time.perf_counter()
        skip = author if author is not None and author.is_hocuspocus else None
        self._spent(spread(self.connections.values(), update_body(update), skip, state_vector))
        self._counters.show_seconds.observe(time.perf_counter() - began)

    def question(self, connection: Connection, state_vector: bytes, live: Live) -> None:
        """A client's SyncStep1 waits for `settle`."""
        connection.ahead = live.replaced and self._is_of_another_history(connection, state_vector, live)
        self._questions.append((connection, state_vector))

    def ask(self, connection: Connection) -> None:
        """At the next `settle`, ask a client for everything we lack."""
        self._asked.append(connection)

    def ask_for_missed(self) -> None:
        """Ask everyone whose edits were put off for them: there is room now."""
        for connection in self.connections.values():
            if connection.missed:
                connection.missed = False
                self.ask(connection)

    @property
    def has_questions(self) -> bool:
        """True when `settle` has something to answer."""
        return bool(self._questions or self._asked)

    def is_asked_by(self, connection: Connection) -> bool:
        """True while this client's SyncStep1 waits for its answer."""
        return any(asking is connection for asking, _ in self._questions)

    def settle(self, live: Live) -> bool:
        """Answer what waits and catch up slow clients from `live`, which holds exactly what is on disk.

        False when a question should be asked again after the journal was read.
        """
        asked, self._asked = self._asked, []
        for connection in asked:
            connection.question(question_body(live.state_vector()), counted=False)
        questions, self._questions = self._questions, []
        for connection, state_vector in questions:
            if not connection.closed:
                self._consider(connection, state_vector, live)
        for connection in self.connections.values():
            if connection.behind is not None and not connection.is_full:
                self._catch_up(connection, connection.behind, live)
        return not self._questions

    def _consider(self, connection: Connection, state_vector: bytes, live: Live) -> None:
        """A client that holds more of somebody else's edits than the journal does comes from another history (P9)."""
        if not self._is_of_another_history(connection, state_vector, live):
            self._answer(connection, state_vector, live)
        elif connection.looked_up:
            _log.info("another history", document=self.document, user=connection.user)
            self.put_out(connection, EpochMismatch.close_code, EpochMismatch.code)
        else:
            connection.looked_up = True
            self._questions.append((connection, state_vector))

    def _is_of_another_history(self, connection: Connection, state_vector: bytes, live: Live) -> bool:
        """Where the history was replaced, a client that cannot tell which one it holds must hold nothing that is not in it (D8b)."""
        if live.replaced and not connection.knows_epoch:
            return live.lacks_what_is_in(state_vector, self.wrote_here)
        return live.holds_more_than_us(state_vector, connection.user)

    def _answer(self, connection: Connection, state_vector: bytes, live: Live) -> None:
        """One SyncStep2 and one SyncStep1 for each SyncStep1, then who is here."""
        connection.behind = None
        connection.looked_up = False
        connection.ahead = False
        self._tell_missed(connection)
        for body in live.answer(state_vector):
            connection.send_body(body)
        connection.question(question_body(live.state_vector()), counted=True)
        self._introduce(connection, live)

    def _catch_up(self, connection: Connection, state_vector: bytes, live: Live) -> None:
        """Everything a slow client missed, as one update."""
        connection.behind = None
        connection.send_body(update_body(live.difference(state_vector)))
        self._tell_missed(connection)
        self._introduce(connection, live)

    def overlook_soon(self, later: Callable[[float, Callable[[], None]], None]) -> None:
        """Something beside the text changed on another node: everyone here reads it anew, at most once in OVERLOOK_S."""
        if not self._overlooking:
            self._overlooking = True
            later(OVERLOOK_S, self._overlook)

    def _overlook(self) -> None:
        self._overlooking = False
        self.overlook_all()

    def overlook_all(self) -> None:
        """The wire to the other nodes was down: everyone here asks for suggestions and comments anew."""
        for connection in self.connections.values():
            connection.overlooked = True
            self._tell_missed(connection)

    def _tell_missed(self, connection: Connection) -> None:
        """Suggestions and comments have changed while the client was slow: it asks for them over HTTP."""
        if connection.overlooked:
            connection.overlooked = False
            connection.send(stateless({"type": "records", "state": "missed"}))

    def _introduce(self, connection: Connection, live: Live) -> None:
        if connection.is_full:
            connection.behind = live.state_vector()
        if not self.presence.is_empty:
            connection.send_body(presence_body(self.presence.everyone()))

    # -- answers to edits ------------------------------------------------------------------------------------------

    def reply(self, replies: Iterable[Reply]) -> None:
        """Acknowledge or refuse edits, in their order; a saved answer to our question settles what was put off before it."""
        for reply in replies:
            connection = reply.edit.connection
            if reply.refusal is not None:
                self._refuse(reply.edit, reply.refusal)
                continue
            if reply.edit.counted and reply.edit.round == connection.round:
                connection.acknowledge(saved=True, count=reply.edit.count)
            if reply.edit.is_answer:
                connection.resyncs = 0
                connection.acknowledge(saved=True, count=connection.owed)
                connection.owed = 0

    def _refuse(self, refused: Edit, refusal: TurnDown) -> None:
        connection = refused.connection
        self._counters.refuse(refusal.rule)
        scope = connection.grant.scope
        _log.info("update refused", document=self.document, user=connection.user, scope=scope, rule=refusal.rule, detail=refusal.detail)
        if connection.closed:
            return
        if connection.is_hocuspocus:
            if refused.counted:
                connection.acknowledge(saved=False)
            connection.send(stateless({"type": "rejected", "rule": refusal.rule, "detail": refusal.detail}))
        elif refusal.rule in _RIGHTS:
            connection.send(PermissionDenied(refusal.rule))
        else:
            self.put_out(connection, Forbidden.close_code, refusal.rule)

    # -- presence --------------------------------------------------------------------------------------------------

    def show_presence(self) -> None:
        """Send what changed to everyone here, and what changed here to the other nodes."""
        if not self.presence.has_changes:
            return
        changes, ours = self.presence.take_changes()
        self._spent(spread_presence(self.connections.values(), presence_body(changes)))
        if ours:
            self._publish(Present(self.document, ours))

    def introduce_all(self, connection: Connection) -> None:
        """Everybody's presence to one client."""
        connection.send_body(presence_body(self.presence.everyone()))

    def _spent(self, frames: int) -> None:
        self._budget.spend(frames)
        self._counters.frames += frames
