"""Comments and their threads over HTTP and in the room. Rules: docs/spec/suggestions.md, C1 to C8."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from server.comments.markdown import to_html
from server.events.store import read_page
from tests.suggestions.cast import PEOPLE, Cast, new_id

ANYWHERE: dict[str, Any] = {"kind": "act"}


def stretch(bid: str = "u1", quote: str = "їжак 😀") -> dict[str, Any]:
    """Words of one block."""
    return {"bid": bid, "text": [1, 0], "ranges": [[1, 1, 6]], "quote": quote, "before": "", "after": "", "at": 0}


def passage(*stretches: dict[str, Any]) -> dict[str, Any]:
    """Words of several blocks."""
    return {"kind": "passage", "stretches": list(stretches)}


def delete_all(table: str, connection: Connection) -> None:
    connection.execute(text(f"DELETE FROM {table}"))


def comment(cast: Cast, words: str = "Чому саме «будівля»?", **more: Any) -> dict[str, Any]:
    return {"document": cast.act, "anchor": ANYWHERE, "text": words, **more}


async def test_C1_everyone_with_the_right_to_comment_needs_no_other_right(cast: Cast) -> None:
    answers = {who: (await cast.call(who, "POST", "/comments", comment(cast))).status_code for who in ["lead", *PEOPLE]}
    assert {who for who, status in answers.items() if status == 201} == {
        "lead", "drafter", "second", "reviewer", "colleague", "signatory", "stranger",
    }  # fmt: skip
    assert (answers["reader"], answers["admin"], answers["outsider"]) == (403, 403, 404)


async def test_C2_a_thread_is_seen_by_its_body_until_it_is_released_and_so_is_every_reply(cast: Cast) -> None:
    thread = await cast.post("reviewer", "/comments", comment(cast))
    path = f"/comments/{thread['id']}"
    assert (thread["author"], thread["body"], thread["audience"]) == (cast["reviewer"].id, "minfin", "body")
    for who in ("lead", "drafter", "stranger"):
        assert (await cast.get(who, "/comments"))["items"] == []
        assert (await cast.call(who, "POST", f"{path}/replies", {"text": "ґ"})).status_code == 404
    assert [one["id"] for one in (await cast.get("reader", "/comments"))["items"]] == [thread["id"]]
    assert (await cast.call("reviewer", "POST", f"{path}/release", {})).status_code == 403
    await cast.post("signatory", f"{path}/release", {})
    await cast.post("stranger", f"{path}/replies", {"text": "Мін'юст, між собою"})
    await cast.post("drafter", f"{path}/replies", {"text": "Виправимо", "release": True})
    assert (await cast.call("stranger", "POST", f"{path}/replies", {"text": "нишком", "release": True})).status_code == 403
    seen = {who: [one["text"] for one in (await cast.get(who, "/comments"))["items"][0]["comments"]] for who in ("reviewer", "stranger")}
    assert seen == {
        "reviewer": ["Чому саме «будівля»?", "Виправимо"],
        "stranger": ["Чому саме «будівля»?", "Мін'юст, між собою", "Виправимо"],
    }


async def test_C2_the_room_hears_each_thread_as_each_body_may_see_it(cast: Cast) -> None:
    async with cast.desk("colleague") as own, cast.desk("drafter") as far:
        thread = await cast.post("reviewer", "/comments", comment(cast))
        assert (await own.told_of("comment"))["thread"] == thread
        assert [one for one in await far.everything_heard() if one["type"] == "comment"] == []
        await cast.post("signatory", f"/comments/{thread['id']}/release", {})
        assert (await far.told_of("comment"))["thread"]["comments"][0]["text"] == "Чому саме «будівля»?"
        await cast.post("reviewer", f"/comments/{thread['id']}/replies", {"text": "лише нам"})
        assert len((await far.told_of("comment"))["thread"]["comments"]) == 1
        await own.told_of("comment")
        assert len((await own.told_of("comment"))["thread"]["comments"]) == 2


async def test_C3_only_its_author_changes_a_comment_and_a_trace_stays(cast: Cast) -> None:
    thread = await cast.post("reviewer", "/comments", comment(cast))
    path = f"/comments/{thread['id']}"
    for who, status in (("colleague", 403), ("drafter", 404), ("reader", 403)):
        assert (await cast.call(who, "PATCH", path, {"text": "чуже"})).status_code == status
        assert (await cast.call(who, "DELETE", path)).status_code == status
    cast.site.clock.advance(seconds=5)
    edited = (await cast.call("reviewer", "PATCH", path, {"text": "Інакше **їжак**"})).json()["comments"][0]
    assert (edited["text"], edited["edited_at"]) == ("Інакше **їжак**", cast.site.clock())
    assert edited["html"] == "<p>Інакше <strong>їжак</strong></p>\n"
    gone = (await cast.call("reviewer", "DELETE", path)).json()["comments"][0]
    assert (gone["text"], gone["html"], gone["deleted_at"]) == ("", "", cast.site.clock())
    assert (await cast.call("reviewer", "PATCH", path, {"text": "назад"})).status_code == 404
    kinds = [event.kind for event in await cast.site.parts.database.read(lambda connection: read_page(connection, cast.act))]
    assert kinds[:3] == ["comment.deleted", "comment.edited", "comment.made"]


async def test_C4_only_those_who_would_see_a_comment_can_be_mentioned(cast: Cast) -> None:
    async def status(people: list[str], bodies: list[str], who: str = "reviewer", **more: Any) -> int:
        mentions = {"people": [cast[one].id if one in cast.people else one for one in people], "bodies": bodies}
        return (await cast.call(who, "POST", "/comments", comment(cast, mentions=mentions, **more))).status_code

    assert await status(["colleague", "reader"], ["minfin"]) == 201
    assert await status(["drafter"], []) == 422
    assert await status([], ["mvs"]) == 422
    assert await status(["outsider"], [], who="lead", release=True) == 422
    assert await status(["f" * 32], []) == 422
    assert await status([], ["mindigital"], who="lead", release=True) == 422
    assert await status(["reviewer", "stranger"], ["minfin", "minjust"], who="lead", release=True) == 201


async def test_C5_a_thread_is_settled_by_its_body_or_a_drafter_and_can_be_opened_again(cast: Cast) -> None:
    thread = await cast.post("lead", "/comments", comment(cast, release=True))
    path = f"/comments/{thread['id']}"
    assert (await cast.call("stranger", "POST", f"{path}/resolve", {})).status_code == 403
    resolved = await cast.post("drafter", f"{path}/resolve", {})
    assert (resolved["status"], resolved["resolved_by"]) == ("resolved", cast["drafter"].id)
    assert await cast.post("second", f"{path}/resolve", {}) == resolved
    assert (await cast.post("second", f"{path}/reopen", {}))["status"] == "open"


async def test_C6_reactions_are_few_and_count_once(cast: Cast) -> None:
    thread = await cast.post("lead", "/comments", comment(cast, release=True))
    path = f"/comments/{thread['id']}/reactions"
    for _ in range(2):
        await cast.post("reviewer", path, {"kind": "agree"})
    after = await cast.post("stranger", path, {"kind": "agree"})
    assert after["comments"][0]["reactions"] == [{"kind": "agree", "people": sorted([cast["reviewer"].id, cast["stranger"].id])}]
    back = await cast.post("reviewer", path, {"kind": "agree", "given": False})
    assert back["comments"][0]["reactions"] == [{"kind": "agree", "people": [cast["stranger"].id]}]
    assert (await cast.call("reader", "POST", path, {"kind": "agree"})).status_code == 403
    assert (await cast.call("reviewer", "POST", path, {"kind": "<script>"})).status_code == 422


async def test_C7_a_comment_sent_again_under_its_id_is_one_comment(cast: Cast) -> None:
    sent = comment(cast, id=new_id())
    thread = await cast.post("reviewer", "/comments", sent)
    assert await cast.post("reviewer", "/comments", sent) == thread
    reply = {"id": new_id(), "text": "ще раз"}
    again = [await cast.post("colleague", f"/comments/{thread['id']}/replies", reply) for _ in range(2)]
    assert again[0] == again[1]
    assert len(again[1]["comments"]) == 2
    assert (await cast.call("colleague", "POST", "/comments", sent)).status_code == 409
    assert (await cast.call("colleague", "POST", "/comments", comment(cast, id="Z" * 32))).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
     {"text": ""}, {"text": " \n "}, {"text": "злам\u202eано"}, {"text": "нуль\u200bова"}, {"text": "ж" * 10_001},
     {"anchor": {"kind": "нота"}},
     {"anchor": {"kind": "unit", "bid": "", "quote": ""}}, {"anchor": passage()}, {"anchor": passage(stretch())},
     {"anchor": passage(stretch(), {**stretch("u2"), "kind": "range"})}, {"anchor": passage(stretch(), {**stretch("u2"), "bid": "ж" * 99})},
     {"anchor": passage(*[stretch()] * 101)}, {"anchor": passage(*[stretch(quote="ж" * 20_000)] * 6)},
     {"document": "0" * 32}, {"suggestion": "f" * 32}, {"author": "хтось"},
     {"audience": "act"}, {"mentions": {"people": ["1"] * 51}},
    ],
)  # fmt: skip
async def test_C7_a_malformed_comment_is_refused_and_nothing_is_stored(cast: Cast, wrong: dict[str, Any]) -> None:
    assert (await cast.call("reviewer", "POST", "/comments", {**comment(cast), **wrong})).status_code in {404, 422}
    assert (await cast.get("reviewer", "/comments"))["items"] == []


async def test_C7_a_comment_may_be_about_words_of_several_blocks(cast: Cast) -> None:
    about = passage(stretch("u1"), stretch("u2", "ґанок"), stretch("u3", "край"))
    thread = await cast.post("signatory", "/comments", comment(cast, anchor=about))
    assert thread["anchor"] == about
    remark = await cast.post("signatory", f"/comments/{thread['id']}/remark", {"proposed": "виключити"})
    assert remark["bid"] == "u1"


async def test_C7_a_suggestion_carries_its_own_thread(cast: Cast) -> None:
    hidden, shown = await cast.propose(), await cast.propose(released=True)
    about = comment(cast, suggestion=shown["id"])
    thread = await cast.post("drafter", "/comments", {**about, "release": True})
    assert [one["id"] for one in (await cast.get("stranger", f"/comments?suggestion={shown['id']}"))["items"]] == [thread["id"]]
    assert (await cast.call("drafter", "POST", "/comments", comment(cast, suggestion=hidden["id"]))).status_code == 404
    await cast.post("reviewer", f"/comments/{thread['id']}/replies", {"text": "Так, є підстави"})


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[ж](javascript:alert(1))", "<p>[ж](javascript:alert(1))</p>\n"),
        ("[ж](//зло.укр)", "<p>[ж](//зло.укр)</p>\n"),
        ("[ж](data:text/html,ж)", "<p>[ж](data:text/html,ж)</p>\n"),
        ("[ж](https://rada.gov.ua)", '<p><a href="https://rada.gov.ua" rel="noopener noreferrer nofollow">ж</a></p>\n'),
        ('<img src=x onerror="alert(1)">', '<p>&lt;img src=x onerror="alert(1)"&gt;</p>\n'),
        ("~~старе~~ *нове*", "<p><s>старе</s> <em>нове</em></p>\n"),
        ("- їжак\n- ґанок", "<ul>\n<li>їжак</li>\n<li>ґанок</li>\n</ul>\n"),
    ],
)
def test_C8_markdown_becomes_safe_html(words: str, html: str) -> None:
    assert to_html(words) == html


async def test_C8_the_database_itself_keeps_every_comment(cast: Cast) -> None:
    await cast.post("reviewer", "/comments", comment(cast))
    for table in ("comments", "comment_threads"):
        with pytest.raises(DBAPIError, match="never deleted"):
            await cast.site.parts.database.write(partial(delete_all, table))
