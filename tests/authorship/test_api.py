"""Who wrote what, as people ask for it: rights, pages, accepted suggestions, after compaction."""

from typing import Any

from server.access.actor import Actor
from server.authorship.service import AuthorshipService
from server.crdt.messages import Update
from server.ids import ActId, BodyCode, DocumentId, UserId
from server.journal.compaction import Compactor, Done
from tests.suggestions.cast import Cast, first_text


def said(found: Any) -> list[tuple[int, str, str]]:
    """The passages of the first block that has some, as (length, author, suggestion)."""
    passages = next(block["passages"] for block in found["blocks"] if block["passages"])
    return [(one["length"], one["author"], one["suggestion"]) for one in passages]


async def write(cast: Cast, who: str, words: str) -> None:
    async with cast.desk(who) as desk:
        desk.say(Update(desk.edit(lambda doc: first_text(doc).insert(0, words))))
        assert await desk.saved()


async def test_the_server_names_who_typed_and_who_reads_may_ask(cast: Cast) -> None:
    await write(cast, "drafter", "Ґ😀 ")
    found = await cast.get("reader", "/authorship")
    assert said(found)[0] == (4, cast["drafter"].id, "")
    assert {"id": cast["drafter"].id, "name": "Людина drafter@mvs.gov.ua", "body": "mvs"} in found["people"]
    text = await cast.get("lead", "/text")
    assert found["seq"] == text["seq"]
    assert [sum(one["length"] for one in block["passages"]) for block in found["blocks"]] == [
        len(unit["text"].encode("utf-16-le")) >> 1 for unit in text["units"]
    ]
    assert [block["bid"] for block in found["blocks"]] == [unit["bid"] for unit in text["units"]]
    assert [one["initial"] for block in found["blocks"] for one in block["passages"]][:2] == [False, True]
    assert await cast.get("outsider", "/authorship") == 404


async def test_pages_together_are_the_whole(cast: Cast) -> None:
    whole = (await cast.get("lead", "/authorship"))["blocks"]
    begin: int | None = 0
    blocks: list[Any] = []
    while begin is not None:
        page = await cast.get("lead", f"/authorship?begin={begin}&limit=2")
        assert len(page["blocks"]) <= 2
        blocks += page["blocks"]
        begin = page["next"]
    assert blocks == whole
    assert len(whole) > 2
    assert (await cast.get("lead", "/authorship?begin=9999"))["blocks"] == []
    assert await cast.get("lead", "/authorship?limit=0") == 422
    assert await cast.get("lead", "/authorship?part=../x") == 404


async def test_an_accepted_suggestion_names_proposer_and_accepter(cast: Cast) -> None:
    made = await cast.propose(words="будівлею 🏛", released=True)
    await cast.post("drafter", f"/suggestions/{made['id']}/accept", {"version": 1})
    async with cast.desk("drafter") as desk:
        desk.say(Update(desk.decide(made["id"], 1, words="будівлею 🏛")))
        assert await desk.saved()
    found = await cast.get("stranger", "/authorship")
    assert said(found)[0] == (11, cast["drafter"].id, made["id"])
    assert found["proposers"] == [{"suggestion": made["id"], "author": cast["reviewer"].id, "body": "minfin"}]
    assert {one["id"] for one in found["people"]} >= {cast["drafter"].id, cast["reviewer"].id}


async def test_a_proposer_whom_the_caller_does_not_see_is_not_named(cast: Cast) -> None:
    made = await cast.post("second", "/suggestions", cast.proposal("між собою"))
    await cast.post("drafter", f"/suggestions/{made['id']}/accept", {"version": 1})
    async with cast.desk("drafter") as desk:
        desk.say(Update(desk.decide(made["id"], 1, words="між собою")))
        assert await desk.saved()
    assert (await cast.get("reviewer", "/authorship"))["proposers"] == []
    assert [one["author"] for one in (await cast.get("lead", "/authorship"))["proposers"]] == [cast["second"].id]
    assert cast["second"].id not in {one["id"] for one in (await cast.get("reviewer", "/authorship"))["people"]}


async def test_after_compaction_the_answer_is_the_same_also_for_a_server_that_starts_anew(cast: Cast) -> None:
    for who, words in [("drafter", "раз "), ("second", "два "), ("drafter", "три ")]:
        await write(cast, who, words)
    before = await cast.get("reader", "/authorship")
    journal = cast.site.parts.journal
    assert isinstance(await Compactor(journal).compact(DocumentId(cast.act)), Done)
    assert await cast.get("reader", "/authorship") == before
    await write(cast, "second", "чотири ")
    kept = await cast.get("reader", "/authorship")
    reader = Actor(UserId(cast["reader"].id), "", BodyCode("minfin"))
    anew = await AuthorshipService(cast.site.parts.database, journal).read(reader, ActId(cast.act))
    assert [[(one.length, one.author, one.at) for one in block.passages] for block in anew.blocks] == [
        [(one["length"], one["author"], one["at"]) for one in block["passages"]] for block in kept["blocks"]
    ]
