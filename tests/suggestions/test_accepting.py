"""Accepting: claimed at the server, written into the text once, and the record decided with it (D5, G14)."""

import asyncio

import pytest

from server.crdt.messages import SyncStep1, Update
from tests.suggestions.cast import Cast, Desk, first_text


async def accepted(cast: Cast, desk: Desk, suggestion: str, words: str = "будівлею ") -> bool:
    """Claim and write; whether it was saved."""
    await cast.post(desk.who, f"/suggestions/{suggestion}/accept", {"version": 1})
    desk.say(Update(desk.decide(suggestion, 1, "accept", words)))
    return await desk.saved()


async def test_R19_an_accepted_record_and_the_text_change_together_and_name_who_decided(cast: Cast) -> None:
    made = await cast.propose(released=True)
    async with cast.desk("drafter") as desk, cast.desk("reviewer") as author:
        claimed = await cast.post("drafter", f"/suggestions/{made['id']}/accept", {"version": 1})
        until = cast.site.clock() + 60_000
        assert claimed["status"] == "open"
        assert claimed["claim"] == {"by": cast["drafter"].id, "until": until, "version": 1, "what": "accepted"}
        assert (await author.told_of("suggestion"))["record"] == claimed
        desk.say(Update(desk.decide(made["id"], 1, "accept", "будівлею ")))
        assert await desk.saved()
        record = (await author.told_of("suggestion"))["record"]
        assert (record["status"], record["claim"], record["version"]) == ("accepted", None, 1)
        assert record["decided"] | {"at": 0} == {
            "at": 0, "who": cast["drafter"].id, "body": "mvs", "what": "accepted", "reason": "", "version": 1,
        }  # fmt: skip
        assert author.text.startswith("будівлею ")
        text = await cast.get("reviewer", "/text")
        assert text["units"][0]["text"].startswith("будівлею ")


async def test_R20_a_decision_without_a_claim_is_refused_and_the_text_stays(cast: Cast) -> None:
    made = await cast.propose(released=True)
    before = await cast.state()
    async with cast.desk("drafter") as desk:
        desk.say(Update(desk.decide(made["id"], 1, "accept", "самочинно ")))
        assert not await desk.saved()
        assert (await desk.told_of("rejected"))["rule"] == "G14"
    assert await cast.state() == before
    assert (await cast.get("lead", "/suggestions"))["items"][0]["status"] == "open"


@pytest.mark.parametrize(("version", "what"), [(2, "accept"), (1, "reopen"), (1, "нота"), (1, ""), (0, "accept")])
async def test_R20_only_the_claimed_decision_passes(cast: Cast, version: int, what: str) -> None:
    made = await cast.propose(released=True)
    async with cast.desk("drafter") as desk:
        await cast.post("drafter", f"/suggestions/{made['id']}/accept", {"version": 1})
        desk.say(Update(desk.decide(made["id"], version, what, "підміна ")))
        assert not await desk.saved()
    assert (await cast.get("lead", "/suggestions"))["items"][0]["status"] == "open"


async def test_R20_the_claim_of_one_drafter_is_of_no_use_to_another(cast: Cast) -> None:
    made = await cast.propose(released=True)
    async with cast.desk("second") as desk:
        await cast.post("drafter", f"/suggestions/{made['id']}/accept", {"version": 1})
        desk.say(Update(desk.decide(made["id"], 1, "accept", "чуже ")))
        assert not await desk.saved()


async def test_R21_of_two_drafters_who_accept_at_once_one_gets_the_claim_and_the_words_enter_once(cast: Cast) -> None:
    made = await cast.propose(released=True)
    path = f"/suggestions/{made['id']}/accept"
    answers = await asyncio.gather(*(cast.call(who, "POST", path, {"version": 1}) for who in ("drafter", "second") * 4))
    winner = {answer.json()["claim"]["by"] for answer in answers if answer.status_code == 200}
    assert len(winner) == 1
    losers = [answer for answer in answers if answer.status_code != 200]
    assert {(answer.status_code, answer.json()["code"], answer.json()["current"]["claim"]["by"]) for answer in losers} == {
        (409, "claimed", next(iter(winner)))
    }
    async with cast.desk("drafter") as first, cast.desk("second") as second:
        outcomes = {}
        for desk in (first, second):
            desk.say(Update(desk.decide(made["id"], 1, "accept", "двічі ")))
            outcomes[cast[desk.who].id] = await desk.saved()
        assert [user for user, saved in outcomes.items() if saved] == list(winner)
    text = (await cast.get("lead", "/text"))["units"][0]["text"]
    assert text.count("двічі") == 1


async def test_R21_a_claim_runs_out_after_a_minute_and_a_late_decision_of_its_holder_is_refused(cast: Cast) -> None:
    made = await cast.propose(released=True)
    path = f"/suggestions/{made['id']}/accept"
    async with cast.desk("drafter") as slow, cast.desk("second") as quick:
        await cast.post("drafter", path, {"version": 1})
        cast.site.clock.advance(seconds=59)
        assert await cast.refused("second", path, {"version": 1}) == (409, "claimed")
        cast.site.clock.advance(seconds=2)
        assert await accepted(cast, quick, made["id"], "вчасно ")
        slow.say(Update(slow.decide(made["id"], 1, "accept", "запізно ")))
        assert not await slow.saved()
    text = (await cast.get("lead", "/text"))["units"][0]["text"]
    assert text.startswith("вчасно ")
    assert "запізно" not in text


