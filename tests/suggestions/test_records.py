"""Records over HTTP: one owner, versions, decisions. Rules: docs/spec/suggestions.md."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.db.tables import suggestion_decisions
from server.events.store import find_defect, read_page
from tests.suggestions.cast import PEOPLE, Cast, new_id


async def test_R1_author_body_times_and_state_are_the_servers(cast: Cast) -> None:
    made = await cast.propose("reviewer", "їжаком 🦔")
    stamped = {name: made[name] for name in ("author", "body", "created_at", "version", "status", "audience", "claim", "decided")}
    assert stamped == {
        "author": cast["reviewer"].id, "body": "minfin", "created_at": cast.site.clock(), "version": 1, "status": "open",
        "audience": "body", "claim": None, "decided": None,
    }  # fmt: skip
    for forged in ("author", "body", "status", "audience", "created_at", "decided", "claim"):
        assert await cast.refused("reviewer", "/suggestions", cast.proposal(**{forged: "щось"})) == (422, "invalid-input")


async def test_R2_only_those_with_the_right_to_suggest_make_records(cast: Cast) -> None:
    answers = {who: (await cast.call(who, "POST", "/suggestions", cast.proposal())).status_code for who in ["lead", *PEOPLE]}
    made = {who for who, status in answers.items() if status == 200}
    assert made == {"lead", "drafter", "second", "reviewer", "colleague", "stranger"}
    assert answers["outsider"] == 404
    assert answers["reader"] == answers["signatory"] == answers["admin"] == 403


async def test_R3_a_record_has_one_owner(cast: Cast) -> None:
    made = await cast.propose("reviewer")
    taken = cast.proposal("чуже", id=made["id"], version=1)
    for who in ("colleague", "stranger", "drafter", "lead"):
        assert await cast.refused(who, "/suggestions", taken) == (403, "forbidden")
    assert await cast.refused("colleague", f"/suggestions/{made['id']}/withdraw", {"version": 1}) == (403, "forbidden")
    assert await cast.refused("stranger", f"/suggestions/{made['id']}/withdraw", {"version": 1}) == (404, "not-found")
    assert (await cast.get("reviewer", "/suggestions"))["items"] == [made]


async def test_R4_the_next_version_replaces_the_one_it_names_and_the_same_again_changes_nothing(cast: Cast) -> None:
    first = cast.proposal("один")
    made = await cast.post("reviewer", "/suggestions", first)
    assert await cast.post("reviewer", "/suggestions", first) == made
    second = {**cast.proposal("два"), "id": first["id"], "version": 1}
    changed = await cast.post("reviewer", "/suggestions", second)
    assert (changed["version"], changed["change"]["insert"]) == (2, [{"t": "два", "m": {}}])
    assert await cast.post("reviewer", "/suggestions", second) == changed
    late = await cast.call("reviewer", "POST", "/suggestions", {**cast.proposal("три"), "id": first["id"], "version": 1})
    assert (late.status_code, late.json()["code"], late.json()["current"]) == (409, "version-conflict", changed)
    assert await cast.refused("reviewer", "/suggestions", cast.proposal(version=7)) == (404, "not-found")


async def test_R4_edits_within_a_minute_are_one_entry_of_the_history(cast: Cast) -> None:
    made = await cast.propose()
    for version in range(1, 6):
        await cast.post("reviewer", "/suggestions", {**cast.proposal(f"крок {version}"), "id": made["id"], "version": version})
    cast.site.clock.advance(seconds=61)
    await cast.post("reviewer", "/suggestions", {**cast.proposal("пізніше"), "id": made["id"], "version": 6})
    history = (await cast.get("colleague", f"/suggestions/{made['id']}/decisions"))["items"]
    assert [(one["what"], one["version"], one["who"]) for one in history] == [
        ("edited", 2, cast["reviewer"].id),
        ("edited", 7, cast["reviewer"].id),
    ]


@pytest.mark.parametrize("verb", ["reject", "withdraw"])
async def test_R5_a_decided_record_is_frozen_until_it_is_reopened(cast: Cast, verb: str) -> None:
    made = await cast.propose(released=True)
    who = "drafter" if verb == "reject" else "reviewer"
    path = f"/suggestions/{made['id']}"
    decided = await cast.post(who, f"{path}/{verb}", {"version": 1, "reason": " Суперечить Конституції "})
    assert decided["status"] == ("rejected" if verb == "reject" else "withdrawn")
    assert decided["decided"]["reason"] == "Суперечить Конституції"
    assert decided["decided"]["who"] == cast[who].id
    edit = {**cast.proposal("інше"), "id": made["id"], "version": 1}
    assert await cast.refused("reviewer", "/suggestions", edit) == (409, "not-open")
    for again in ("reject", "accept"):
        assert await cast.refused("drafter", f"{path}/{again}", {"version": 1}) == (409, "not-open")
    assert await cast.refused("reviewer", f"{path}/withdraw", {"version": 1}) == (409, "not-open")
    if verb == "reject":
        assert (await cast.refused("reviewer", f"{path}/reopen", {"version": 1}))[0] == 403
    reopened = await cast.post(who, f"{path}/reopen", {"version": 1})
    assert (reopened["status"], reopened["decided"]["what"]) == ("open", "reopened")
    history = (await cast.get("drafter", f"{path}/decisions"))["items"]
    assert [one["what"] for one in history] == ["released", decided["status"], "reopened"]


async def test_R6_deciding_is_for_drafters_who_see_the_record_in_the_version_they_looked_at(cast: Cast) -> None:
    hidden, shown = await cast.propose(), await cast.propose(released=True)
    for verb in ("accept", "reject"):
        for who in ("reviewer", "colleague", "signatory", "stranger", "reader"):
            assert (await cast.refused(who, f"/suggestions/{shown['id']}/{verb}", {"version": 1}))[0] == 403
        assert (await cast.refused("drafter", f"/suggestions/{hidden['id']}/{verb}", {"version": 1}))[0] == 404
        stale = await cast.refused("drafter", f"/suggestions/{shown['id']}/{verb}", {"version": 2})
        assert stale == (409, "version-conflict")
        assert await cast.refused("drafter", f"/suggestions/{'f' * 32}/{verb}", {"version": 1}) == (404, "not-found")


async def test_R7_a_released_record_changes_only_by_somebody_who_may_release(cast: Cast) -> None:
    made = await cast.propose(released=True)
    edit = {**cast.proposal("підміна"), "id": made["id"], "version": 1}
    assert await cast.refused("reviewer", "/suggestions", edit) == (403, "forbidden")
    own = await cast.propose("lead", released=True)
    again = await cast.post("lead", "/suggestions", {**cast.proposal("точніше"), "id": own["id"], "version": 1})
    assert (again["version"], again["audience"]) == (2, "act")


@pytest.mark.parametrize(
    "change", ["UPDATE suggestion_decisions SET reason = 'інше'", "DELETE FROM suggestion_decisions", "DELETE FROM suggestions"]
)
async def test_R8_the_database_itself_refuses_to_change_what_was_decided(cast: Cast, change: str) -> None:
    await cast.propose(released=True)
    with pytest.raises(DBAPIError, match=r"never change|never deleted"):
        await cast.site.parts.database.write(lambda connection: connection.execute(text(change)))


async def test_R9_every_verb_leaves_an_event_with_ids_and_without_words(cast: Cast) -> None:
    made = await cast.propose(released=True)
    path = f"/suggestions/{made['id']}"
    await cast.post("drafter", f"{path}/accept", {"version": 1})
    await cast.post("drafter", f"{path}/reject", {"version": 1, "reason": "таємна причина"})
    await cast.post("drafter", f"{path}/reopen", {"version": 1})
    await cast.post("reviewer", f"{path}/withdraw", {"version": 1})
    page = await cast.site.parts.database.read(lambda connection: read_page(connection, cast.act))
    kinds = [event.kind for event in reversed(page) if event.kind.startswith("suggestion.")]
    assert kinds == [f"suggestion.{name}" for name in ("made", "released", "claimed", "rejected", "reopened", "withdrawn")]
    written = "".join(str(event.payload) for event in page if event.kind.startswith("suggestion."))
    assert "будівлею" not in written
    assert "таємна" not in written
    assert await cast.site.parts.database.read(lambda connection: find_defect(connection, cast.act)) is None


async def test_R10_pages_hold_every_record_once(cast: Cast) -> None:
    made = [(await cast.propose("reviewer", f"слово {number}"))["id"] for number in range(7)]
    found: list[str] = []
    after = ""
    while True:
        page = await cast.get("colleague", f"/suggestions?limit=3&after={after}")
        found += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == sorted(made)
    assert (await cast.get("colleague", "/suggestions?status=rejected"))["items"] == []
    assert (await cast.get("colleague", f"/suggestions?author={cast['lead'].id}"))["items"] == []


async def test_R11_more_records_than_the_limit_are_refused_with_the_limit(cast: Cast) -> None:
    first = await cast.propose()
    row = "INSERT INTO suggestions SELECT act_id, :id, document, kind, change, group_id, author, body, created_at, updated_at, version, stamp, status, audience, claim_by, claim_until, claim_version, claim_what, remarked FROM suggestions WHERE id = :old"  # noqa: E501
    rows = [{"id": new_id(), "old": first["id"]} for _ in range(1999)]
    await cast.site.parts.database.write(lambda connection: connection.execute(text(row), rows))
    answer = await cast.call("reviewer", "POST", "/suggestions", cast.proposal())
    assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (409, "limit-reached", 2000)
    await cast.propose("colleague")
    edit = {**cast.proposal("редагувати можна"), "id": first["id"], "version": 1}
    await cast.post("reviewer", "/suggestions", edit)


async def test_R12_a_record_of_another_act_cannot_be_reached(cast: Cast) -> None:
    other = (await cast["lead"].client.post("/api/v1/acts", json={"title": "Інший акт", "kind": "postanova"})).json()["id"]
    made = await cast.propose("lead")
    answer = await cast["lead"].client.post(f"/api/v1/acts/{other}/suggestions/{made['id']}/reject", json={"version": 1})
    assert answer.status_code == 404
    astray = await cast.call("lead", "POST", "/suggestions", cast.proposal(document=other))
    assert astray.status_code == 404
    assert set(suggestion_decisions.columns.keys()) >= {"who", "body", "at", "reason"}


async def test_R13_a_sealed_act_takes_no_proposals_and_no_decisions(cast: Cast) -> None:
    made = await cast.propose(released=True)
    await cast.site.parts.database.write(lambda connection: connection.execute(text("UPDATE documents SET sealed = TRUE")))
    assert (await cast.refused("reviewer", "/suggestions", cast.proposal()))[0] == 403
    for verb in ("accept", "reject"):
        assert (await cast.refused("drafter", f"/suggestions/{made['id']}/{verb}", {"version": 1}))[0] == 403
    shown: list[Any] = (await cast.get("stranger", "/suggestions"))["items"]
    assert [one["id"] for one in shown] == [made["id"]]
