"""Routes of comments and remarks."""

from collections.abc import Sequence
from typing import Any

from server.comments.messages import (
    AnswerIn,
    CommentIn,
    ReactionIn,
    RemarkIn,
    RemarkOut,
    ReplyIn,
    ThreadOut,
    ThreadPage,
    ThreadSearch,
    WordsIn,
    draft_of,
)
from server.comments.model import Remark, Thread
from server.comments.remarks import RemarkService, Wording
from server.comments.service import CommentService, Place
from server.comments.store import Wanted
from server.comments.view import remark_json, thread_json
from server.http.routing import Access, Call, Endpoint, Items, NoInput
from server.ids import ActId, DocumentId


class CommentsApi:
    """The handlers; every rule is in the services."""

    def __init__(self, comments: CommentService, remarks: RemarkService) -> None:
        self._comments = comments
        self._remarks = remarks

    async def list(self, call: Call[ThreadSearch]) -> ThreadPage:
        given = call.input
        wanted = Wanted(call.actor.body, given.document, given.suggestion, given.after, given.limit)
        found, after = await self._comments.list(call.actor, _act(call), wanted)
        return ThreadPage(items=[_thread(call, one) for one in found], next=after)

    async def begin(self, call: Call[CommentIn]) -> ThreadOut:
        given = call.input
        place = Place(DocumentId(given.document), given.anchor, given.suggestion)
        return _thread(call, await self._comments.begin(call.actor, _act(call), place, draft_of(given)))

    async def reply(self, call: Call[ReplyIn]) -> ThreadOut:
        return _thread(call, await self._comments.reply(call.actor, _act(call), _comment(call), draft_of(call.input)))

    async def edit(self, call: Call[WordsIn]) -> ThreadOut:
        return _thread(call, await self._comments.edit(call.actor, _act(call), _comment(call), draft_of(call.input)))

    async def delete(self, call: Call[NoInput]) -> ThreadOut:
        return _thread(call, await self._comments.delete(call.actor, _act(call), _comment(call)))

    async def release(self, call: Call[NoInput]) -> ThreadOut:
        return _thread(call, await self._comments.release(call.actor, _act(call), _comment(call)))

    async def resolve(self, call: Call[NoInput]) -> ThreadOut:
        return _thread(call, await self._comments.resolve(call.actor, _act(call), _comment(call), resolved=True))

    async def reopen(self, call: Call[NoInput]) -> ThreadOut:
        return _thread(call, await self._comments.resolve(call.actor, _act(call), _comment(call), resolved=False))

    async def react(self, call: Call[ReactionIn]) -> ThreadOut:
        given = call.input
        return _thread(call, await self._comments.react(call.actor, _act(call), _comment(call), given.kind, given=given.given))

    async def list_remarks(self, call: Call[NoInput]) -> Items[RemarkOut]:
        return Items[RemarkOut](items=[_remark(one) for one in await self._remarks.list(call.actor, _act(call))])

    async def remark_comment(self, call: Call[RemarkIn]) -> RemarkOut:
        return _remark(await self._remarks.of_comment(call.actor, _act(call), _comment(call), _wording(call)))

    async def remark_suggestion(self, call: Call[RemarkIn]) -> RemarkOut:
        return _remark(await self._remarks.of_suggestion(call.actor, _act(call), call.path("suggestion_id"), _wording(call)))

    async def answer(self, call: Call[AnswerIn]) -> RemarkOut:
        given = call.input
        return _remark(await self._remarks.answer(call.actor, _act(call), call.path("remark_id"), given.result, given.reason))

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        act = "/api/v1/acts/{act_id}"
        one = f"{act}/comments/{{comment_id}}"
        return [
            Endpoint(
                method="GET", path=f"{act}/comments", name="list_comments", summary="The threads I may see",
                access=Access.SIGNED_IN, handler=self.list, input=ThreadSearch, response=ThreadPage,
            ),
            Endpoint(
                method="POST", path=f"{act}/comments", name="begin_thread", summary="A comment on a place of the text", status=201,
                access=Access.SIGNED_IN, handler=self.begin, input=CommentIn, response=ThreadOut,
            ),
            Endpoint(
                method="POST", path=f"{one}/replies", name="reply_to_thread", summary="One more comment of a thread", status=201,
                access=Access.SIGNED_IN, handler=self.reply, input=ReplyIn, response=ThreadOut,
            ),
            Endpoint(
                method="PATCH", path=one, name="edit_comment", summary="Other words for my comment",
                access=Access.SIGNED_IN, handler=self.edit, input=WordsIn, response=ThreadOut,
            ),
            Endpoint(
                method="DELETE", path=one, name="delete_comment", summary="My words go; that there were some stays",
                access=Access.SIGNED_IN, handler=self.delete, input=NoInput, response=ThreadOut,
            ),
            Endpoint(
                method="POST", path=f"{one}/release", name="release_comment", summary="Everyone in the act sees it",
                access=Access.SIGNED_IN, handler=self.release, input=NoInput, response=ThreadOut,
            ),
            Endpoint(
                method="POST", path=f"{one}/resolve", name="resolve_thread", summary="The thread is settled",
                access=Access.SIGNED_IN, handler=self.resolve, input=NoInput, response=ThreadOut,
            ),
            Endpoint(
                method="POST", path=f"{one}/reopen", name="reopen_thread", summary="The thread is open again",
                access=Access.SIGNED_IN, handler=self.reopen, input=NoInput, response=ThreadOut,
            ),
            Endpoint(
                method="POST", path=f"{one}/reactions", name="react_to_comment", summary="A reaction, given or taken back",
                access=Access.SIGNED_IN, handler=self.react, input=ReactionIn, response=ThreadOut,
            ),
            Endpoint(
                method="POST", path=f"{one}/remark", name="remark_comment", summary="My body sends it as a formal remark", status=201,
                access=Access.SIGNED_IN, handler=self.remark_comment, input=RemarkIn, response=RemarkOut,
            ),
            Endpoint(
                method="POST", path=f"{act}/suggestions/{{suggestion_id}}/remark", name="remark_suggestion", status=201,
                summary="My body sends it as a formal remark",
                access=Access.SIGNED_IN, handler=self.remark_suggestion, input=RemarkIn, response=RemarkOut,
            ),
            Endpoint(
                method="GET", path=f"{act}/remarks", name="list_remarks", summary="The formal remarks of the bodies",
                access=Access.SIGNED_IN, handler=self.list_remarks, input=NoInput, response=Items[RemarkOut],
            ),
            Endpoint(
                method="POST", path=f"{act}/remarks/{{remark_id}}/answer", name="answer_remark", summary="The lead's answer to a remark",
                access=Access.SIGNED_IN, handler=self.answer, input=AnswerIn, response=RemarkOut,
            ),
        ]  # fmt: skip


def _act(call: Call[Any]) -> ActId:  # Any: of whichever endpoint
    return ActId(call.path("act_id"))


def _comment(call: Call[Any]) -> str:  # Any: of whichever endpoint
    return call.path("comment_id")


def _wording(call: Call[RemarkIn]) -> Wording:
    return Wording(call.input.text, call.input.proposed, call.input.bid)


def _thread(call: Call[Any], thread: Thread) -> ThreadOut:  # Any: of whichever endpoint
    return ThreadOut(**thread_json(thread, call.actor.body))


def _remark(remark: Remark) -> RemarkOut:
    return RemarkOut(**remark_json(remark))
