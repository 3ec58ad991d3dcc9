"""Rounds, positions, silence, remarks, visas, deputies, signatures over HTTP. Rules: docs/spec/approval.md."""

from typing import Any

import pytest

from tests.approval.cast import Cast

DAY_S = 24 * 3600
REMARK = {"text": "Не враховано витрати з державного бюджету"}


async def opened(cast: Cast, **more: Any) -> tuple[Any, Any]:
    """A revision with its note, and a round on it."""
    await cast.add_note()
    revision = await cast.freeze()
    return revision, await cast.open(revision, **more)


async def test_I2_a_position_names_the_revision_it_judged_and_another_hash_is_refused(cast: Cast) -> None:
    revision, _ = await opened(cast)
    path = "/rounds/1/positions"
    other = {"body": "minfin", "outcome": "AGREED", "revision_hash": "0" * 64}
    assert await cast.refused("minfin", path, other) == (409, "revision-moved")
    live = {**other, "revision_hash": revision["content_hash"]}
    assert await cast.refused("minfin", path, live) == (409, "revision-moved")
    stated = await cast.state("minfin", 1, revision)
    assert (stated["revision"], stated["revision_hash"], stated["signatory"]) == (1, revision["hash"], cast["minfin"].id)
    assert (stated["label"], stated["counts"], stated["silent"]) == ("Погоджено без зауважень", True, False)


async def test_I7_a_round_is_not_opened_without_the_mandatory_papers(cast: Cast) -> None:
    bare = await cast.freeze()
    given = {"revision": 1, "revision_hash": bare["hash"], "requests": [{"body": "minfin"}]}
    answer = await cast.call("lead", "POST", "/rounds", given)
    assert (answer.status_code, answer.json()["code"], answer.json()["rule"]) == (409, "not-now", "papers")
    assert "пояснювальна записка" in answer.json()["detail"]
    await cast.post("lead", "/documents", {"part": "note"})
    empty = await cast.freeze()
    assert await cast.refused("lead", "/rounds", {**given, "revision": 2, "revision_hash": empty["hash"]}) == (409, "not-now")
    assert (await cast.approval())["state"] == "draft"


async def test_I5_silence_becomes_a_position_once_and_what_comes_later_is_kept_beside_it(cast: Cast) -> None:
    revision, round_ = await opened(cast, deadline="days_5")
    for who in ("minfin", "infra", "economy"):
        await cast.state(who, 1, revision)
    due = next(one["due_at"] for one in round_["requests"] if one["body"] == "mindigital")
    late = {"body": "mindigital", "outcome": "REFUSED", "note": "Лист № 5 від 13.10"}
    assert await cast.refused("digital", "/rounds/1/late", late) == (409, "not-now")
    await cast.at(due)
    engine = cast.engine()
    assert await engine.tick() == 0
    await cast.at(due + 1000)
    given = {"body": "mindigital", "outcome": "AGREED", "revision_hash": revision["hash"]}
    assert await cast.refused("digital", "/rounds/1/positions", given) == (409, "deadline-passed")
    assert (await cast.row("mindigital"))["position"] is None  # a request decides nothing for others, nor by a clock that may be wrong
    assert await engine.tick() == 1
    assert await cast.refused("digital", "/rounds/1/positions", given) == (409, "deadline-passed")
    row = await cast.row("mindigital")
    assert (row["position"]["outcome"], row["position"]["signatory"], row["position"]["silent"]) == ("SILENT", "server", True)
    kept = await cast.post("digital", "/rounds/1/late", late)
    row = await cast.row("mindigital")
    assert row["position"]["outcome"] == "SILENT"
    assert row["late"] == [kept]
    seen = await cast.approval()
    assert seen["state"] == "reconciliation"
    assert [one["kind"] for one in seen["timeline"]].count("approval.silent") == 1
    assert next(one for one in seen["timeline"] if one["kind"] == "approval.silent")["payload"]["body"] == "mindigital"
    again = await cast.open(revision, [{"body": "mindigital"}])
    await cast.state("digital", again["number"], revision, "AGREED")
    assert (await cast.row("mindigital"))["position"]["outcome"] == "AGREED"


