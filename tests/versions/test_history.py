"""The history of an act: who wrote what between two points, the text at any place, restore points (rules V20-V29)."""

import pytest
from sqlalchemy import update

from server.crdt.messages import Update
from server.db.tables import journal_rows
from server.ids import DocumentId, Epoch, Seq, UserId
from server.journal.journal import Record
from server.versions.activity import SESSION_GAP_MS, Activity, amounts
from server.versions.points import DAY_MS, HOUR_MS, Reason, thinned
from tests.contracts.test_compaction import typed
from tests.site import Site
from tests.suggestions.cast import Cast
from tests.versions.writing import text_of, write, write_as

OLENA, PETRO = UserId("a" * 32), UserId("b" * 32)


def written(*when: tuple[UserId, int]) -> Activity:
    """An activity of updates of one letter, by whom and when (milliseconds)."""
    activity = Activity()
    updates = typed("ґ" * len(when))
    activity.take(Record(Seq(place + 1), updates[place], user, at, Epoch("0" * 16)) for place, (user, at) in enumerate(when))
    return activity


def test_V20_writing_is_grouped_by_person_and_session() -> None:
    late = SESSION_GAP_MS + 2
    activity = written((OLENA, 0), (PETRO, 1), (OLENA, 2), (OLENA, late), (PETRO, late + 2))
    found = activity.sessions(Seq(0), Seq(5))
    assert [(one.user, one.first, one.last, one.began, one.ended, one.updates) for one in found] == [
        (PETRO, 2, 2, 1, 1, 1),
        (OLENA, 1, 4, 0, late, 3),
        (PETRO, 5, 5, late + 2, late + 2, 1),
    ]


def test_V20_a_session_is_cut_where_a_revision_was_frozen_and_counts_only_what_was_asked() -> None:
    activity = written(*[(OLENA, at) for at in range(6)])
    assert [(one.first, one.last) for one in activity.sessions(Seq(0), Seq(6), [Seq(2), Seq(4), Seq(9)])] == [(1, 2), (3, 4), (5, 6)]
    assert [(one.first, one.last, one.updates) for one in activity.sessions(Seq(1), Seq(4))] == [(2, 4, 3)]
    assert activity.sessions(Seq(6), Seq(6)) == []


def test_V20_an_update_that_cannot_be_read_counts_as_nothing() -> None:
    assert amounts(b"\xff\xff") == (0, 0)


def test_V28_points_are_thinned_to_all_of_a_day_one_a_day_for_a_month_and_one_a_week() -> None:
    now = 400 * DAY_MS
    points = [(Seq(number), now - number * 6 * HOUR_MS) for number in range(400, -1, -1)]
    kept = [now - at for seq, at in points if seq in thinned(points, now)]
    assert len([age for age in kept if age < DAY_MS]) == 4
    assert len([age for age in kept if DAY_MS <= age < 30 * DAY_MS]) in {29, 30}
    assert len([age for age in kept if age >= 30 * DAY_MS]) in {10, 11, 12}


async def test_V21_the_timeline_has_revisions_and_who_wrote_between_them(cast: Cast, site: Site) -> None:
    await write_as(cast, "drafter", "ґанок 📜")
    first = await cast.post("lead", "/revisions", {"note": "до погодження"})
    site.clock.advance(seconds=60)
    await write_as(cast, "second", "дім ")
    await write_as(cast, "drafter", "і ")
    told = await cast.get("reader", "/history")
    assert [(one["kind"], one["seq"]) for one in told["items"]] == [
        ("session", 4), ("session", 3), ("revision", 2), ("session", 2), ("session", 1),
    ]  # fmt: skip
    revision = told["items"][2]
    assert (revision["number"], revision["note"], revision["hash"]) == (1, "до погодження", first["hash"])
    amounts_ = [(told["people"][one["user"]]["body"], one["inserted"]) for one in told["items"] if one["kind"] == "session"]
    assert amounts_[:3] == [("mvs", 2), ("mvs", 4), ("mvs", 8)]
    assert (told["last_seq"], told["next"]) == (4, None)
    authors = await cast.get("reader", "/history/authors?from=2&to=4")
    assert [(one["user"], one["inserted"]) for one in authors["items"]] == [(cast["second"].id, 4), (cast["drafter"].id, 2)]
    assert authors["people"][cast["second"].id]["name"] == "Людина second@mvs.gov.ua"


async def test_V21_the_timeline_comes_in_pages_that_lose_nothing(cast: Cast) -> None:
    for who in ("drafter", "second", "drafter"):
        await write_as(cast, who, "слово ")
        await cast.post("lead", "/revisions", {})
    whole = (await cast.get("lead", "/history"))["items"]
    paged, before = [], ""
    while True:
        page = await cast.get("lead", f"/history?limit=2{before}")
        paged += page["items"]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert paged == whole


