"""The verbs on comments. Each asks the policy, writes in one transaction, records its event, and tells the room after the commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from server.access.actor import ActAccess, Actor
from server.access.policy import Action, can, part_of, require
from server.acts.access import read_access
from server.clock import Clock
from server.comments import store
from server.comments.model import (
    MAX_MENTIONS,
    MAX_PER_AUTHOR,
    MAX_PER_THREAD,
    Comment,
    CommentLimit,
    Mentions,
    Reaction,
    RemarkSent,
    Thread,
    clean_text,
)
from server.comments.store import Wanted
from server.comments.view import thread_json
from server.db.engine import Database
from server.errors import Conflict, Forbidden, InvalidInput, NotFound
from server.events.store import record
from server.ids import ActId, BodyCode, DocumentId, NewId
from server.suggestions import store as suggestions
from server.suggestions.model import Audience
from server.suggestions.service import Tell
from server.suggestions.shape import RECORD_ID, check_anchor


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody writes. `id` is made by their client, or empty; `release`: shown to everyone in the act at once."""

    text: str
    mentions: Mentions = field(default_factory=Mentions)
    id: str = ""
    release: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thread begins: a place of a document, or a suggestion."""

    document: DocumentId
    anchor: Any  # Any: JSON, suggestions/shape.py
    suggestion: str = ""


Change = Callable[[Connection, ActAccess, Thread, Comment, int], Thread]
"""Changes a thread that is held; the comment is the one that was named."""


class CommentService:
    """What everyone with the right to comment does."""

    def __init__(self, database: Database, clock: Clock, new_id: NewId, tell: Tell) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._tell = tell

    async def list(self, actor: Actor, act: ActId, wanted: Wanted) -> tuple[Sequence[Thread], str | None]:
        """The threads the actor sees, by id, and the id the next page begins after. Raises NotFound, Forbidden."""

        def read(connection: Connection) -> Sequence[Thread]:
            require(actor, Action.READ, read_access(connection, act))
            return store.list_visible(connection, act, wanted)

        found = await self._database.read(read)
        shown = found[: wanted.limit]
        return shown, shown[-1].id if len(found) > wanted.limit else None

    async def begin(self, actor: Actor, act: ActId, place: Place, draft: Draft) -> Thread:
        """A new thread. The same again, by its id, changes nothing. Raises NotFound, Forbidden, InvalidInput, CommentLimit."""
        check_anchor(place.anchor)
        draft = replace(draft, text=clean_text(draft.text), id=self._name(draft.id))
        at = self._clock()

        def write(connection: Connection) -> Thread:
            access = read_access(connection, act)
            require(actor, Action.COMMENT, access)
            held = store.find_thread_of(connection, act, draft.id, lock=True)
            if held is not None:
                return _same(held, actor, draft)
            document = _document(connection, actor, act, place)
            comment = self._comment(connection, actor, access, draft, draft.id, at, shared=True)
            thread = Thread(act, draft.id, document, place.anchor, place.suggestion, at, comments=(comment,))
            store.insert_thread(connection, thread)
            record(connection, act, actor.id, "comment.made", {"comment": comment.id, "thread": thread.id}, at)
            return thread

        return self._told(await self._database.write(write))

    async def reply(self, actor: Actor, act: ActId, thread: str, draft: Draft) -> Thread:
        """One more comment. Raises as `begin`."""
        draft = replace(draft, text=clean_text(draft.text), id=self._name(draft.id))

        def change(connection: Connection, access: ActAccess, held: Thread, _first: Comment, at: int) -> Thread:
            require(actor, Action.COMMENT, access)
            if any(one.id == draft.id for one in held.comments):
                return _same(held, actor, draft)
            if len(held.comments) >= MAX_PER_THREAD:
                raise CommentLimit(limit=MAX_PER_THREAD)
            shared = held.first.audience is Audience.ACT
            comment = self._comment(connection, actor, access, draft, held.id, at, shared=shared)
            store.insert_comment(connection, act, comment)
            record(connection, act, actor.id, "comment.replied", {"comment": comment.id, "thread": held.id}, at)
            return store.save_thread(connection, held, at)

        return await self._change(actor, act, thread, change)

    async def edit(self, actor: Actor, act: ActId, comment: str, draft: Draft) -> Thread:
        """Other words for one's own comment; the time stays as a trace. Raises NotFound, Forbidden, InvalidInput, RemarkSent."""
        text = clean_text(draft.text)

        def change(connection: Connection, access: ActAccess, held: Thread, own: Comment, at: int) -> Thread:
            require(actor, Action.COMMENT, access)
            _own(own, actor)
            _check_mentions(connection, access, draft.mentions, own.audience, own.body)
            if own.audience is Audience.ACT and not _may_show(actor, access):
                raise Forbidden(
                    uk="Коментар уже відкрито для всіх: допишіть новий.", en="This comment has been released to all: write another one."
                )
            if (own.text, own.mentions) == (text, draft.mentions):
                return held
            store.save_comment(connection, act, replace(own, text=text, mentions=draft.mentions, edited_at=at))
            record(connection, act, actor.id, "comment.edited", {"comment": own.id, "thread": held.id}, at)
            return store.save_thread(connection, held, at)

        return await self._change(actor, act, comment, change)

    async def delete(self, actor: Actor, act: ActId, comment: str) -> Thread:
        """One's own words go, that there were some stays. Raises NotFound, Forbidden, RemarkSent."""

        def change(connection: Connection, _access: ActAccess, held: Thread, own: Comment, at: int) -> Thread:
            _own(own, actor)
            store.save_comment(connection, act, replace(own, text="", mentions=Mentions(), deleted_at=at))
            record(connection, act, actor.id, "comment.deleted", {"comment": own.id, "thread": held.id}, at)
            return store.save_thread(connection, held, at)

        return await self._change(actor, act, comment, change)

    async def release(self, actor: Actor, act: ActId, comment: str) -> Thread:
        """Everyone in the act sees the comment from now on. Raises NotFound, Forbidden, Conflict while its thread is not released."""

        def change(connection: Connection, access: ActAccess, held: Thread, one: Comment, at: int) -> Thread:
            check_may_release(actor, access, one)
            return release_in(connection, actor, held, one, at)

        return await self._change(actor, act, comment, change)

    async def resolve(self, actor: Actor, act: ActId, thread: str, *, resolved: bool) -> Thread:
        """Settled, or open again: for people of the body that began it, and for drafters. Raises NotFound, Forbidden."""

        def change(connection: Connection, access: ActAccess, held: Thread, _first: Comment, at: int) -> Thread:
            require(actor, Action.COMMENT, access)
            if held.first.body != actor.body and not can(actor, Action.ACCEPT, access):
                raise Forbidden
            if resolved == (held.resolved_at is not None):
                return held
            what = "comment.resolved" if resolved else "comment.reopened"
            record(connection, act, actor.id, what, {"thread": held.id}, at)
            who, when = (actor.id, at) if resolved else (None, None)
            return store.save_thread(connection, replace(held, resolved_by=who, resolved_at=when), at)

        return await self._change(actor, act, thread, change)

    async def react(self, actor: Actor, act: ActId, comment: str, kind: Reaction, *, given: bool) -> Thread:
        """A reaction given or taken back. Raises NotFound, Forbidden."""

        def change(connection: Connection, access: ActAccess, held: Thread, one: Comment, at: int) -> Thread:
            require(actor, Action.COMMENT, access)
            if given == ((kind, actor.id) in one.reactions):
                return held
            if given:
                store.set_reaction(connection, act, one.id, actor.id, kind, at)
            else:
                store.clear_reaction(connection, act, one.id, actor.id, kind)
            record(connection, act, actor.id, "comment.reacted", {"comment": one.id, "kind": kind, "given": given}, at)
            return store.save_thread(connection, held, at)

        return await self._change(actor, act, comment, change)

    # -- what they share -----------------------------------------------------------------------------------------------

    async def _change(self, actor: Actor, act: ActId, comment: str, change: Change) -> Thread:
        at = self._clock()

        def write(connection: Connection) -> Thread:
            access = read_access(connection, act)
            require(actor, Action.READ, access)
            held, one = see(connection, actor, act, comment)
            change(connection, access, held, one, at)
            return see(connection, actor, act, comment)[0]

        return self._told(await self._database.write(write))

    def _comment(  # noqa: PLR0913 - what a comment is made of
        self, connection: Connection, actor: Actor, access: ActAccess, draft: Draft, thread: str, at: int, *, shared: bool
    ) -> Comment:
        if store.count_of_author(connection, access.id, actor.id) >= MAX_PER_AUTHOR:
            raise CommentLimit(limit=MAX_PER_AUTHOR)
        if draft.release and not _may_show(actor, access):
            require(actor, Action.RELEASE, access)
        audience = Audience.ACT if draft.release and shared else Audience.BODY
        _check_mentions(connection, access, draft.mentions, audience, actor.body)
        return Comment(draft.id, thread, actor.id, actor.body, audience, draft.text, draft.mentions, at)

    def _name(self, given: str) -> str:
        if given and RECORD_ID.fullmatch(given) is None:
            raise InvalidInput(fields={"id": ("Тут мають бути 32 шістнадцяткові цифри.", "This must be 32 hexadecimal digits.")})
        return given or self._new_id()

    def _told(self, thread: Thread) -> Thread:
        tell_thread(self._tell, thread)
        return thread


