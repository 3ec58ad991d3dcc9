"""Many reviewers put at the same moment and share one transaction: each is judged by itself. Rules: docs/spec/suggestions.md."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from server.access.actor import Actor
from server.db.engine import Database, open_database
from server.errors import Forbidden, NotFound, Unavailable
from server.events.store import find_defect, read_page
from server.ids import ActId, BodyCode, DocumentId, UserId
from server.journal.appending import append_in
from server.journal.journal import Append, Appended, Decided
from server.suggestions.model import LimitReached, Limits, Proposal, Suggestion, VersionConflict
from server.suggestions.service import SuggestionService, Verb
from server.suggestions.store import decide_in
from tests.contracts.test_group_commit import Failing
from tests.services import Postgres
from tests.site import open_site
from tests.suggestions.cast import Cast, gather


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def cast(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Cast]:
    url = request.getfixturevalue("postgres_server").new_database() if request.param == "postgresql" else ""
    async with open_site(tmp_path, database_url=url) as site:
        yield await gather(site)


class Putting:
    """Puts of people of the cast, all at the same moment."""

    def __init__(self, cast: Cast, service: SuggestionService) -> None:
        self.cast = cast
        self.service = service

    def put(self, who: str, words: str, *, of: Suggestion | None = None, replaces: int = 0) -> "asyncio.Future[Suggestion]":
        said = self.cast.proposal(words)
        proposal = Proposal(of.id if of else said["id"], DocumentId(said["document"]), said["kind"], said["change"])
        return self.again(who, proposal, replaces)

    def again(self, who: str, proposal: Proposal, replaces: int = 0) -> "asyncio.Future[Suggestion]":
        return asyncio.ensure_future(self.service.put(self.actor(who), ActId(self.cast.act), proposal, replaces))

    def in_act(self, act: ActId, words: str, *, of: Suggestion | None = None, replaces: int = 0) -> "asyncio.Future[Suggestion]":
        """Of the lead, in the main text of an act."""
        said = self.cast.proposal(words)
        proposal = Proposal(of.id if of else said["id"], DocumentId(act), said["kind"], said["change"])
        return asyncio.ensure_future(self.service.put(self.actor("lead"), act, proposal, replaces))

    def actor(self, who: str) -> Actor:
        person = self.cast[who]
        return Actor(UserId(person.id), who, BodyCode(person.body))


@asynccontextmanager
async def putting(cast: Cast, database: Database | None = None, limits: Limits | None = None) -> AsyncIterator[Putting]:
    """A service of its own on the cast's database, or on this one."""
    service = SuggestionService(database or cast.site.parts.database, cast.site.clock, lambda document, view: None, limits)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(service.run())
        yield Putting(cast, service)
        task.cancel()


async def outcomes(*puts: "asyncio.Future[Suggestion]") -> list[Suggestion | BaseException]:
    return await asyncio.gather(*puts, return_exceptions=True)


async def happened(cast: Cast) -> Counter[str]:
    """The events of the act by kind, whose chain verifies."""
    database = cast.site.parts.database
    assert await database.read(lambda connection: find_defect(connection, cast.act)) is None
    page = await database.read(lambda connection: read_page(connection, cast.act, limit=1000))
    return Counter(event.kind for event in page if event.kind.startswith("suggestion."))


async def test_R4_of_those_who_put_at_once_only_who_must_be_refused_is(cast: Cast) -> None:
    async with putting(cast, limits=Limits(open_per_author=2)) as site:
        mine, _ = await outcomes(site.put("reviewer", "своє"), site.put("colleague", "перше"))
        assert isinstance(mine, Suggestion)
        cast.site.clock.advance(seconds=61)
        found = await outcomes(
            site.put("reader", "без права"),
            site.put("colleague", "друге"),
            site.put("outsider", "чуже"),
            site.put("colleague", "третє, понад межу"),
            site.put("reviewer", "не та версія", of=mine, replaces=7),
            site.put("stranger", "їжак 🦔"),
            site.put("colleague", "чужий запис", of=mine, replaces=1),
            site.put("reviewer", "точніше", of=mine, replaces=1),
            site.put("lead", "нема такого", replaces=3),
        )
    refused = [type(outcome) for outcome in found if isinstance(outcome, Exception)]
    assert refused == [Forbidden, NotFound, LimitReached, VersionConflict, Forbidden, NotFound]
    assert [one.proposal.change["insert"][0]["t"] for one in found if isinstance(one, Suggestion)] == ["друге", "їжак 🦔", "точніше"]
    assert await happened(cast) == {"suggestion.made": 4, "suggestion.edited": 1}
    shown = {one["id"]: one["version"] for who in ("reviewer", "stranger") for one in (await cast.get(who, "/suggestions"))["items"]}
    assert sorted(shown.values()) == [1, 1, 1, 2]


async def test_R4_what_is_put_at_once_about_one_record_is_judged_in_its_order(cast: Cast) -> None:
    async with putting(cast) as site:
        first = Proposal("f" * 32, DocumentId(cast.act), "text", cast.proposal("раз")["change"])
        second = Proposal("f" * 32, DocumentId(cast.act), "text", cast.proposal("два")["change"])
        third = Proposal("f" * 32, DocumentId(cast.act), "text", cast.proposal("три")["change"])
        made, same, edited, late, taken, typed_on = await outcomes(
            site.again("reviewer", first),
            site.again("reviewer", first),
            site.again("reviewer", second, 1),
            site.again("reviewer", third, 1),
            site.again("stranger", third),
            site.again("reviewer", third, 2),
        )
    assert isinstance(made, Suggestion)
    assert isinstance(edited, Suggestion)
    assert isinstance(typed_on, Suggestion)
    assert made == same
    assert (made.version, edited.version, edited.proposal, typed_on.version) == (1, 2, second, 3)
    assert isinstance(late, VersionConflict)
    assert late.extra["current"] == edited.as_json(cast.site.clock())
    assert isinstance(taken, Forbidden)
    assert await happened(cast) == {"suggestion.made": 1, "suggestion.edited": 1}


