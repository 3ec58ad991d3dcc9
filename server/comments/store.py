"""The tables of comments, their threads and reactions."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, or_, select, update

from server.comments.model import Comment, Mentions, Reaction, Thread
from server.db.tables import comment_reactions, comment_threads, comments, users
from server.ids import ActId, BodyCode, DocumentId, UserId
from server.suggestions.model import Audience
from server.suggestions.store import write_change


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which threads a list shows; empty fields ask for nothing. `after` is the id at which the page before ended."""

    body: BodyCode
    """The caller's, for the audience."""
    document: str = ""
    suggestion: str = ""
    after: str = ""
    limit: int = 500


def insert_thread(connection: Connection, thread: Thread) -> None:
    """A thread with its first comment."""
    connection.execute(
        insert(comment_threads).values(
            act_id=thread.act,
            id=thread.id,
            document=thread.document,
            anchor=write_change(thread.anchor),
            suggestion_id=thread.suggestion or None,
            status="open",
            stamp=thread.stamp,
            updated_at=thread.updated_at,
        )
    )
    insert_comment(connection, thread.act, thread.first)


def insert_comment(connection: Connection, act: ActId, comment: Comment) -> None:
    """One more comment of a thread."""
    connection.execute(
        insert(comments).values(
            act_id=act,
            id=comment.id,
            thread_id=comment.thread,
            author=comment.author,
            body=comment.body,
            created_at=comment.created_at,
            **_changing(comment),
        )
    )


def save_comment(connection: Connection, act: ActId, comment: Comment) -> None:
    """How a comment is now; the caller holds the thread."""
    connection.execute(update(comments).where(comments.c.act_id == act, comments.c.id == comment.id).values(**_changing(comment)))


def save_thread(connection: Connection, thread: Thread, at: int) -> Thread:
    """The thread after a change; the caller holds it."""
    changed = replace(thread, stamp=thread.stamp + 1, updated_at=at)
    connection.execute(
        update(comment_threads)
        .where(comment_threads.c.act_id == thread.act, comment_threads.c.id == thread.id)
        .values(
            stamp=changed.stamp,
            updated_at=at,
            status="open" if changed.resolved_at is None else "resolved",
            resolved_by=changed.resolved_by,
            resolved_at=changed.resolved_at,
        )
    )
    return changed


def find_thread_of(connection: Connection, act: ActId, comment: str, *, lock: bool = False) -> Thread | None:
    """The whole thread of a comment; `lock` makes other changes of it wait."""
    query = select(comment_threads).join(
        comments, and_(comments.c.act_id == comment_threads.c.act_id, comments.c.thread_id == comment_threads.c.id)
    )
    query = query.where(comments.c.act_id == act, comments.c.id == comment)
    row = connection.execute(query.with_for_update(of=comment_threads) if lock else query).mappings().first()
    return None if row is None else _with_comments(connection, act, [row])[0]


def list_visible(connection: Connection, act: ActId, wanted: Wanted) -> list[Thread]:
    """The threads somebody of `wanted.body` sees, by id, comments of others still among them; one more than `wanted.limit` if there is."""
    first = and_(comments.c.act_id == comment_threads.c.act_id, comments.c.id == comment_threads.c.id)
    query = select(comment_threads).join(comments, first).where(comment_threads.c.act_id == act, comment_threads.c.id > wanted.after)
    query = query.where(or_(comments.c.audience == Audience.ACT, comments.c.body == wanted.body))
    if wanted.document:
        query = query.where(comment_threads.c.document == wanted.document)
    if wanted.suggestion:
        query = query.where(comment_threads.c.suggestion_id == wanted.suggestion)
    rows = connection.execute(query.order_by(comment_threads.c.id).limit(wanted.limit + 1)).mappings().all()
    return _with_comments(connection, act, rows)


def count_of_author(connection: Connection, act: ActId, author: UserId) -> int:
    """The author's comments in an act."""
    query = select(func.count()).where(comments.c.act_id == act, comments.c.author == author)
    return connection.execute(query).scalar() or 0


