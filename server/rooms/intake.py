"""One update on its way in: what the room decides about it before anything is applied."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from server.access.roles import Scope
from server.crdt.document import read_state_vector, without_held
from server.crdt.lib0 import DecodeError
from server.crdt.update import Description, describe
from server.guard.guard import Accepted, Foreign, Limits, NeedsResync, Refused, decisions_of, judge
from server.guard.scopes import says_nothing
from server.ids import ClientId, UserId
from server.journal.journal import Decided, Entry
from server.rooms.connection import Connection
from server.rooms.live import Live

_WHAT = {"accept": "accepted", "reopen": "reopened"}
"""What the values of `resolutions` say, in the words of the records."""

OwnerOf = Callable[[ClientId], UserId | None]


@dataclass(slots=True)
class Edit:
    """Document bytes from one client. `is_answer` for a SyncStep2; `caught_up` once the journal was read because of it.

    `counted` is False for what the client does not count as an unsaved change: the answer to a question only we had, and what
    a Hocuspocus provider typed while it was connecting (it queues that, then sets its count to 1). `round` is the connection's.
    """

    connection: Connection
    update: bytes
    is_answer: bool
    counted: bool = True
    parts: Sequence[bytes] = ()
    """The updates that were joined into this one, each counted by itself; empty where it stands as it came."""
    round: int = 0
    caught_up: bool = False
    in_one: bool = False
    """It could not be judged in pieces: it is judged as it is."""
    claims: Mapping[str, object] | None = None
    """What its sender may decide, once that was looked up because of it."""

    @property
    def size_bytes(self) -> int:
        """Of the updates as they came."""
        return sum(map(len, self.parts)) or len(self.update)

    @property
    def count(self) -> int:
        """How many updates its client sent for it."""
        return len(self.parts) or 1

    def in_parts(self) -> "list[Edit]":
        """As they came, each an edit."""
        return [replace(self, update=part, parts=()) for part in self.parts] or [self]


class Take(NamedTuple):
    """Apply it and store `entry`; `bindings` are client ids seen for the first time."""

    entry: Entry
    description: Description
    bindings: tuple[tuple[ClientId, UserId], ...]
    decided: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """It brings nothing the document does not hold; it counts as saved."""


@dataclass(frozen=True, slots=True)
class TurnDown:
    """Not stored; `rule` is for the client to explain, `detail` for the log (never text of the document)."""

    rule: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AskAgain:
    """It builds on something we do not hold; the client must send everything we lack."""

    reason: str


@dataclass(frozen=True, slots=True)
class LookInJournal:
    """It carries other people's edits that we do not hold; another node may have stored them."""


@dataclass(frozen=True, slots=True)
class LookForClaim:
    """It decides about a suggestion; its sender may have claimed that."""


Decision = Take | Known | TurnDown | AskAgain | LookInJournal | LookForClaim


class Intake:
    """Decides about edits against one live document. Pure but for the ledger, which remembers what was taken."""

    def __init__(self, limits: Limits, shown_by: OwnerOf) -> None:
        self._limits = limits
        self._shown_by = shown_by

    def decisions(self, edit: Edit, live: Live, sealed: bool) -> Iterable[tuple[Edit, Decision]]:
        """What is decided about an edit. One that was joined and is not simply taken is decided about in the parts that came."""
        decision = self.decide(edit, live, sealed)
        if not edit.parts or (isinstance(decision, Take) and decision.entry.update is edit.update):
            return ((edit, decision),)
        return ((part, self.decide(part, live, sealed)) for part in edit.in_parts())

    def decide(self, edit: Edit, live: Live, sealed: bool) -> Decision:
        """Decide about one edit; a taken one is noted in the ledger, so that the next may build on it."""
        scope = edit.connection.grant.scope
        if scope is not Scope.WRITE or sealed:
            return _without_right(edit, live, sealed)
        if says_nothing(edit.update):
            return Known()
        if len(edit.update) > self._limits.update_bytes:
            return TurnDown("G3", f"{len(edit.update)} bytes")
        try:
            return self._judge(edit, edit.update, live)
        except DecodeError as error:
            return TurnDown("G2", str(error))

    def _judge(self, edit: Edit, update: bytes, live: Live) -> Decision:
        description = describe(update)
        user = edit.connection.user
        match judge(description, user, Scope.WRITE, live.ledger, self._limits, edit.claims or {}):
            case Accepted(_, bindings):
                decided = _decided(description, user, live) if edit.claims else ()
                return self._accept(edit, Take(Entry(update, user), description, bindings, decided), live)
            case Refused("G14", _) if edit.claims is None:
                return LookForClaim()
            case Refused(rule, detail):
                return TurnDown(rule, detail)
            case NeedsResync(reason, _):
                return AskAgain(reason)
            case Foreign(_):
                return self._judge_rest(edit, update, live)

    def _judge_rest(self, edit: Edit, update: bytes, live: Live) -> Decision:
        """Other people's edits that we hold are dropped; what is left is judged, or has to be looked for in the journal."""
        rest = without_held(update, live.state_vector())
        if rest != update:
            return self._judge(edit, rest, live)
        return TurnDown("G10") if edit.caught_up else LookInJournal()

    def _accept(self, edit: Edit, take: Take, live: Live) -> Decision:
        for client, user in take.bindings:
            if self._shown_by(client) not in {None, user}:
                return TurnDown("G10", "the client id is shown by somebody else")
        if take.description.is_empty or (edit.is_answer and live.holds_all_of(take.description)):
            return Known()
        live.note(take.entry.update, take.description, take.entry.author)
        return take


def _decided(description: Description, user: UserId, live: Live) -> tuple[Decided, ...]:
    """The decisions of a judged update, as the journal stores them with it."""
    found = decisions_of(description, live.ledger)
    return tuple(Decided(name, value["v"], _WHAT[value["a"]], user) for name, value in found)


def typed_after(update: bytes, state_vector: bytes, *, has_flushed: bool) -> bool:
    """Whether a client that was at `state_vector` wrote an update afterwards.

    A delete by itself does not say when it was typed; it was before when it may have been queued (`has_flushed` is False).
    """
    try:
        ranges = describe(update).ranges
        if not ranges:
            return has_flushed
        held = read_state_vector(state_vector)
        return any(found.end > held.get(found.client, 0) for found in ranges)
    except DecodeError:
        return True


def _without_right(edit: Edit, live: Live, sealed: bool) -> Decision:
    """Readers' and reviewers' bytes never come near the text (P3); structs are dropped unparsed.

    Every client answers our SyncStep1, mostly with deletes everybody knows; only then is it told that all it has is saved.
    """
    if edit.is_answer and edit.update[:1] == b"\x00":
        try:
            if live.holds_all_of(describe(edit.update)):
                return Known()
        except DecodeError as error:
            return TurnDown("G2", str(error))
    return TurnDown("sealed" if sealed else "G1")
