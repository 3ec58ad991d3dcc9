"""Routes of the history."""

from collections.abc import Sequence
from typing import Any

from server.acts.messages import UnitOut
from server.http.routing import Access, Call, Endpoint
from server.ids import ActId, Seq
from server.versions.history import HistoryService, Wanted
from server.versions.messages import (
    AuthorsOut,
    AuthorsWanted,
    HistoryOut,
    HistoryWanted,
    PastOut,
    PastWanted,
    author_out,
    history_entry,
    people_out,
)


class HistoryApi:
    """The handlers; every rule is in the service."""

    def __init__(self, history: HistoryService) -> None:
        self._history = history

    async def timeline(self, call: Call[HistoryWanted]) -> HistoryOut:
        given = call.input
        wanted = Wanted(None if given.before is None else Seq(given.before), given.limit)
        found = await self._history.timeline(call.actor, _act(call), given.part, wanted)
        items = [history_entry(seq, entry) for seq, entry in found.entries]
        return HistoryOut(items=items, document=found.document, last_seq=found.last_seq, people=people_out(found.people), next=found.next)

    async def authors(self, call: Call[AuthorsWanted]) -> AuthorsOut:
        given = call.input
        found, people = await self._history.authors(call.actor, _act(call), Seq(given.after), Seq(given.up_to), given.part)
        return AuthorsOut(items=[author_out(session) for session in found], people=people_out(people))

    async def at(self, call: Call[PastWanted]) -> PastOut:
        past = await self._history.text_at(call.actor, _act(call), Seq(call.input.seq), call.input.part)
        units = [UnitOut(bid=line.bid, kind=line.kind, label=line.label, text=line.text) for line in past.lines]
        return PastOut(seq=past.seq, at=past.at, hash=past.content_hash, units=units)

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        every = "/api/v1/acts/{act_id}/history"
        return [
            Endpoint(
                method="GET", path=every, name="read_history", summary="Revisions, restore points and who wrote between them",
                access=Access.SIGNED_IN, handler=self.timeline, input=HistoryWanted, response=HistoryOut,
            ),
            Endpoint(
                method="GET", path=f"{every}/authors", name="read_authors", summary="Who wrote how much between two places",
                access=Access.SIGNED_IN, handler=self.authors, input=AuthorsWanted, response=AuthorsOut,
            ),
            Endpoint(
                method="GET", path=f"{every}/at", name="read_past", summary="The text at a place of the journal",
                access=Access.SIGNED_IN, handler=self.at, input=PastWanted, response=PastOut,
            ),
        ]  # fmt: skip


def _act(call: Call[Any]) -> ActId:  # Any: of whichever endpoint
    return ActId(call.path("act_id"))
