"""Formal remarks (зауваження): who sends them, who answers, and that they stay. Rules: docs/spec/suggestions.md, Z1 to Z4."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.events.store import read_page
from tests.suggestions.cast import PEOPLE, Cast


async def test_Z1_only_somebody_who_speaks_for_the_body_sends_a_remark_and_it_releases_what_it_rests_on(cast: Cast) -> None:
    made = await cast.propose("reviewer")
    path = f"/suggestions/{made['id']}/remark"
    given = {"text": "Суперечить Бюджетному кодексу", "proposed": "будівлею або спорудою"}
    for who in ("lead", "drafter", "reviewer", "colleague", "reader", "admin", "stranger", "outsider"):
        assert (await cast.call(who, "POST", path, given)).status_code in {403, 404}
    remark = await cast.post("signatory", path, given)
    assert (remark["number"], remark["body"], remark["author"], remark["bid"]) == (1, "minfin", cast["signatory"].id, "u1")
    assert remark["change"] == {"kind": "text", "change": made["change"], "version": 1}
    assert (remark["text"], remark["proposed"], remark["answers"]) == (given["text"], given["proposed"], [])
    for who in ("lead", "stranger", "reader"):
        assert (await cast.get(who, "/remarks"))["items"] == [remark]
        shown = (await cast.get(who, "/suggestions"))["items"][0]
        assert (shown["audience"], shown["remarked"]) == ("act", True)
    assert await cast.get("outsider", "/remarks") == 404
    assert await cast.refused("signatory", path, given) == (409, "remarked")


async def test_Z2_what_a_remark_rests_on_no_longer_changes(cast: Cast) -> None:
    made = await cast.propose("reviewer")
    await cast.post("signatory", f"/suggestions/{made['id']}/remark", {})
    assert await cast.refused("reviewer", "/suggestions", {**cast.proposal("інше"), "id": made["id"], "version": 1}) == (409, "remarked")
    assert await cast.refused("reviewer", f"/suggestions/{made['id']}/withdraw", {"version": 1}) == (409, "remarked")
    thread = await cast.post(
        "signatory", "/comments", {"document": cast.act, "anchor": {"kind": "act"}, "text": "Не погоджено з Мінекономіки"}
    )
    remark = await cast.post("signatory", f"/comments/{thread['id']}/remark", {"bid": "u7", "proposed": "виключити"})
    assert (remark["number"], remark["text"], remark["bid"], remark["change"]) == (2, "Не погоджено з Мінекономіки", "u7", None)
    path = f"/comments/{thread['id']}"
    assert await cast.refused("signatory", path, {"text": "інше"}, "PATCH") == (409, "remarked")
    assert await cast.refused("signatory", path, None, "DELETE") == (409, "remarked")
    assert await cast.refused("signatory", f"{path}/remark", {}) == (409, "remarked")
    seen = (await cast.get("lead", "/comments"))["items"][0]["comments"][0]
    assert (seen["remarked"], seen["audience"]) == (True, "act")


async def test_Z3_the_lead_answers_with_a_result_and_a_reason_and_every_answer_is_kept(cast: Cast) -> None:
    made = await cast.propose("reviewer")
    async with cast.desk("reviewer") as desk:
        remark = await cast.post("signatory", f"/suggestions/{made['id']}/remark", {})
        assert (await desk.told_of("remark"))["remark"] == remark
        path = f"/remarks/{remark['id']}/answer"
        answer = {"result": "declined", "reason": "Термін визначено законом"}
        for who in PEOPLE:
            assert (await cast.call(who, "POST", path, answer)).status_code in {403, 404}
        for wrong in ({"result": "так", "reason": "ж"}, {"result": "partly", "reason": " "}, {"result": "partly"}):
            assert (await cast.refused("lead", path, wrong))[0] == 422
        await cast.post("lead", path, answer)
        last = await cast.post("lead", path, {"result": "partly", "reason": "Враховано в частині другій"})
        assert [(one["result"], one["who"], one["body"]) for one in last["answers"]] == [
            ("declined", cast["lead"].id, "mvs"),
            ("partly", cast["lead"].id, "mvs"),
        ]
        await desk.told_of("remark")
        assert (await desk.told_of("remark"))["remark"] == last
    assert (await cast.refused("lead", f"/remarks/{'f' * 32}/answer", answer))[0] == 404
    page = await cast.site.parts.database.read(lambda connection: read_page(connection, cast.act))
    assert [event.kind for event in page][:2] == ["remark.answered", "remark.answered"]
    assert "Термін" not in str([event.payload for event in page])


@pytest.mark.parametrize("table", ["remarks", "remark_answers"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at = 0", "DELETE FROM {}"])
async def test_Z4_the_database_itself_refuses_to_change_a_remark_or_an_answer(cast: Cast, table: str, change: str) -> None:
    made = await cast.propose("reviewer")
    remark = await cast.post("signatory", f"/suggestions/{made['id']}/remark", {})
    await cast.post("lead", f"/remarks/{remark['id']}/answer", {"result": "accepted", "reason": "Враховано"})
    with pytest.raises(DBAPIError, match="never change"):
        await cast.site.parts.database.write(lambda connection: connection.execute(text(change.format(table))))