def set_reaction(connection: Connection, act: ActId, comment: str, user: UserId, kind: Reaction, at: int) -> None:  # noqa: PLR0913 - a row
    """The person's reaction, once."""
    clear_reaction(connection, act, comment, user, kind)
    connection.execute(insert(comment_reactions).values(act_id=act, comment_id=comment, user_id=user, kind=kind, at=at))


def clear_reaction(connection: Connection, act: ActId, comment: str, user: UserId, kind: Reaction) -> None:
    """The person's reaction is taken back."""
    connection.execute(
        delete(comment_reactions).where(
            comment_reactions.c.act_id == act,
            comment_reactions.c.comment_id == comment,
            comment_reactions.c.user_id == user,
            comment_reactions.c.kind == kind,
        )
    )


def read_bodies_of(connection: Connection, people: Iterable[UserId]) -> dict[UserId, BodyCode]:
    """The bodies of those who can sign in."""
    query = select(users.c.id, users.c.body).where(users.c.id.in_(list(people)), users.c.disabled_at.is_(None))
    return {UserId(row.id): BodyCode(row.body) for row in connection.execute(query)}


def _changing(comment: Comment) -> dict[str, object]:
    return {
        "audience": comment.audience,
        "text": comment.text,
        "mentioned_people": json.dumps(comment.mentions.people),
        "mentioned_bodies": json.dumps(comment.mentions.bodies),
        "edited_at": comment.edited_at,
        "deleted_at": comment.deleted_at,
        "remarked": comment.remarked,
    }


def _with_comments(connection: Connection, act: ActId, rows: Sequence[RowMapping]) -> list[Thread]:
    names = [row["id"] for row in rows]
    query = select(comments).where(comments.c.act_id == act, comments.c.thread_id.in_(names))
    found = connection.execute(query.order_by(comments.c.created_at, comments.c.id)).mappings().all()
    reactions: dict[str, list[tuple[Reaction, UserId]]] = defaultdict(list)
    said = select(comment_reactions).where(
        comment_reactions.c.act_id == act, comment_reactions.c.comment_id.in_([row["id"] for row in found])
    )
    for row in connection.execute(said.order_by(comment_reactions.c.at, comment_reactions.c.user_id)).mappings():
        reactions[row["comment_id"]].append((Reaction(row["kind"]), UserId(row["user_id"])))
    by_thread: dict[str, list[Comment]] = defaultdict(list)
    for row in found:
        by_thread[row["thread_id"]].append(_comment(row, reactions[row["id"]]))
    return [_thread(row, by_thread[row["id"]]) for row in rows]


def _thread(row: RowMapping, found: Sequence[Comment]) -> Thread:
    return Thread(
        act=ActId(row["act_id"]),
        id=row["id"],
        document=DocumentId(row["document"]),
        anchor=json.loads(row["anchor"]),
        suggestion=row["suggestion_id"] or "",
        updated_at=row["updated_at"],
        stamp=row["stamp"],
        resolved_by=None if row["resolved_by"] is None else UserId(row["resolved_by"]),
        resolved_at=row["resolved_at"],
        comments=tuple(found),
    )


def _comment(row: RowMapping, reactions: Sequence[tuple[Reaction, UserId]]) -> Comment:
    people = tuple(UserId(one) for one in json.loads(row["mentioned_people"]))
    bodies = tuple(BodyCode(one) for one in json.loads(row["mentioned_bodies"]))
    return Comment(
        id=row["id"],
        thread=row["thread_id"],
        author=UserId(row["author"]),
        body=BodyCode(row["body"]),
        audience=Audience(row["audience"]),
        text=row["text"],
        mentions=Mentions(people, bodies),
        created_at=row["created_at"],
        edited_at=row["edited_at"],
        deleted_at=row["deleted_at"],
        remarked=bool(row["remarked"]),
        reactions=tuple(reactions),
    )