async def test_I6_every_remark_is_answered_before_submission_or_stands_in_the_table_of_disagreements(cast: Cast) -> None:
    revision, _ = await opened(cast)
    await cast.state("minfin", 1, revision, "AGREED_WITH_REMARKS", remarks=[REMARK, {"text": "Їжак", "proposed": "Еней", "bid": "u1"}])
    found = (await cast.get("minfin", "/remarks"))["items"]
    assert [(one["number"], one["body"], one["bid"]) for one in found] == [(1, "minfin", ""), (2, "minfin", "u1")]
    assert await cast.inbox("lead") == [("answer_remarks", 2)]
    await cast.post("lead", f"/remarks/{found[0]['id']}/answer", {"result": "accepted", "reason": "Записку доповнено"})
    await cast.post("lead", f"/remarks/{found[1]['id']}/answer", {"result": "declined", "reason": "Термін визначено законом"})
    protocol = await cast.get("infra", "/rounds/1/papers/protocol?format=json")
    table = await cast.get("infra", "/rounds/1/papers/disagreements?format=json")
    assert (len(protocol["rows"]), len(table["rows"])) == (2, 1)
    assert protocol["counts"] == {"accepted": 1, "partly": 0, "declined": 1, "open": 0}
    said = str(table["rows"])
    assert "Еней" in said
    assert "Термін визначено законом" in said
    assert "Мінфін" in said
    page = await cast.call("infra", "GET", "/rounds/1/papers/protocol")
    assert page.headers["content-type"].startswith("text/html")
    assert "Протокол узгодження позицій" in page.text


@pytest.mark.parametrize(
    ("who", "given", "refusal"),
    [
        ("minfin", {"outcome": "AGREED", "remarks": [REMARK]}, (422, "invalid-input")),
        ("minfin", {"outcome": "REFUSED"}, (422, "invalid-input")),
        ("minfin", {"outcome": "AGREED_WITH_REMARKS", "remarks": [{"text": "\u202eтекст"}]}, (422, "invalid-input")),
        ("minfin", {"outcome": "SILENT"}, (422, "invalid-input")),
        ("minfin", {"outcome": "так"}, (422, "invalid-input")),
        ("minfin", {"outcome": "AGREED", "body": "mindigital"}, (403, "other-body")),
        ("minfin_reviewer", {"outcome": "AGREED"}, (403, "forbidden")),
        ("lead", {"outcome": "AGREED", "body": "minfin"}, (403, "other-body")),
        ("secretariat", {"outcome": "AGREED"}, (403, "not-asked")),
        ("outsider", {"outcome": "AGREED"}, (404, "not-found")),
    ],
)
async def test_A5_only_a_signatory_states_the_position_of_their_body(cast: Cast, who: str, given: Any, refusal: tuple[int, str]) -> None:
    revision, _ = await opened(cast)
    whole = {"body": cast[who].body, "revision_hash": revision["hash"], **given}
    assert await cast.refused(who, "/rounds/1/positions", whole) == refusal
    assert (await cast.get("lead", "/rounds/1"))["positions"] == []
    assert (await cast.get("lead", "/remarks"))["items"] == []


async def test_A6_a_position_is_stated_once(cast: Cast) -> None:
    revision, _ = await opened(cast)
    await cast.state("minfin", 1, revision)
    again = {"body": "minfin", "outcome": "NOT_COMPETENT", "revision_hash": revision["hash"]}
    assert await cast.refused("minfin", "/rounds/1/positions", again) == (409, "already-stated")
    assert await cast.refused("minfin", "/rounds/7/positions", again) == (404, "not-found")
    assert await cast.refused("minfin", "/rounds/x/positions", again) == (404, "not-found")


async def test_A3_a_round_is_opened_on_the_newest_revision_only_and_one_at_a_time(cast: Cast) -> None:
    await cast.add_note()
    old = await cast.freeze()
    await cast.write("Зміна ")
    new = await cast.freeze()
    asked = [{"body": "minfin"}]
    path = "/rounds"
    assert await cast.refused("lead", path, {"revision": 1, "revision_hash": old["hash"], "requests": asked}) == (409, "not-now")
    assert await cast.refused("lead", path, {"revision": 2, "revision_hash": old["hash"], "requests": asked}) == (409, "revision-moved")
    for wrong in (
        [],
        [{"body": "minfin"}, {"body": "minfin"}],
        [{"body": "mvs"}],
        [{"body": "moz"}],
        [{"body": "нема"}],
        [{"body": "minfin", "scope": ["немає"]}],
        [{"body": "minfin", "deadline": "століття"}],
    ):
        assert await cast.refused("lead", path, {"revision": 2, "requests": wrong}) == (422, "invalid-input"), wrong
    for who in ("drafter", "minfin", "secretariat"):
        assert await cast.refused(who, path, {"revision": 2, "requests": asked}) == (403, "forbidden")
    await cast.open(new, asked)
    assert await cast.refused("lead", path, {"revision": 2, "requests": asked}) == (409, "not-now")
    legal = {"revision": 2, "kind": "legal", "requests": [{"body": "minjust"}]}
    assert await cast.refused("lead", path, legal) == (409, "not-now")


