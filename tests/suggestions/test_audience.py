"""Who sees a record before and after its body releases it (D5): a matrix over HTTP, in the room, and for live messages."""

import pytest

from tests.suggestions.cast import PEOPLE, Cast

EVERYONE = ["lead", *PEOPLE]
READS = [who for who in EVERYONE if who not in {"admin", "outsider"}]
BODY = {"lead": "mvs", **{who: body for who, (body, _, _) in PEOPLE.items()}}


@pytest.mark.parametrize("author", ["reviewer", "stranger", "drafter"])
async def test_R16_a_record_is_seen_by_its_body_alone_until_it_is_released(cast: Cast, author: str) -> None:
    made = await cast.propose(author)
    for who in EVERYONE:
        listed = await cast.get(who, "/suggestions")
        history = await cast.get(who, f"/suggestions/{made['id']}/decisions")
        if who not in READS:
            assert listed in {403, 404}
            assert history in {403, 404}
        elif BODY[who] == BODY[author]:
            assert [one["id"] for one in listed["items"]] == [made["id"]]
            assert history == {"items": []}
        else:
            assert listed == {"items": [], "next": None}
            assert history == 404


async def test_R16_once_released_everyone_who_reads_the_act_sees_it(cast: Cast) -> None:
    made = await cast.propose("reviewer", released=True)
    for who in EVERYONE:
        listed = await cast.get(who, "/suggestions")
        assert listed in {403, 404} if who not in READS else [one["id"] for one in listed["items"]] == [made["id"]]


async def test_R17_only_somebody_who_speaks_for_the_body_releases_its_records(cast: Cast) -> None:
    made = await cast.propose("reviewer")
    path = f"/suggestions/{made['id']}/release"
    answers = {who: (await cast.call(who, "POST", path, {"version": 1})).status_code for who in EVERYONE if who != "signatory"}
    assert answers == {
        "lead": 404, "drafter": 404, "second": 404, "stranger": 404, "outsider": 404,
        "reviewer": 403, "colleague": 403, "reader": 403, "admin": 403,
    }  # fmt: skip
    assert await cast.refused("signatory", path, {"version": 2}) == (409, "version-conflict")
    released = await cast.post("signatory", path, {"version": 1, "reason": "позиція Мінфіну"})
    assert (released["audience"], released["version"], released["stamp"]) == ("act", 1, 2)
    assert await cast.post("signatory", path, {"version": 1}) == released
    foreign = await cast.propose("stranger")
    assert (await cast.refused("signatory", f"/suggestions/{foreign['id']}/release", {"version": 1}))[0] == 404
    both = await cast.propose("drafter", released=True)
    assert await cast.refused("signatory", f"/suggestions/{both['id']}/release", {"version": 1}) == (403, "forbidden")


async def test_R17_the_administrator_of_a_body_names_who_else_releases_and_takes_it_back(cast: Cast) -> None:
    made = await cast.propose("reviewer")
    colleague, path = cast["colleague"].id, f"/suggestions/{made['id']}/release"
    for who in ("lead", "drafter", "signatory", "colleague", "outsider"):
        assert (await cast.call(who, "PUT", f"/releasers/{colleague}", {})).status_code in {403, 404}
    assert (await cast.call("admin", "PUT", f"/releasers/{cast['drafter'].id}", {})).status_code == 403
    named = await cast.call("admin", "PUT", f"/releasers/{colleague}", {})
    assert [member["releases"] for member in named.json()["members"] if member["user"] == colleague] == [True]
    assert "release" in (await cast.get("colleague", ""))["abilities"]
    assert (await cast.call("admin", "DELETE", f"/releasers/{colleague}")).status_code == 204
    assert (await cast.refused("colleague", path, {"version": 1}))[0] == 403
    await cast.call("admin", "PUT", f"/releasers/{colleague}", {})
    assert (await cast.post("colleague", path, {"version": 1}))["audience"] == "act"


async def test_R17_whoever_moves_to_another_body_no_longer_speaks_for_the_old_one_nor_for_the_new(cast: Cast) -> None:
    colleague = cast["colleague"].id
    await cast.call("admin", "PUT", f"/releasers/{colleague}", {})
    await cast.site.parts.database.write(
        lambda connection: connection.exec_driver_sql(f"UPDATE users SET body = 'minjust' WHERE id = '{colleague}'")
    )
    assert "release" not in (await cast.get("colleague", ""))["abilities"]


async def test_R18_the_room_hears_of_a_record_what_each_body_may_see(cast: Cast) -> None:
    async with cast.desk("colleague") as own, cast.desk("drafter") as lead, cast.desk("stranger") as other, cast.desk("reader") as reader:
        made = await cast.propose("reviewer", "їжаком")
        for near in (own, reader):
            assert await near.told_of("suggestion") == {"type": "suggestion", "record": made}
        for far in (lead, other):
            assert [one for one in await far.everything_heard() if one["type"] == "suggestion"] == []
        released = await cast.post("signatory", f"/suggestions/{made['id']}/release", {"version": 1})
        for near in (own, lead, other, reader):
            assert await near.told_of("suggestion") == {"type": "suggestion", "record": released}
        decided = await cast.post("drafter", f"/suggestions/{made['id']}/reject", {"version": 1, "reason": "ні"})
        for near in (own, lead, other, reader):
            assert (await near.told_of("suggestion"))["record"] == decided


async def test_R18_what_fails_is_told_to_nobody(cast: Cast) -> None:
    async with cast.desk("colleague") as own:
        assert (await cast.refused("reviewer", "/suggestions", cast.proposal(kind="нота")))[0] == 422
        assert [one for one in await own.everything_heard() if one["type"] == "suggestion"] == []