async def test_R11_the_limits_hold_within_one_transaction(cast: Cast) -> None:
    async with putting(cast, limits=Limits(open_per_author=3, open_per_document=5)) as site:
        mine = await outcomes(*(site.put("reviewer", f"слово {number}") for number in range(5)))
        assert [type(one) for one in mine] == [Suggestion] * 3 + [LimitReached] * 2
        theirs = await outcomes(*(site.put("stranger", f"слово {number}") for number in range(3)))
        assert [type(one) for one in theirs] == [Suggestion] * 2 + [LimitReached]
    assert await happened(cast) == {"suggestion.made": 5}


async def test_R4_puts_whose_answers_were_lost_after_the_commit_are_sent_again_and_change_nothing(cast: Cast) -> None:
    failing = Failing(cast.site.parts.database)
    failing.is_broken = False
    async with putting(cast, failing) as site:
        held = await site.put("reviewer", "раніше")
        new = Proposal("e" * 32, DocumentId(cast.act), "text", cast.proposal("нове")["change"])
        again = Proposal(held.id, held.document, "text", cast.proposal("точніше")["change"])

        def send() -> list["asyncio.Future[Suggestion]"]:
            return [site.again("colleague", new), site.again("reviewer", again, 1)]

        failing.is_broken = True
        assert [type(outcome) for outcome in await outcomes(*send())] == [Unavailable, Unavailable]
        failing.is_broken = False
        before = await happened(cast)
        made, edited = await outcomes(*send())
    assert isinstance(made, Suggestion)
    assert isinstance(edited, Suggestion)
    assert (made.version, edited.version) == (1, 2)
    assert await happened(cast) == before == {"suggestion.made": 2, "suggestion.edited": 1}


@pytest.mark.services
async def test_R4_two_nodes_that_put_and_decide_at_once_agree_and_wait_for_nobody(postgres_server: Postgres, tmp_path: Path) -> None:
    url = postgres_server.new_database()
    async with open_site(tmp_path, database_url=url) as opened:
        cast = await gather(opened)
        elsewhere = open_database(url, tmp_path)
        async with putting(cast) as here, putting(cast, elsewhere) as there:
            held = [await here.put("lead", f"запис {number}") for number in range(6)]
            verbs = (Verb(here.actor("drafter"), ActId(cast.act), one.id, 1) for one in held)
            for one in held:
                await here.service.release(Verb(here.actor("lead"), ActId(cast.act), one.id, 1))
            rejected = [asyncio.ensure_future(here.service.reject(verb)) for verb in itertools.islice(verbs, 2)]
            puts = [
                put
                for one in held
                for node in (here, there)
                for put in (node.put("stranger", "нове"), node.put("lead", f"правка {id(node)}", of=one, replaces=1))
            ]
            found = await outcomes(*puts, *rejected)
        await elsewhere.close()
        assert not [one for one in found if isinstance(one, Unavailable)]
        edited = Counter(one.id for one in found if isinstance(one, Suggestion) and one.version == 2)
        assert set(edited) <= {one.id for one in held}
        assert set(edited.values()) == {1}
        assert len(edited) + sum(isinstance(one, Suggestion) and one.status == "rejected" for one in found) == len(held)
        assert (await happened(cast))["suggestion.made"] == 18


@pytest.mark.services
async def test_R4_puts_and_decisions_about_the_same_acts_do_not_wait_for_each_other_for_ever(
    postgres_server: Postgres, tmp_path: Path
) -> None:
    async with open_site(tmp_path, database_url=postgres_server.new_database()) as opened:
        cast, database, read_head = await gather(opened), opened.parts.database, opened.parts.journal.read_head
        other = (await cast["lead"].client.post("/api/v1/acts", json={"title": "Про ґрунти", "kind": "postanova"})).json()["id"]
        acts = sorted(ActId(act) for act in (cast.act, other))
        async with putting(cast) as site:
            lead = site.actor("lead")
            edited, claimed = [[await site.in_act(act, words) for act in acts] for words in ("правка", "рішення")]
            for one in claimed:
                await site.service.accept(Verb(lead, one.act, one.id, 1))
            shares = [
                Append(one.document, (await read_head(one.document)).fence, (), decided=(Decided(one.id, 1, "accepted", lead.id),))
                for one in reversed(claimed)
            ]
            began = asyncio.Event()

            def decide(connection: Connection, document: DocumentId, decided: Sequence[Decided], at: int) -> bool:
                is_done = decide_in(connection, document, decided, at)
                began.set()
                connection.execute(text("SELECT pg_sleep(0.2)"))  # the puts come to where they wait
                return is_done

            append = asyncio.ensure_future(database.write(partial(append_in, batch=shares, at=cast.site.clock(), decide=decide)))
            await began.wait()
            found = await outcomes(*(site.in_act(one.act, "точніше", of=one, replaces=1) for one in edited))
            assert [type(outcome) for outcome in await append] == [Appended, Appended]
        assert [one.version for one in found if isinstance(one, Suggestion)] == [2, 2]
