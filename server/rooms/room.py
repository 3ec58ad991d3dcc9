"""Room: the one live home of a document in a process. Take, judge, apply, append, and only then show.

A synchronous state machine: it never waits. It is driven by `receive`, `flush` and the answers of its `Ports`. Nothing of a batch
reaches anyone before its commit (P1): not the other clients, not its author as "saved", not the answer to a sync request, not the
other nodes.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import assert_never

import structlog

from server.access.roles import Scope
from server.broker.broker import BrokerMessage, Changed, Committed, Interrupted, Joined, Present
from server.crdt.document import PoisonedUpdate, merge
from server.crdt.messages import Authenticated, Awareness, Message, QueryAwareness, SyncStep1, SyncStep2, Update
from server.errors import EpochMismatch, Forbidden, Unavailable
from server.guard.ledger import Ledger
from server.ids import DocumentId, Seq
from server.journal.journal import Append, Appended, BindingTaken, ClaimLost, FenceMoved, Outcome, Record
from server.rooms.ahead import GAP_WAIT_S, Ahead
from server.rooms.audience import SAVING_OK, SAVING_STOPPED, Audience
from server.rooms.batch import Batch, Reply
from server.rooms.connection import Connection, Grant, scope_name
from server.rooms.fanout import View, stateless
from server.rooms.huge import End, Huge, is_huge
from server.rooms.inbox import Inbox
from server.rooms.intake import AskAgain, Decision, Edit, Intake, Known, LookForClaim, LookInJournal, Take, TurnDown, typed_after
from server.rooms.live import Live, Opened
from server.rooms.ports import Ports
from server.rooms.reading import records_of

MAX_RESYNCS = 3
"""How often in a row a client is asked to send everything before its edits are refused."""
MAX_POISONS = 3
"""How many updates that cannot be applied one connection may send."""
RETRY_S = (0.25, 0.5, 1.0, 2.0, 5.0)
"""The waits between attempts to save; the last one repeats."""

_log = structlog.get_logger(__name__)


class Room:
    """One document's connections, inbox and batch in flight. `seq` is the last update of the journal it has applied."""

    def __init__(self, opened: Opened, ports: Ports) -> None:
        self.document: DocumentId = opened.head.document
        self.fence = opened.head.fence
        self.schema_version = opened.head.schema_version
        self.seq = opened.seq
        self.checkpoint_seq = opened.head.checkpoint.seq if opened.head.checkpoint is not None else Seq(0)
        self.audience = Audience(self.document, ports.budget, ports.counters, ports.publish)
        self.connections = self.audience.connections  # who is here, by number
        self.saving_stopped = False
        self.idle_since = ports.clock()
        self._ports = ports
        self._live = Live(opened)
        self._intake = Intake(ports.limits, self.audience.presence.owner)
        self._inbox = Inbox()
        self._ahead = Ahead()
        self._batch: Batch | None = None
        self._huge: Huge | None = None  # the edit that is being taken in pieces; its batch is the one in flight
        self._failures = 0
        self._has_put_off = False
        self._held_back: list[Edit] = []  # edits that wait for the journal to be read
        self._claimants: list[Edit] = []  # edits that wait for their sender's claims, and what the same client sent after them
        self._reading_on = False
        self._missed_wire = False  # another node spoke while the document was being loaded
        self._reopening = 0  # the number of the reload under way, 0 for none
        self._reloads = 0
        self._scheduled = False
        self._preparing: Live | None = None  # whose ledger is being built

    # -- who is here ---------------------------------------------------------------------------------------------------

    def join(self, connection: Connection) -> None:
        """Let a client in; it hears of everything committed from now on."""
        self.connections[connection.number] = connection
        if self.saving_stopped:
            connection.send(stateless(SAVING_STOPPED))

    def leave(self, connection: Connection) -> None:
        """Forget a client; what it sent and was not refused is still saved."""
        if self.audience.leave(connection):
            self.idle_since = self._ports.clock()
            self._wake()

    def put_out(self, connection: Connection, code: int, reason: str) -> None:
        """Tell a client why it has to leave, and forget it."""
        self.audience.put_out(connection, code, reason)
        self.idle_since = self._ports.clock()
        self._wake()

    def regrant(self, connection: Connection, grant: Grant) -> None:
        """Apply new rights at once. A Hocuspocus client is told; edits that wait are judged by the new scope."""
        changed = grant.scope is not connection.grant.scope
        connection.grant = grant
        if changed:
            connection.send(Authenticated(scope_name(grant.scope)))
            connection.send(stateless({"type": "rights", "scope": grant.scope.value}))

    @property
    def is_quiet(self) -> bool:
        """True when nobody is here and everything is on disk, so that the room may be closed."""
        busy = self._batch or self._inbox or self._held_back or self._claimants or self._reopening or self._reading_on or self._ahead
        return not self.connections and not busy

    @property
    def is_saved(self) -> bool:
        """True when nothing that was received waits for the disk."""
        return self._batch is None and not self._inbox and not self._held_back and not self._claimants

    def holds(self, connection: Connection) -> bool:
        """True while something this client sent waits for the disk, or something it asked for its answer."""
        in_flight = self._batch is not None and any(reply.edit.connection is connection for reply in self._batch.replies)
        put_aside = any(edit.connection is connection for edit in (*self._held_back, *self._claimants))
        return in_flight or put_aside or self._inbox.holds(connection) or self.audience.is_asked_by(connection)

    @property
    def pending_bytes(self) -> int:
        """What was received and is not on disk."""
        in_flight = sum(len(take.entry.update) for take in self._batch.takes) if self._batch is not None else 0
        return in_flight + self._inbox.size_bytes + sum(len(edit.update) for edit in (*self._held_back, *self._claimants))

    @property
    def unsaved_since(self) -> int | None:
        """When the batch in flight began (milliseconds UTC, by the clock); None when there is none."""
        return None if self._batch is None else self._batch.began

    def state(self) -> bytes:
        """The whole document as it is here, as one update; for checks and for whoever writes beside the sockets."""
        return self._live.document.state()

    # -- what clients say ----------------------------------------------------------------------------------------------

    def receive(self, connection: Connection, message: Message) -> None:
        """Take one message. Raises DecodeError when its bytes are not what the protocol says."""
        match message:
            case Update(update):
                connection.at_work = True
                if not self._inbox.type_on(connection, update, self._ports.max_pending_bytes):
                    self._take_in(Edit(connection, update, is_answer=False))
            case SyncStep2(update):
                self._take_in(Edit(connection, update, is_answer=True))
            case SyncStep1(state_vector):
                connection.count_anew(state_vector)
                self.audience.question(connection, state_vector, self._live)
                self._settle()
            case Awareness(update):
                dropped = self.audience.presence.receive(connection, update, self._ports.clock(), self._live.owner)
                if dropped:
                    _log.debug("presence of others dropped", document=self.document, user=connection.user, entries=dropped)
                self._wake()
            case QueryAwareness():
                self.audience.introduce_all(connection)
            case _:
                pass  # the other messages are the socket's, or are for clients

    def _take_in(self, edit: Edit) -> None:
        connection = edit.connection
        edit.round = connection.round
        if edit.is_answer:
            connection.asked = False
            if connection.questions:
                edit.counted = connection.questions.popleft()
            if edit.counted:
                connection.before = None
        elif connection.before is not None and connection.grant.scope is Scope.WRITE:
            edit.counted = typed_after(edit.update, connection.before, has_flushed=connection.has_flushed)
        if connection.ahead:
            connection.owed += edit.counted  # it comes again in the answer to our SyncStep1, if it may
            return
        waiting_bytes = self._inbox.size_bytes + sum([len(waiting.update) for waiting in self._claimants])
        if waiting_bytes + len(edit.update) > self._ports.max_pending_bytes and waiting_bytes:
            self._put_off(edit)
            return
        self._inbox.add(edit)
        self._wake()

    def _put_off(self, edit: Edit) -> None:
        """Too much waits to be saved: the client keeps this edit, is told so, and is asked for it when saving works again."""
        connection = edit.connection
        connection.owed += edit.counted
        connection.missed = self._has_put_off = True
        connection.send(stateless({"type": "rejected", "rule": "saving-stopped", "detail": "", "retry": True}))

    # -- a batch -------------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """See to it that `flush` runs: at the end of this turn while there is frame credit, else up to 20 ms later."""
        if self._scheduled:
            return
        self._scheduled = True
        delay_s = self._ports.budget.delay_s()
        if delay_s > 0:
            self._ports.later(delay_s, self.flush)
        else:
            self._ports.soon(self.flush)

    def flush(self) -> None:
        """Show presence; begin a batch of what waits in the inbox when none is in flight."""
        self._scheduled = False
        self.audience.show_presence()
        if self._batch is None and self._inbox and not self._reopening and (self._inbox.says_nothing or self._is_ready()):
            self._begin(self._inbox.take())

    def _is_ready(self) -> bool:
        """False while the ledger of a large document is being built, so that other rooms need not wait for it."""
        live = self._live
        if self._preparing is live:
            return False
        work = live.prepare(self._ports.in_place_bytes)
        if work is None:
            return True
        self._preparing = live
        self._ports.aside(work, partial(self.prepared, live))
        return False

    def prepared(self, live: Live, ledger: Ledger) -> None:
        """The first write into a large document can be judged now, unless the document was loaded again meanwhile."""
        if self._preparing is live:
            self._preparing = None
        live.prepared(ledger)
        if self._inbox:
            self._wake()

    def _begin(self, edits: list[Edit]) -> None:
        if len(edits) == 1 and is_huge(edits[0], self._ports, self._claimants) and not self.fence.sealed:
            self._cut(edits[0])
            return
        batch = Batch(self.fence, self._ports.clock())
        for edit in edits:
            if self._claimants and any(edit.connection is waiting.connection for waiting in self._claimants):
                self._claimants.append(edit)
                continue
            for part, decision in self._intake.decisions(edit, self._live, self.fence.sealed):
                self._sort(batch, part, decision)
        if batch.takes:
            self._apply(batch, [edit for edit in edits if not self._waits_for_claims(edit)] if self._claimants else edits)
        else:
            self.audience.reply(batch.replies)
            self._settle()
        if self._inbox and self._batch is None:
            self._wake()

    def _sort(self, batch: Batch, edit: Edit, decision: Decision) -> None:
        """Put one decision where it belongs; replies keep the order of the edits."""
        match decision:
            case Take():
                batch.take(edit, decision)
                self.audience.wrote_here.update(client for client, _ in decision.bindings)
            case Known():
                batch.replies.append(Reply(edit, None))
            case TurnDown():
                batch.replies.append(Reply(edit, decision))
            case AskAgain(reason):
                self._ask(batch, edit, reason)
            case LookInJournal():
                edit.caught_up = True
                self._held_back.append(edit)
                self._read_on()
            case LookForClaim():
                self._claimants.append(edit)
                self._ports.read_claims(edit.connection.user, partial(self.claimed, edit))
            case _:
                assert_never(decision)

    def _cut(self, edit: Edit) -> None:
        """Take a huge edit in pieces; its batch is in flight from now on."""
        self._batch = Batch(self.fence, self._ports.clock())
        self._huge = Huge(edit, self._batch, self._ports, self._decide, self._taken)
        self._huge.begin()

    def _decide(self, huge: Huge, piece: Edit) -> Decision | None:
        """Judge and apply a piece; None when the document was loaded again, and the edit waits in the inbox. Raises PoisonedUpdate."""
        if self._huge is not huge:
            return None
        decision = self._intake.decide(piece, self._live, self.fence.sealed)
        if isinstance(decision, Take):
            self._live.apply(decision.entry.update)
        return decision

    def _taken(self, huge: Huge, end: End, error: PoisonedUpdate | None) -> None:
        """How it ended with a huge edit."""
        self._huge = None
        if end is End.TAKEN and huge.batch.takes:
            self.audience.wrote_here.update(client for client, _ in huge.batch.bindings())
            self._submit(huge.batch)
            return
        self._batch = None
        if end is End.TAKEN:
            self.audience.reply(huge.batch.replies)
            self._settle()
        elif error is not None:
            self._quarantine(huge.edit, error)
        else:
            huge.edit.in_one = True
            self._inbox.put_back([huge.edit])
        if huge.batch.takes or error is not None:
            self.reload()
        elif self._inbox:
            self._wake()

    def _waits_for_claims(self, edit: Edit) -> bool:
        return any(waiting is edit for waiting in self._claimants)

    def claimed(self, edit: Edit, claims: Mapping[str, object]) -> None:
        """What the sender of an edit may decide; it is judged again, and after it what the same client sent meanwhile."""
        if not self._waits_for_claims(edit):
            return
        edit.claims = claims
        mine = [waiting for waiting in self._claimants if waiting.connection is edit.connection]
        self._claimants = [waiting for waiting in self._claimants if waiting.connection is not edit.connection]
        self._inbox.put_back(mine)
        self._wake()

    def _ask(self, batch: Batch, edit: Edit, reason: str) -> None:
        """Ask a client for everything we lack; its acknowledgements follow when that is saved."""
        connection = edit.connection
        if not connection.asked:
            if connection.resyncs >= MAX_RESYNCS:
                batch.replies.append(Reply(edit, TurnDown("missing", reason)))
                return
            connection.resyncs += 1
            connection.asked = True
            self._ports.counters.resyncs += 1
            self.audience.ask(connection)
        connection.owed += edit.counted

    def _apply(self, batch: Batch, edits: list[Edit]) -> None:
        try:
            batch.merged = batch.joined()
            self._live.apply(batch.merged)
        except PoisonedUpdate as error:
            self._find_poison(edits, error)
            return
        self._batch = batch
        self._submit(batch)

    def _find_poison(self, edits: list[Edit], error: PoisonedUpdate) -> None:
        """An update the library cannot take: load the document afresh and try this batch's edits one by one."""
        parts = [part for edit in edits for part in edit.in_parts()]
        if len(parts) == 1:
            self._quarantine(parts[0], error)
        else:
            self._inbox.put_back(parts)
            self._inbox.take_alone(len(parts))
        self.reload()

    def _quarantine(self, edit: Edit, error: PoisonedUpdate) -> None:
        connection = edit.connection
        self._ports.counters.quarantined += 1
        self._ports.quarantine(connection.user, "poisoned", edit.update)
        self.audience.reply([Reply(edit, TurnDown("poisoned", str(error)))])
        connection.poisons += 1
        if connection.poisons >= MAX_POISONS:
            self.put_out(connection, Forbidden.close_code, "poisoned")

    def _submit(self, batch: Batch) -> None:
        append = Append(self.document, batch.fence, batch.entries(), batch.bindings(), batch.decided())
        self._ports.submit(append, partial(self.committed, batch))

    # -- what the journal says -----------------------------------------------------------------------------------------

    def committed(self, batch: Batch, outcome: Outcome | Unavailable) -> None:
        """The journal's answer to a batch."""
        if self._batch is not batch:
            return  # the room gave the batch up; the journal is read again anyway
        match outcome:
            case Appended(first, last):
                self._saved(batch, first, last)
            case FenceMoved() | BindingTaken() | ClaimLost():
                _log.info("batch came too late", document=self.document, outcome=type(outcome).__name__)
                self._batch = None
                for reply in batch.replies:
                    reply.edit.claims = None
                self._inbox.put_back(reply.edit for reply in batch.replies)
                self._drop_edits_of_the_gone()
                self.reload()
            case Unavailable():
                self._failed(batch, outcome)

    def _saved(self, batch: Batch, first: Seq, last: Seq) -> None:
        self._batch = None
        self._resume_saving()
        if not batch.applied:
            self._live.apply(batch.merged)
            for take in batch.takes:
                self._live.note(take.entry.update, take.description, take.entry.author)
        entries = batch.entries()
        self._ports.counters.save(len(entries), len(batch.merged))
        _log.debug("batch", document=self.document, seq=last, began=batch.began, updates=len(batch.takes), bytes=len(batch.merged))
        self._show(batch.merged, batch.only_author())
        if self._ahead or first > self.seq + 1:
            self._ahead.store(first, last)
            self._go_on()
        else:
            self.seq = last
        self._ports.publish(Committed(self.document, batch.fence.epoch, first, entries))
        self.audience.reply(batch.replies)
        if decided := batch.decided():
            self._ports.announce([one.suggestion for one in decided])
        self._settle()
        if self._inbox:
            self._wake()

    def _failed(self, batch: Batch, failure: Unavailable) -> None:
        """Nothing is shown, everything is kept, people are told, and the same batch is tried again until it is saved."""
        self._ports.counters.save_failures += 1
        self._ports.later(RETRY_S[min(self._failures, len(RETRY_S) - 1)], partial(self._retry, batch))
        self._failures += 1
        if not self.saving_stopped:
            self.saving_stopped = True
            _log.warning("saving stopped", document=self.document, reason=failure.detail)
            self.audience.tell(SAVING_STOPPED)
            self.reload()  # what is on disk can still be read, and shown to whoever asks

    def _retry(self, batch: Batch) -> None:
        if self._batch is batch:
            self._submit(batch)

    def _resume_saving(self) -> None:
        self._failures = 0
        if not self.saving_stopped:
            return
        self.saving_stopped = False
        _log.info("saving works again", document=self.document)
        self.audience.tell(SAVING_OK)

    def reload(self) -> None:
        """Load the document from the journal again; nothing begins before it is there."""
        self._reloads += 1
        self._reopening = self._reloads
        self._ahead.clear()
        self._ports.reopen(partial(self.reopened, self._reloads))

    def reopened(self, number: int, opened: Opened) -> None:
        """The document as the journal has it now. What is in flight is not in it; what others stored meanwhile is."""
        if number != self._reopening:
            return
        self._reopening = 0
        if self._huge is not None:  # its pieces are not in what was loaded: it begins anew
            self._inbox.put_back([self._huge.edit])
            self._huge = self._batch = None
        if opened.head.fence.epoch != self.fence.epoch:
            self._replace_history(opened)
        elif opened.seq >= self.seq:
            self._live = Live(opened)
            if self._batch is not None:
                self._batch.applied = False
            missed = opened.after(self.seq)
            self.seq = opened.seq
            if missed is not None:
                self._show(missed, None)
        if opened.head.fence != self.fence:
            self.fence = opened.head.fence
            self._drop_edits_of_the_gone()
        if self._missed_wire:
            self._missed_wire = False
            self._read_on()
        self._go_on()
        self._settle()
        if self._inbox:
            self._wake()

    def _drop_edits_of_the_gone(self) -> None:
        """Rights may have changed, and nobody looks again at those of a client that left: it keeps its edits until it comes back."""
        self._inbox.drop_edits_of_the_gone()
        self._held_back = [edit for edit in self._held_back if not edit.connection.closed]

    def _replace_history(self, opened: Opened) -> None:
        """The act was restored: what clients hold belongs to the old history and must not be merged (P9)."""
        _log.info("history was replaced", document=self.document)
        self._live, self.seq, self._batch = Live(opened), opened.seq, None
        self._ahead.clear()
        self._inbox.clear()
        self._held_back.clear()
        self._claimants.clear()
        for connection in list(self.connections.values()):
            self.put_out(connection, EpochMismatch.close_code, EpochMismatch.code)

    # -- other nodes ---------------------------------------------------------------------------------------------------

    def hear(self, message: BrokerMessage) -> None:
        """A message of the broker. Raises DecodeError for presence that is none."""
        match message:
            case Committed():
                self._hear_committed(message)
            case Present(update=update):
                self.audience.presence.receive_remote(update, self._ports.clock())
                self._wake()
            case Interrupted():
                self._read_on()
                self.audience.overlook_all()
            case Joined():  # a node that has just begun to listen: who is here, and how far the journal is, so that it sees a gap at once
                self._ports.publish(Present(self.document, self.audience.presence.here()))
                self._ports.publish(Committed(self.document, self.fence.epoch, Seq(self.seq + 1), ()))
            case Changed():
                self.audience.overlook_soon(self._ports.later)
            case _:
                assert_never(message)

    def _hear_committed(self, message: Committed) -> None:
        if message.epoch != self.fence.epoch:
            self.reload()
        elif self._reopening:
            self._missed_wire = True
        elif self._batch is None and message.first > self.seq + 1 and not self._ahead:
            self._read_on()
        else:
            self._ahead.hear(message)
            self._go_on()
            self._settle()

    def _go_on(self) -> None:
        """Take what goes on from where the room is. Another node may have stored something in between that the wire still brings."""
        while self._batch is None and (found := self._ahead.after(self.seq)) is not None:
            if isinstance(found, Committed):
                self.caught_up(records_of(found, self._ports.clock()))
            else:
                self.seq = found
        if self._ahead:
            self._ports.later(GAP_WAIT_S, partial(self._close_gap, self.seq))

    def _close_gap(self, seq: Seq) -> None:
        """Read what the wire has not brought."""
        if self._ahead and self.seq == seq:
            self._read_on()

    def tell(self, view: View) -> None:
        """Something beside the text, to everyone as their body may see it."""
        self.audience.tell_each(view, self._saved_state_vector)

    def tend(self, now: int) -> None:
        """Take away presence that was not refreshed; called every few seconds."""
        self.audience.presence.expire(now)
        if self.audience.presence.has_changes:
            self._wake()

    def reconcile(self) -> None:
        """Read what the journal has beyond what is here; called from time to time, so that a lossy wire loses nothing."""
        if not self._reopening:
            self._read_on()

    def _read_on(self) -> None:
        if not self._reading_on:
            self._reading_on = True
            self._ports.read_after(self.seq, self._read)

    def _read(self, records: Sequence[Record]) -> None:
        self._reading_on = False
        self.caught_up(records)
        self._go_on()
        self._inbox.put_back(self._held_back)
        self._held_back.clear()
        self._settle()
        if self._inbox:
            self._wake()

    def caught_up(self, records: Sequence[Record]) -> None:
        """Take updates the journal has and the room has not, and show them."""
        news = [record for record in records if record.seq > self.seq]
        if self._reopening:
            self._missed_wire = True  # what is being loaded may have been read before these were stored
            return
        if not news:
            return
        self._live.take_stored(news)
        self.seq = news[-1].seq
        self._ports.counters.caught_up += len(news)
        self._show(merge([record.update for record in news]), None)

    def drained(self, connection: Connection) -> None:
        """What waited for a slow client has left: send it, as one difference, what it missed since."""
        if connection.behind is not None and not connection.closed:
            self._settle()

    def _show(self, update: bytes, author: Connection | None) -> None:
        self.audience.show(update, author, self._saved_state_vector)

    def _saved_state_vector(self) -> bytes:
        """A state vector of what is on disk; while a batch is in flight, of what was there before it."""
        batch = self._batch
        if batch is None or not batch.applied:
            return self._live.state_vector()
        return self._live.state_vector_without([take.description for take in batch.takes])

    def _settle(self) -> None:
        """Answer what waits, unless the live document holds something that is not on disk or may lack something that is."""
        if self._reopening or self._reading_on or self._ahead.has_own or (self._batch is not None and self._batch.applied):
            return
        if self._has_put_off and not self.saving_stopped and self._inbox.size_bytes * 2 <= self._ports.max_pending_bytes:
            self._has_put_off = False
            self.audience.ask_for_missed()
        if not self.audience.settle(self._live):
            self._read_on()
