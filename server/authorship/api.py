"""The route that tells who wrote what."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from server.acts.model import MAIN
from server.authorship.service import AuthorshipService, Page
from server.http.routing import Access, Call, Endpoint, Model
from server.ids import ActId
from server.text.authorship import WrittenBlock


class AuthorshipWanted(Model):
    """Which part, and which of its blocks: `limit` of them from number `begin`."""

    part: Annotated[str, Field(max_length=64)] = MAIN
    begin: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=5000)] = 500


class PassageOut(Model):
    """Words of one author that stand together: `length` in UTF-16 units, from the first to the last moment of writing.

    `ids` are Yjs ids (client, first clock, count). `suggestion`: accepted rather than typed, and the author is who accepted.
    `initial`: what the act began with (a file, a template), and the author is who brought it.
    """

    length: int
    author: str
    since: int
    at: int
    suggestion: str
    initial: bool
    ids: list[tuple[int, int, int]]


class BlockOut(Model):
    """A unit or a cell; its passages together are its text."""

    bid: str
    passages: list[PassageOut]


class WriterOut(Model):
    """A person as they are called now."""

    id: str
    name: str
    body: str


class ProposerOut(Model):
    """Who proposed an accepted suggestion, if the caller may see it."""

    suggestion: str
    author: str
    body: str


class AuthorshipOut(Model):
    """Blocks of the text as it was after `seq`, in order; `next` goes into `begin` for the next page, null on the last."""

    seq: int
    epoch: str
    blocks: list[BlockOut]
    next: int | None
    people: list[WriterOut]
    proposers: list[ProposerOut]


class AuthorshipApi:
    """The handler; every rule is in the service."""

    def __init__(self, authorship: AuthorshipService) -> None:
        self._authorship = authorship

    async def read(self, call: Call[AuthorshipWanted]) -> AuthorshipOut:
        given = call.input
        return _out(await self._authorship.read(call.actor, ActId(call.path("act_id")), given.part, given.begin, given.limit))

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        return [
            Endpoint(
                method="GET", path="/api/v1/acts/{act_id}/authorship", name="read_authorship", summary="Who wrote which words, and when",
                access=Access.SIGNED_IN, handler=self.read, input=AuthorshipWanted, response=AuthorshipOut,
            ),
        ]  # fmt: skip


def _out(page: Page) -> AuthorshipOut:
    return AuthorshipOut(
        seq=page.seq,
        epoch=page.epoch,
        blocks=[_block(block) for block in page.blocks],
        next=page.next,
        people=[WriterOut(id=one.id, name=one.name, body=one.body) for one in page.writers],
        proposers=[ProposerOut(suggestion=one.suggestion, author=one.author, body=one.body) for one in page.proposers],
    )


def _block(block: WrittenBlock) -> BlockOut:
    passages = [
        PassageOut(
            length=one.length,
            author=one.author,
            since=one.since,
            at=one.at,
            suggestion=one.suggestion,
            initial=one.initial,
            ids=list(one.ids),
        )
        for one in block.passages
    ]
    return BlockOut(bid=block.bid, passages=passages)
