"""Routes of suggestions."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from server.http.routing import Access, Call, Endpoint, Items, NoInput
from server.ids import ActId, DocumentId
from server.suggestions.messages import DecisionOut, SuggestionIn, SuggestionOut, SuggestionPage, SuggestionSearch, VerbIn
from server.suggestions.model import Proposal, Suggestion
from server.suggestions.service import SuggestionService, Verb
from server.suggestions.shape import limit
from server.suggestions.store import Wanted


class SuggestionsApi:
    """The handlers; every rule is in the service."""

    def __init__(self, suggestions: SuggestionService) -> None:
        self._suggestions = suggestions

    async def list(self, call: Call[SuggestionSearch]) -> SuggestionPage:
        given = call.input
        wanted = Wanted(call.actor.body, given.document, given.status or "", given.author, given.after, given.limit)
        found, after = await self._suggestions.list(call.actor, _act(call), wanted)
        return SuggestionPage(items=[self._out(one) for one in found], next=after)

    async def put(self, call: Call[SuggestionIn]) -> SuggestionOut:
        given = call.input
        proposal = Proposal(given.id, DocumentId(given.document), given.kind, given.change, given.group)
        return self._out(await self._suggestions.put(call.actor, _act(call), proposal, given.version))

    async def decisions(self, call: Call[NoInput]) -> Items[DecisionOut]:
        found = await self._suggestions.decisions(call.actor, _act(call), call.path("suggestion_id"))
        return Items[DecisionOut](items=[DecisionOut(**one.as_json()) for one in found])

    def _verb(self, do: Callable[[Verb], Awaitable[Suggestion]]) -> Callable[[Call[VerbIn]], Awaitable[SuggestionOut]]:
        async def handle(call: Call[VerbIn]) -> SuggestionOut:
            given = call.input
            return self._out(await do(Verb(call.actor, _act(call), call.path("suggestion_id"), given.version, given.reason)))

        return handle

    def _out(self, suggestion: Suggestion) -> SuggestionOut:
        return SuggestionOut(**self._suggestions.as_json(suggestion))

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        every = "/api/v1/acts/{act_id}/suggestions"
        one = f"{every}/{{suggestion_id}}"
        verbs = self._suggestions
        return [
            Endpoint(
                method="GET", path=every, name="list_suggestions", summary="The suggestions I may see",
                access=Access.SIGNED_IN, handler=self.list, input=SuggestionSearch, response=SuggestionPage,
            ),
            Endpoint(
                method="POST", path=every, name="put_suggestion", summary="A new suggestion, or what I propose instead",
                access=Access.SIGNED_IN, handler=self.put, input=SuggestionIn, response=SuggestionOut,
                max_bytes=4 * limit("record_bytes"),
            ),
            Endpoint(
                method="GET", path=f"{one}/decisions", name="list_decisions", summary="Everything that was decided about it",
                access=Access.SIGNED_IN, handler=self.decisions, input=NoInput, response=Items[DecisionOut],
            ),
            *(
                Endpoint(
                    method="POST", path=f"{one}/{name}", name=f"{name}_suggestion", summary=summary,
                    access=Access.SIGNED_IN, handler=self._verb(do), input=VerbIn, response=SuggestionOut,
                )
                for name, do, summary in (
                    ("accept", verbs.accept, "Claim it for a minute, to write it into the text"),
                    ("reject", verbs.reject, "The text stays as it is"),
                    ("withdraw", verbs.withdraw, "I take it back"),
                    ("release", verbs.release, "My body shows it to everyone in the act"),
                    ("reopen", verbs.reopen, "Open again; an accepted one is claimed, to take it out of the text"),
                )
            ),
        ]  # fmt: skip


def _act(call: Call[Any]) -> ActId:  # Any: of whichever endpoint
    return ActId(call.path("act_id"))