async def test_R22_while_a_record_is_claimed_its_author_can_neither_change_nor_withdraw_it(cast: Cast) -> None:
    made = await cast.propose("lead", released=True)
    await cast.post("drafter", f"/suggestions/{made['id']}/accept", {"version": 1})
    assert await cast.refused("lead", "/suggestions", {**cast.proposal("підміна"), "id": made["id"], "version": 1}) == (409, "claimed")
    assert await cast.refused("lead", f"/suggestions/{made['id']}/withdraw", {"version": 1}) == (409, "claimed")
    assert await cast.refused("second", f"/suggestions/{made['id']}/reject", {"version": 1}) == (409, "claimed")
    cast.site.clock.advance(seconds=61)
    await cast.post("lead", f"/suggestions/{made['id']}/withdraw", {"version": 1})


async def test_R23_undoing_an_accept_reopens_the_record_and_the_history_keeps_both(cast: Cast) -> None:
    made = await cast.propose(released=True)
    path = f"/suggestions/{made['id']}"
    async with cast.desk("drafter") as desk:
        assert await accepted(cast, desk, made["id"])
        desk.say(Update(desk.decide(made["id"], 1, "reopen")))
        assert not await desk.saved(), "an undo needs its claim, too"
    async with cast.desk("second") as desk:
        claimed = await cast.post("second", f"{path}/reopen", {"version": 1})
        assert (claimed["status"], claimed["claim"]["what"]) == ("accepted", "reopened")
        desk.say(Update(desk.decide(made["id"], 1, "reopen")))
        assert await desk.saved()
        record = (await desk.told_of("suggestion"))["record"]
        assert (record["status"], record["decided"]["what"], record["decided"]["who"]) == ("open", "reopened", cast["second"].id)
        assert await accepted(cast, desk, made["id"], "знову ")
    history = (await cast.get("reviewer", f"{path}/decisions"))["items"]
    assert [one["what"] for one in history] == ["released", "accepted", "reopened", "accepted"]


async def test_R24_after_decisions_came_and_went_everyone_still_gets_in_with_all_they_hold(cast: Cast) -> None:
    """A client that comes back sends every delete it knows: those of decisions that were replaced among them."""
    made = await cast.propose(released=True)
    async with cast.desk("drafter") as desk:
        assert await accepted(cast, desk, made["id"])
        await cast.post("drafter", f"/suggestions/{made['id']}/reopen", {"version": 1})
        desk.say(Update(desk.decide(made["id"], 1, "reopen")))
        assert await desk.saved()
        held = desk.doc
    async with Again(cast, "drafter", held) as back:
        back.edit(lambda doc: typed(doc, "офлайн "))
        back.say(Update(back.doc.get_update()))
        assert await back.saved()
        assert not [one for one in await back.everything_heard() if one["type"] == "rejected"]
        assert all(back.statuses)
    assert (await cast.get("lead", "/text"))["units"][0]["text"].startswith("офлайн ")


class Again(Desk):
    """A client that comes back with what it holds."""

    def __init__(self, cast: Cast, who: str, doc: object) -> None:
        super().__init__(cast, who)
        self.doc = doc  # type: ignore[assignment]


async def test_R25_what_is_typed_after_an_accept_while_the_claim_is_looked_up_follows_it(cast: Cast) -> None:
    made = await cast.propose(released=True)
    async with cast.desk("drafter") as desk, cast.desk("second") as other:
        await cast.post("drafter", f"/suggestions/{made['id']}/accept", {"version": 1})
        updates = [desk.decide(made["id"], 1, "accept", "перше "), *(desk.edit(lambda doc: typed(doc, "ще ")) for _ in range(5))]
        for update in updates:
            desk.say(Update(update))
        for _ in updates:
            assert await desk.saved()
        assert not [one for one in desk.told if one["type"] == "rejected"]
        other.say(SyncStep1(b"\x00"))
        await other.until(lambda message: isinstance(message, SyncStep1))
        assert other.text == desk.text


def typed(doc: object, words: str) -> None:

    first_text(doc).insert(0, words)  # type: ignore[arg-type]


async def test_R26_a_role_taken_away_between_claim_and_decision_wins(cast: Cast) -> None:
    made = await cast.propose(released=True)
    async with cast.desk("second") as desk:
        await cast.post("second", f"/suggestions/{made['id']}/accept", {"version": 1})
        answer = await cast.call("lead", "PUT", f"/members/{cast['second'].id}", {"roles": ["reviewer"]})
        assert answer.status_code == 200
        desk.say(Update(desk.decide(made["id"], 1, "accept", "без права ")))
        assert not await desk.saved()
    assert (await cast.get("lead", "/suggestions"))["items"][0]["status"] == "open"
