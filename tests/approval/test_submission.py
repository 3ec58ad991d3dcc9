"""What must hold before an act is submitted: positions, opinion, answers, in sentences. Rules of the table, docs/spec/approval.md."""

from typing import Any

from tests.approval.cast import Cast
from tests.approval.test_rounds import opened


async def ready(cast: Cast, **minfin: Any) -> Any:
    """The lead body may submit, but for what Мінфін's position brought."""
    revision, _ = await opened(cast)
    await cast.state("minfin", 1, revision, **minfin)
    for who in ("infra", "economy", "digital"):
        await cast.state(who, 1, revision)
    await cast.open(revision, [{"body": "minjust"}], kind="legal")
    await cast.state("minjust", 2, revision)
    assert (await cast.approval())["state"] == "ready"
    return revision


async def way(cast: Cast, verb: str) -> dict[str, str]:
    """What a step still needs, as the page shows it."""
    steps = {one["verb"]: one["missing"] for one in (await cast.approval())["steps"]}
    return {one["need"]: one["why"] for one in steps[verb]}


async def test_I6_an_act_with_an_unanswered_remark_is_not_submitted(cast: Cast) -> None:
    await ready(cast, outcome="AGREED_WITH_REMARKS", remarks=[{"text": "Уточнити строк"}])
    assert await way(cast, "submit") == {"answers": "Зауваження без результату розгляду: № 1."}
    answer = await cast.call("lead", "POST", "/steps", {"verb": "submit"})
    assert (answer.status_code, answer.json()["rule"]) == (409, "answers")
    remark = (await cast.get("lead", "/remarks"))["items"][0]
    await cast.post("lead", f"/remarks/{remark['id']}/answer", {"result": "declined", "reason": "Строк визначено законом"})
    assert await way(cast, "submit") == {}
    assert (await cast.post("lead", "/steps", {"verb": "submit"}))["state"] == "submitted"
    assert len((await cast.get("lead", "/rounds/1/papers/disagreements?format=json"))["rows"]) == 1


async def test_the_legal_opinion_counts_for_the_newest_revision_only(cast: Cast) -> None:
    await ready(cast)
    await cast.write("\u00a0 ")  # spaces alone: nobody's position becomes stale
    second = await cast.freeze()
    assert {row["validity"]["state"] for row in (await cast.approval())["bodies"] if row["kind"] == "approval"} == {"valid"}
    missing = await way(cast, "submit")
    assert list(missing) == ["opinion"]
    assert "Мін'юст" in missing["opinion"]
    answer = await cast.call("lead", "POST", "/steps", {"verb": "submit", "revision": second["number"]})
    assert (answer.status_code, answer.json()["rule"]) == (409, "opinion")
    old = await cast.call("lead", "POST", "/steps", {"verb": "submit", "revision": 1})
    assert (old.status_code, old.json()["rule"]) == (409, "current_revision")


async def test_a_stale_position_keeps_an_act_from_legal_expertise_and_names_the_body(cast: Cast) -> None:
    revision, _ = await opened(cast, requests=[{"body": "minfin"}, {"body": "mineconomy"}])
    for who in ("minfin", "economy"):
        await cast.state(who, 1, revision)
    missing = await way(cast, "open_legal")
    assert missing == {"positions": "Немає позиції: Мінцифри."}
    await cast.write("Зовсім інші слова ")
    second = await cast.freeze()
    missing = await way(cast, "open_legal")
    assert missing["positions"] == "Немає позиції: Мінцифри. Позиція втратила чинність: Мінекономіки, Мінфін."
    await cast.open(second, [{"body": "minfin"}, {"body": "mineconomy"}, {"body": "mindigital"}])
    for who in ("minfin", "economy", "digital"):
        await cast.state(who, 2, second, "NOT_COMPETENT")
    assert await way(cast, "open_legal") == {}


async def test_an_english_reader_is_told_in_english(cast: Cast) -> None:
    revision = await cast.freeze()
    given = {"revision": revision["number"], "requests": [{"body": "minfin"}]}
    answer = await cast.call("lead", "POST", "/rounds", given, headers={"accept-language": "en"})
    assert answer.json()["detail"] == "The revision lacks: explanatory note. Add it and freeze a new revision."
    seen = await cast.call("lead", "GET", "/approval", headers={"accept-language": "en"})
    assert (seen.json()["state_label"], seen.json()["procedure_label"]) == ("draft", "Ordinary procedure")


async def test_a_returned_act_goes_round_again_and_keeps_what_was_said(cast: Cast) -> None:
    revision = await ready(cast)
    await cast.post("lead", "/steps", {"verb": "submit"})
    for who in ("drafter", "minfin"):
        assert await cast.refused(who, "/steps", {"verb": "return", "reason": "Комітет"}) == (403, "forbidden")
    assert (await cast.refused("secretariat", "/steps", {"verb": "return"}))[0] == 409
    returned = await cast.post("secretariat", "/steps", {"verb": "return", "reason": "Рішення комітету не виконано"})
    assert returned["state"] == "returned"
    assert {row["position"]["outcome"] for row in returned["bodies"]} == {"AGREED"}
    again = await cast.open(revision, [{"body": "minfin"}])
    assert again["number"] == 3
    for verb in ("open_round", "close_round", "seal"):
        assert (await cast.refused("lead", "/steps", {"verb": verb}))[0] == 422


async def test_a_step_that_wants_a_reason_says_so_before_it_is_taken(cast: Cast) -> None:
    await opened(cast)
    for verb in ("withdraw", "declare_emergency"):
        assert await way(cast, verb) == {"reason": "Потрібно вказати причину."}
        assert (await cast.call("lead", "POST", "/steps", {"verb": verb})).status_code == 409
    assert (await cast.post("lead", "/steps", {"verb": "withdraw", "reason": "Переробимо ґрунтовно"}))["state"] == "withdrawn"