async def test_A9_after_withdrawal_nobody_states_a_position_and_nothing_goes_on(cast: Cast) -> None:
    revision, _ = await opened(cast)
    await cast.state("minfin", 1, revision)
    assert await cast.refused("lead", "/steps", {"verb": "withdraw"}) == (409, "not-now")
    for who in ("drafter", "minfin", "secretariat"):
        assert (await cast.refused(who, "/steps", {"verb": "withdraw", "reason": "ні"}))[0] == 403
    after = await cast.post("lead", "/steps", {"verb": "withdraw", "reason": "Втратив актуальність"})
    assert (after["state"], after["open_round"]) == ("withdrawn", None)
    given = {"body": "mineconomy", "outcome": "AGREED", "revision_hash": revision["hash"]}
    assert await cast.refused("economy", "/rounds/1/positions", given) == (409, "not-now")
    assert await cast.refused("lead", "/rounds", {"revision": 1, "requests": [{"body": "minfin"}]}) == (409, "not-now")
    await cast.at(cast.site.clock.now + 90 * DAY_S * 1000)
    assert await cast.engine().tick() == 0
    assert [one["body"] for one in (await cast.get("lead", "/rounds/1"))["positions"]] == ["minfin"]


async def test_A10_the_emergency_procedure_needs_no_approvals(cast: Cast) -> None:
    revision = await cast.freeze()
    given = {"verb": "declare_emergency", "reason": "Загроза життю людей"}
    assert (await cast.post("lead", "/steps", given))["procedure"] == "emergency"
    after = await cast.post("lead", "/steps", {"verb": "submit", "revision": revision["number"]})
    assert after["state"] == "submitted"
    assert [row["body"] for row in after["bodies"]] == []
    assert await cast.refused("lead", "/steps", {"verb": "declare_emergency", "reason": "ще"}) == (409, "not-now")
    assert (await cast.post("secretariat", "/steps", {"verb": "adopt"}))["state"] == "adopted"


async def test_A11_visas_inside_a_body_come_in_turn_and_before_its_position(cast: Cast) -> None:
    revision, _ = await opened(cast)
    people = [cast["minfin_reviewer"].id, cast["minfin_expert"].id]
    path = "/revisions/1/visas"
    for wrong in ([], [people[0], people[0]], [cast["infra"].id], ["f" * 32]):
        assert await cast.refused("minfin", path, {"people": wrong}, "PUT") == (422, "invalid-input")
    assert await cast.refused("minfin_reviewer", path, {"people": people}, "PUT") == (403, "forbidden")
    assert await cast.refused("minfin", "/revisions/9/visas", {"people": people}, "PUT") == (409, "not-now")
    await cast.post("minfin", path, {"order": "sequential", "people": people}, "PUT")
    assert await cast.inbox("minfin_reviewer") == [("give_visa", 1)]
    assert await cast.inbox("minfin_expert") == []
    assert await cast.refused("minfin_expert", path, {"result": "agreed"}) == (409, "not-now")
    assert await cast.refused("infra", path, {"result": "agreed"}) == (403, "forbidden")
    given = {"body": "minfin", "outcome": "AGREED", "revision_hash": revision["hash"]}
    assert await cast.refused("minfin", "/rounds/1/positions", given) == (409, "visas-missing")
    await cast.post("minfin_reviewer", path, {"result": "agreed"})
    assert await cast.refused("minfin_reviewer", path, {"result": "agreed"}) == (409, "conflict")
    assert await cast.refused("minfin_expert", path, {"result": "objected"}) == (422, "invalid-input")
    sheet = await cast.post("minfin_expert", path, {"result": "objected", "note": "Бракує розрахунків"})
    assert [(one["user"], one["result"]) for one in sheet["visas"]] == list(zip(people, ["agreed", "objected"], strict=True))
    assert sheet["next"] == []
    await cast.state("minfin", 1, revision)
    assert (await cast.row("minfin"))["visas"] == sheet