def tell_thread(tell: Tell, thread: Thread) -> None:
    """The room hears of a thread what each body may see of it."""

    def view(body: BodyCode) -> dict[str, object] | None:
        return {"type": "comment", "thread": thread_json(thread, body)} if thread.is_visible_to(body) else None

    tell(thread.document, view)


def see(connection: Connection, actor: Actor, act: ActId, comment: str) -> tuple[Thread, Comment]:
    """The thread of a comment, held, and the comment, if the actor sees both. Raises NotFound."""
    held = store.find_thread_of(connection, act, comment, lock=True)
    if held is None or not held.is_visible_to(actor.body):
        raise NotFound(f"no comment {comment}")
    one = next(one for one in held.comments if one.id == comment)
    if not one.is_visible_to(actor.body):
        raise NotFound(f"no comment {comment}")
    return held, one


def check_may_release(actor: Actor, access: ActAccess, one: Comment) -> None:
    """For those who speak for the comment's body; a drafter shows own comments. Raises Forbidden."""
    if one.author == actor.id and _may_show(actor, access):
        return
    require(actor, Action.RELEASE, access)
    if one.body != actor.body:
        raise Forbidden(uk="Це коментар іншого органу.", en="This is a comment of another body.")


def release_in(connection: Connection, actor: Actor, held: Thread, one: Comment, at: int) -> Thread:
    """Everyone sees the comment; the right was asked for, and the thread is held. Raises Conflict."""
    if one.audience is Audience.ACT:
        return held
    if one.id != held.id and held.first.audience is not Audience.ACT:
        raise Conflict(uk="Спершу відкрийте для всіх початок розмови.", en="Release the beginning of the thread first.")
    store.save_comment(connection, held.act, replace(one, audience=Audience.ACT))
    record(connection, held.act, actor.id, "comment.released", {"comment": one.id, "thread": held.id}, at)
    return store.save_thread(connection, held, at)