async def test_V21_revisions_frozen_at_one_place_stand_newest_first_and_what_they_hold_below(cast: Cast) -> None:
    await write_as(cast, "drafter", "ґанок")
    for note in ("перша", "друга", "третя"):
        await cast.post("lead", "/revisions", {"note": note})
    told = (await cast.get("lead", "/history"))["items"]
    assert [(one["kind"], one.get("number")) for one in told][:4] == [
        ("revision", 3), ("revision", 2), ("revision", 1), ("session", None),
    ]  # fmt: skip


async def test_V22_the_text_at_any_place_is_as_it_was_saved_then(cast: Cast) -> None:
    saved = []
    async with cast.desk("drafter") as desk:
        for word in ("перше ", "друге 📜 ", "ґрунт "):
            await write(desk, word)
            saved.append(await cast.get("lead", "/text"))
    for place in (2, 0, 1, 2):
        past = await cast.get("reader", f"/history/at?seq={saved[place]['seq']}")
        assert (past["units"], past["hash"]) == (saved[place]["units"], saved[place]["hash"])


async def test_V22_a_place_is_played_from_a_kept_state_too(cast: Cast, site: Site) -> None:
    document = DocumentId(cast.act)
    saved = {}
    async with cast.desk("drafter") as desk:
        for word in ("перше ", "друге ", "третє ", "четверте "):
            await write(desk, word)
            text = await cast.get("lead", "/text")
            saved[text["seq"]] = text["units"]
            if word == "друге ":
                assert await site.parts.points.keep(document, Reason.DAILY)
                assert not await site.parts.points.keep(document, Reason.DAILY)
    for seq in (5, 3, 2, 4):
        past = await cast.get("lead", f"/history/at?seq={seq}")
        assert past["units"] == saved[seq]
    points = [one for one in (await cast.get("lead", "/history"))["items"] if one["kind"] == "point"]
    assert [(one["seq"], one["reason"]) for one in points] == [(3, "daily")]


@pytest.mark.parametrize("query", ["seq=999", "seq=0", "seq=x", "", "seq=1&part=нема.є", "seq=1&part=note"])
async def test_V23_a_place_that_is_none_is_said(cast: Cast, query: str) -> None:
    answer = await cast.call("lead", "GET", f"/history/at?{query}")
    assert answer.status_code in {404, 422}
    assert answer.json()["detail"]


async def test_V23_an_end_before_the_beginning_is_said(cast: Cast) -> None:
    assert (await cast.refused("lead", "/history/authors?from=2&to=1", None, "GET"))[0] == 422


async def test_I12_an_outsider_learns_nothing_of_the_history(cast: Cast) -> None:
    for path in ("/history", "/history/authors", "/history/at?seq=1"):
        assert await cast.refused("outsider", path, None, "GET") == (404, "not-found")


async def test_V27_a_text_that_is_written_in_gets_a_point_a_day(cast: Cast, site: Site) -> None:
    document = DocumentId(cast.act)
    await write_as(cast, "drafter", "слово ")
    await site.parts.points.sweep()
    assert await site.parts.points.list(document) == []
    for _ in range(2):
        site.clock.advance(seconds=25 * 3600)
        await write_as(cast, "drafter", "слово ")
        for _ in range(2):
            await site.parts.points.sweep()
    site.clock.advance(seconds=25 * 3600)
    await site.parts.points.sweep()  # nothing new was written
    assert [(point.seq, point.reason) for point in await site.parts.points.list(document)] == [(3, "daily"), (4, "daily")]


async def test_V27_a_damaged_journal_costs_only_its_own_point(cast: Cast, site: Site) -> None:
    other = (await cast["lead"].client.post("/api/v1/acts", json={"title": "Про дощ", "kind": "postanova"})).json()["id"]
    for act in (cast, Cast(site, other, cast.people)):
        await write_as(act, "lead", "слово ")
    damage = update(journal_rows).where(journal_rows.c.document == cast.act, journal_rows.c.seq == 2).values(payload=b"\x02damaged")
    await site.parts.database.write(lambda connection: connection.execute(damage))
    site.clock.advance(seconds=25 * 3600)
    await site.parts.points.sweep()
    assert [len(await site.parts.points.list(DocumentId(act))) for act in (cast.act, other)] == [0, 1]


async def test_V27_an_idle_text_gets_a_point_but_not_twice_an_hour(cast: Cast, site: Site) -> None:
    document = DocumentId(cast.act)
    for _ in range(2):
        await write_as(cast, "drafter", "слово ")
        await site.parts.points.keep(document, Reason.IDLE)
    site.clock.advance(seconds=3601)
    await site.parts.points.keep(document, Reason.IDLE)
    assert [point.seq for point in await site.parts.points.list(document)] == [2, 3]


async def test_V22_deleted_words_are_there_in_the_past(cast: Cast) -> None:
    async with cast.desk("drafter") as desk:
        await write(desk, "зайве ")
        before = (await cast.get("lead", "/text"))["seq"]
        state = desk.doc.get_state()
        del text_of(desk.doc, 0)[0:11]
        desk.say(Update(desk.doc.get_update(state)))
        assert await desk.saved()
    assert "зайве" not in str(await cast.get("lead", "/text"))
    assert "зайве" in str(await cast.get("lead", f"/history/at?seq={before}"))
