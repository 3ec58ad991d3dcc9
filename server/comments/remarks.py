"""Formal remarks: sent by those who speak for a body, answered by the lead, kept for ever."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from server.access.actor import ActAccess, Actor
from server.access.policy import Action, require
from server.acts.access import read_access
from server.acts.store import lock_act
from server.clock import Clock
from server.comments import remark_store
from server.comments import store as comments
from server.comments.model import Answer, Remark, RemarkSent, Result, Thread, clean_text
from server.comments.service import release_in, see, tell_thread
from server.comments.view import remark_json
from server.db.engine import Database
from server.errors import InvalidInput, NotFound
from server.events.store import record
from server.ids import ActId, NewId
from server.suggestions import store as suggestions
from server.suggestions.model import Audience, NotOpen, Status, Suggestion
from server.suggestions.service import SuggestionService, Tell, check_release
from server.suggestions.shape import blocks_of, check_bid


@dataclass(frozen=True, slots=True)
class Wording:
    """What a remark says: the provision (the target's own when empty), why, and what should stand there."""

    text: str = ""
    proposed: str = ""
    bid: str = ""


class RemarkService:
    """The verbs on remarks; sending one releases what it rests on."""

    def __init__(self, database: Database, clock: Clock, new_id: NewId, tell: Tell, records: SuggestionService) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._tell = tell
        self._records = records

    async def list(self, actor: Actor, act: ActId) -> Sequence[Remark]:
        """Every remark of the act, by number. Raises NotFound, Forbidden."""

        def read(connection: Connection) -> Sequence[Remark]:
            require(actor, Action.READ, read_access(connection, act))
            return remark_store.list_all(connection, act)

        return await self._database.read(read)

    async def of_suggestion(self, actor: Actor, act: ActId, suggestion: str, wording: Wording) -> Remark:
        """A remark that rests on a suggestion of the actor's body. Raises NotFound, Forbidden, InvalidInput, NotOpen, RemarkSent."""
        at = self._clock()

        def send(connection: Connection, access: ActAccess) -> tuple[Remark, Callable[[], None]]:
            held = suggestions.find(connection, act, suggestion, lock=True)
            if held is None or not held.is_visible_to(actor.body):
                raise NotFound(f"no suggestion {suggestion}")
            check_release(actor, access, held)
            if held.status is not Status.OPEN:
                raise NotOpen(current=held.as_json(at))
            if held.remarked:
                raise RemarkSent
            remark = self._make(connection, actor, wording, at, _of(held))
            if held.audience is not Audience.ACT:
                held = self._records.release_in(connection, actor, held, "", at)
            changed = suggestions.mark_remarked(connection, held)
            return remark, lambda: self._tell(changed.document, self._records.view(changed))

        return await self._send(actor, act, send)

    async def of_comment(self, actor: Actor, act: ActId, comment: str, wording: Wording) -> Remark:
        """A remark that rests on a comment of the actor's body. Raises as `of_suggestion`, and Conflict."""
        at = self._clock()

        def send(connection: Connection, access: ActAccess) -> tuple[Remark, Callable[[], None]]:
            held, one = see(connection, actor, act, comment)
            require(actor, Action.RELEASE, access)
            if one.body != actor.body or one.deleted_at is not None:
                raise NotFound(f"no comment {comment} of {actor.body}")
            if one.remarked:
                raise RemarkSent
            given = replace(wording, text=wording.text or one.text)
            remark = self._make(connection, actor, given, at, _of_comment(held, comment))
            release_in(connection, actor, held, one, at)
            one = see(connection, actor, act, comment)[1]
            comments.save_comment(connection, act, replace(one, remarked=True))
            changed = see(connection, actor, act, comment)[0]
            return remark, lambda: tell_thread(self._tell, changed)

        return await self._send(actor, act, send)

    async def answer(self, actor: Actor, act: ActId, remark: str, result: Result, reason: str) -> Remark:
        """What the lead says to it; an earlier answer stays in the history. Raises NotFound, Forbidden, InvalidInput."""
        reason, at = clean_text(reason, "reason"), self._clock()

        def write(connection: Connection) -> Remark:
            lock_act(connection, act)
            require(actor, Action.ANSWER, read_access(connection, act))
            held = remark_store.find(connection, act, remark)
            if held is None:
                raise NotFound(f"no remark {remark}")
            answer = Answer(result, reason, actor.id, actor.body, at)
            remark_store.insert_answer(connection, held, answer)
            record(connection, act, actor.id, "remark.answered", {"remark": held.id, "number": held.number, "result": result}, at)
            return replace(held, answers=(*held.answers, answer))

        return self._told(await self._database.write(write))

    def _make(self, connection: Connection, actor: Actor, wording: Wording, at: int, target: Remark) -> Remark:
        """The remark as it is stored, its number given, the act held."""
        bid = wording.bid or target.bid
        if bid:
            check_bid("bid", bid)
        text = clean_text(wording.text, needed=False)
        proposed = clean_text(wording.proposed, "proposed", needed=False)
        if not text and target.change is None:
            raise InvalidInput(fields={"text": ("Потрібно заповнити.", "This is required.")})
        remark = replace(
            target,
            id=self._new_id(),
            number=remark_store.next_number(connection, target.act),
            bid=bid,
            text=text,
            proposed=proposed,
            author=actor.id,
            body=actor.body,
            at=at,
        )
        remark_store.insert_remark(connection, remark)
        record(connection, target.act, actor.id, "remark.sent", {"remark": remark.id, "number": remark.number, "bid": bid}, at)
        return remark

    async def _send(self, actor: Actor, act: ActId, send: Callable[[Connection, ActAccess], tuple[Remark, Callable[[], None]]]) -> Remark:
        def write(connection: Connection) -> tuple[Remark, Callable[[], None]]:
            lock_act(connection, act)
            access = read_access(connection, act)
            require(actor, Action.READ, access)
            return send(connection, access)

        remark, tell = await self._database.write(write)
        tell()
        return self._told(remark)

    def _told(self, remark: Remark) -> Remark:
        message = {"type": "remark", "remark": remark_json(remark)}
        self._tell(remark.document, lambda _body: message)
        return remark


def _of(held: Suggestion) -> Remark:
    """What a remark takes from the suggestion it rests on."""
    change = held.proposal.change
    bid = next((change[name] for name in ("bid", "table", "after") if change.get(name) and isinstance(change[name], str)), "")
    kept = {"kind": held.proposal.kind, "change": change, "version": held.version}
    return Remark(held.act, "", 0, held.document, bid, held.id, "", kept, "", "", held.author, held.body, 0)


def _of_comment(held: Thread, comment: str) -> Remark:
    """What a remark takes from the comment it rests on."""
    bid = next(iter(blocks_of(held.anchor)), "")
    return Remark(held.act, "", 0, held.document, bid, held.suggestion, comment, None, "", "", held.first.author, held.first.body, 0)
