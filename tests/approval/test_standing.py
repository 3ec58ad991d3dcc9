"""Lists of acts under approval, the quick answer, and who is told when nobody may sign. Rules: docs/spec/approval.md."""

import asyncio

import pytest

from server.approval.assessing import _Kept
from tests.approval.cast import Cast
from tests.approval.test_rounds import REMARK, opened


async def test_A17_a_list_says_who_has_answered_what_and_the_nearest_deadline(cast: Cast) -> None:
    path = f"/api/v1/approvals?acts={cast.act},{'f' * 32},{cast.act},"
    assert (await cast["lead"].client.get(path)).json() == {"items": []}
    revision, round_ = await opened(cast)
    await cast.state("economy", 1, revision, "REFUSED", remarks=[REMARK])
    [told] = (await cast["lead"].client.get(path)).json()["items"]
    due = next(one["due_at"] for one in round_["requests"] if one["body"] == "minfin")
    assert (told["act"], told["round"], told["due_at"], told["days_left"]) == (cast.act, 1, due, 10)
    said = {one["body"]: one["outcome"] for one in told["said"]}
    assert said == {"minfin": None, "minrozvytku": None, "mineconomy": "REFUSED", "mindigital": None}
    assert (await cast["outsider"].client.get(path)).json() == {"items": []}
    await cast.post("lead", "/steps", {"verb": "withdraw", "reason": "Втратив актуальність"})
    [after] = (await cast["minfin"].client.get(path)).json()["items"]
    assert (after["round"], after["due_at"], after["days_left"]) == (0, 0, None)


async def test_A18_the_quick_answer_compares_nothing_and_says_so(cast: Cast) -> None:
    revision, _ = await opened(cast)
    await cast.state("minfin", 1, revision)
    await cast.write("Суттєва зміна 🚦 ")
    await cast.freeze()
    quick = await cast.get("lead", "/approval?assessed=false")
    whole = await cast.approval()
    minfin = {name: next(row for row in seen["bodies"] if row["body"] == "minfin") for name, seen in (("quick", quick), ("whole", whole))}
    assert (quick["assessed"], quick["steps"], minfin["quick"]["validity"]) == (False, [], None)
    assert (whole["assessed"], minfin["whole"]["validity"]["state"]) == (True, "stale")
    assert minfin["quick"]["position"] == minfin["whole"]["position"]


async def test_A15_the_administrator_of_a_body_that_has_nobody_to_sign_is_told(cast: Cast) -> None:
    await opened(cast)
    assert await cast.inbox("infra_admin") == []
    await cast.post("infra_admin", f"/members/{cast['infra'].id}", {"role": "reader"}, "PUT")  # a second role takes nothing away
    assert await cast.inbox("infra_admin") == []
    await cast.post("infra_admin", f"/members/{cast['infra'].id}", {"roles": ["reviewer"]}, "PUT")
    assert await cast.inbox("infra_admin") == [("name_signatory", 1)]
    assert await cast.inbox("minfin_admin") == []


async def test_T6_whoever_owes_a_position_judges_the_revision_of_the_round_whatever_was_frozen_since(cast: Cast) -> None:
    revision, _ = await opened(cast)
    await cast.write("Пізніша зміна ")
    newer = await cast.freeze()
    difference = await cast.get("minfin", "/rounds/1/bodies/minfin/difference")
    assert (difference["to"], difference["to_hash"]) == (revision["number"], revision["hash"])
    await cast.state("minfin", 1, {"hash": difference["to_hash"]})
    after = await cast.get("minfin", "/rounds/1/bodies/minfin/difference")
    assert (after["since"], after["to"], after["to_hash"]) == (revision["number"], newer["number"], newer["hash"])


async def test_A18_what_many_ask_at_once_is_made_once_and_a_failure_is_not_kept() -> None:
    kept: _Kept[str, int] = _Kept()
    made: list[str] = []

    async def make() -> int:
        made.append("begun")
        await asyncio.sleep(0)
        if len(made) == 1:
            raise TimeoutError("the disk")
        return len(made)

    with pytest.raises(TimeoutError):
        await kept.get("1 to 2", make)
    assert await asyncio.gather(*[kept.get("1 to 2", make) for _ in range(30)]) == [2] * 30
    assert await kept.get("1 to 2", make) == 2
    assert len(made) == 2