def _may_show(actor: Actor, access: ActAccess) -> bool:
    """Whoever writes the text, or speaks for a body, may talk to everyone."""
    return can(actor, Action.ACCEPT, access) or can(actor, Action.RELEASE, access)


def _document(connection: Connection, actor: Actor, act: ActId, place: Place) -> DocumentId:
    """Where the thread belongs. Raises NotFound."""
    if not place.suggestion:
        suggestions.require_document(connection, act, place.document)
        return place.document
    found = suggestions.find(connection, act, place.suggestion)
    if found is None or not found.is_visible_to(actor.body) or found.document != place.document:
        raise NotFound(f"no suggestion {place.suggestion}")
    return found.document


def _same(held: Thread, actor: Actor, draft: Draft) -> Thread:
    """Sent again by its author's client. Raises Conflict for anything else under this id."""
    one = next(one for one in held.comments if one.id == draft.id)
    if one.author != actor.id or one.text != draft.text:
        raise Conflict
    return held


def _own(one: Comment, actor: Actor) -> None:
    if one.author != actor.id:
        raise Forbidden(uk="Це не ваш коментар.", en="This comment is not yours.")
    if one.remarked:
        raise RemarkSent
    if one.deleted_at is not None:
        raise NotFound(f"comment {one.id} is deleted")


def _check_mentions(connection: Connection, access: ActAccess, mentions: Mentions, audience: Audience, own: BodyCode) -> None:
    """Only those who would see the comment can be called. Raises InvalidInput."""
    if len(mentions.people) + len(mentions.bodies) > MAX_MENTIONS:
        raise InvalidInput(fields={"mentions": (f"Не більше {MAX_MENTIONS}.", f"At most {MAX_MENTIONS}.")})
    bodies = store.read_bodies_of(connection, mentions.people)
    for user in mentions.people:
        body = bodies.get(user)
        if body is None or not can(Actor(user, "", body), Action.READ, access) or (audience is Audience.BODY and body != own):
            raise InvalidInput(fields={"mentions.people": ("Ця людина не побачить коментаря.", "This person would not see the comment.")})
    for named in mentions.bodies:
        if part_of(named, access) is None or (audience is Audience.BODY and named != own):
            raise InvalidInput(fields={"mentions.bodies": ("Цей орган не побачить коментаря.", "This body would not see the comment.")})