async def test_A12_a_deputy_signs_on_the_days_named_and_the_position_says_for_whom(cast: Cast) -> None:
    revision, _ = await opened(cast)
    path = "/api/v1/bodies/minfin/deputies"
    deputy, signatory = cast["minfin_reviewer"].id, cast["minfin"].id
    given = {"deputy": deputy, "signatory": signatory, "first_day": "2025-10-09", "last_day": "2025-10-10"}
    for who, status in (("minfin_reviewer", 403), ("infra", 403), ("lead", 403)):
        assert (await cast[who].client.post(path, json=given)).status_code == status
    for wrong in (
        {"last_day": "2025-10-01"},
        {"last_day": "2027-10-10"},
        {"deputy": signatory},
        {"deputy": cast["infra"].id},
        {"first_day": "вчора"},
    ):
        assert (await cast["minfin"].client.post(path, json={**given, **wrong})).status_code == 422, wrong
    named = (await cast["minfin"].client.post(path, json=given)).json()
    stated = {"body": "minfin", "outcome": "AGREED", "revision_hash": revision["hash"]}
    cast.site.clock.advance(seconds=2 * DAY_S)  # the eleventh
    assert await cast.refused("minfin_reviewer", "/rounds/1/positions", stated) == (403, "forbidden")
    cast.site.clock.advance(seconds=-2 * DAY_S)
    assert await cast.inbox("minfin_reviewer") == [("state_position", 1)]
    assert (await cast.approval("minfin_reviewer"))["may_state"] == [{"round": 1, "deputy_for": signatory}]
    await cast[("minfin_admin")].client.delete(f"{path}/{named['id']}")
    assert await cast.refused("minfin_reviewer", "/rounds/1/positions", stated) == (403, "forbidden")
    await cast["minfin_admin"].client.post(path, json=given)
    position = await cast.post("minfin_reviewer", "/rounds/1/positions", stated)
    assert (position["signatory"], position["deputy_for"]) == (deputy, signatory)
    assert len((await cast["minfin"].client.get(path)).json()["items"]) == 2
    assert (await cast["infra"].client.get(path)).status_code == 403


async def test_A13_a_detached_signature_is_kept_as_it_came_and_called_not_verified(cast: Cast) -> None:
    revision, _ = await opened(cast)
    await cast.state("minfin", 1, revision)
    signature = bytes.fromhex("3082010006092a864886f70d010702") + b"\x00" * 64
    path = f"/api/v1/acts/{cast.act}/rounds/1/signatures"

    async def attach(who: str, content: bytes, body: str = "minfin") -> Any:
        return await cast[who].client.post(path, files={"file": ("позиція.p7s", content)}, data={"body": body})

    assert (await attach("minfin", b"\xff\xd8\xff\xe0 a photograph")).status_code == 415
    assert (await attach("minfin_reviewer", signature)).status_code == 403
    assert (await attach("infra", signature, "minrozvytku")).status_code == 404
    made = (await attach("minfin", signature)).json()
    assert (made["verification"], made["revision_hash"], made["file_name"]) == ("not_verified", revision["hash"], "позиція.p7s")
    assert (await cast.row("minfin"))["signatures"] == [made]
    file = await cast.call("infra", "GET", f"/signatures/{made['id']}")
    assert file.content == signature
    assert (await cast.call("outsider", "GET", f"/signatures/{made['id']}")).status_code == 404


async def test_I12_a_body_sees_only_the_approvals_it_takes_part_in(cast: Cast) -> None:
    await opened(cast)
    for path in ("/approval", "/rounds", "/rounds/1", "/rounds/1/papers/protocol", "/rounds/1/bodies/minfin/difference"):
        assert (await cast.call("outsider", "GET", path)).status_code == 404
        assert (await cast.call("minfin", "GET", path)).status_code == 200
    assert await cast.inbox("outsider") == []
    assert (await cast.call("minfin", "GET", "/rounds/1/papers/вірш")).status_code == 404
    assert (await cast.call("minfin", "GET", "/rounds/1/bodies/moz/difference")).status_code == 404


async def test_A14_a_body_that_was_asked_is_not_shut_out_to_count_its_silence_as_agreement(cast: Cast) -> None:
    await opened(cast)
    path = "/bodies/minfin"
    assert await cast.refused("lead", path, None, "DELETE") == (409, "conflict")
    assert await cast.refused("lead", path, {"part": "reader"}, "PUT") == (409, "conflict")
    assert (await cast.call("lead", "PUT", path, {"part": "co_developer"})).status_code == 200
    assert (await cast.call("lead", "DELETE", "/bodies/skmu")).status_code == 204


async def test_A16_people_in_the_room_are_told_when_a_round_or_a_position_changes(cast: Cast) -> None:
    async with cast.desk("infra") as desk:
        revision, _ = await opened(cast)
        assert (await desk.told_of("approval"))["what"] == "round"
        await cast.state("minfin", 1, revision)
        assert await desk.told_of("approval") == {"type": "approval", "what": "position", "round": 1, "body": "minfin"}


async def test_A15_each_sees_what_waits_for_them_with_the_nearest_deadline_first(cast: Cast) -> None:
    revision, round_ = await opened(cast)
    items = (await cast["minfin"].client.get("/api/v1/inbox")).json()["items"]
    due = next(one["due_at"] for one in round_["requests"] if one["body"] == "minfin")
    assert [(one["what"], one["act"], one["round"], one["revision"], one["due_at"], one["days_left"]) for one in items] == [
        ("state_position", cast.act, 1, 1, due, 10)
    ]
    await cast.state("minfin", 1, revision)
    assert await cast.inbox("minfin") == []
    assert await cast.inbox("minfin_reviewer") == []
