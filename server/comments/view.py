"""Threads and remarks as people see them, over HTTP and live: each as their body may. PURE."""

from typing import Any

from server.comments.markdown import to_html
from server.comments.model import Comment, Remark, Thread
from server.ids import BodyCode


def thread_json(thread: Thread, body: BodyCode) -> dict[str, Any]:  # Any: JSON
    """The thread without the comments that somebody of this body does not see."""
    first = thread.first
    return {
        "id": thread.id,
        "document": thread.document,
        "anchor": thread.anchor,
        "suggestion": thread.suggestion,
        "author": first.author,
        "body": first.body,
        "audience": first.audience,
        "status": "open" if thread.resolved_at is None else "resolved",
        "resolved_by": thread.resolved_by,
        "resolved_at": thread.resolved_at,
        "created_at": first.created_at,
        "updated_at": thread.updated_at,
        "stamp": thread.stamp,
        "comments": [_comment_json(comment) for comment in thread.comments if comment.is_visible_to(body)],
    }


def _comment_json(comment: Comment) -> dict[str, Any]:  # Any: JSON
    people: dict[str, list[str]] = {}
    for kind, user in comment.reactions:
        people.setdefault(kind, []).append(user)
    return {
        "id": comment.id,
        "author": comment.author,
        "body": comment.body,
        "audience": comment.audience,
        "text": comment.text,
        "html": to_html(comment.text),
        "mentions": {"people": list(comment.mentions.people), "bodies": list(comment.mentions.bodies)},
        "created_at": comment.created_at,
        "edited_at": comment.edited_at,
        "deleted_at": comment.deleted_at,
        "remarked": comment.remarked,
        "reactions": [{"kind": kind, "people": users} for kind, users in people.items()],
    }


def remark_json(remark: Remark) -> dict[str, Any]:  # Any: JSON
    """A remark with every answer to it; the last one holds."""
    return {
        "id": remark.id,
        "number": remark.number,
        "document": remark.document,
        "bid": remark.bid,
        "suggestion": remark.suggestion,
        "comment": remark.comment,
        "change": remark.change,
        "text": remark.text,
        "proposed": remark.proposed,
        "author": remark.author,
        "body": remark.body,
        "at": remark.at,
        "answers": [{"result": one.result, "reason": one.reason, "who": one.who, "body": one.body, "at": one.at} for one in remark.answers],
    }
