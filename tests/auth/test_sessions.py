"""Sessions, tokens and tickets after sign-in: how long they last, and how they end at once."""

import httpx2
import pytest
from starlette.requests import HTTPConnection

from server.access.actor import ActAccess, Actor
from server.access.change import AccessChange
from server.access.roles import GlobalRole, Role
from server.accounts.model import Person, PersonChange
from server.errors import Forbidden, NotFound, NotSignedIn, ZlahodaError
from server.ids import ActId, BodyCode, UserId
from tests.site import CSRF, PASSWORD, Site

EMAIL = "oksana.koval@mvs.gov.ua"
ACT, OTHER_ACT = ActId("a" * 32), ActId("b" * 32)
ROOT = Actor(UserId("system"), "", BodyCode("skmu"), GlobalRole.ADMIN)
HOUR_S = 3600


async def actor_of(site: Site, secret: str) -> Actor:
    """Who a secret stands for when it is said on this machine."""
    return await site.parts.authenticator.from_token(secret, HTTPConnection({"type": "websocket", "headers": [(b"host", b"localhost")]}))


async def is_in(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/api/v1/me")).status_code == 200


async def test_a_session_at_work_lasts_until_its_last_day_and_no_longer(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    for _ in range(13):
        site.clock.advance(seconds=24 * HOUR_S)
        assert await is_in(browser)
    site.clock.advance(seconds=24 * HOUR_S)
    assert not await is_in(browser)


async def test_a_session_nobody_uses_ends_after_three_days(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    site.clock.advance(seconds=72 * HOUR_S - 1)
    assert await is_in(browser)
    site.clock.advance(seconds=72 * HOUR_S)
    assert not await is_in(browser)


async def test_on_a_shared_computer_a_session_ends_after_half_an_hour_of_rest_and_with_the_browser(site: Site) -> None:
    await site.add_person(EMAIL)
    browser = await site.client(headers=CSRF)
    answer = await browser.post("/api/v1/session", json={"email": EMAIL, "password": PASSWORD, "shared_computer": True})
    assert "max-age" not in answer.headers["set-cookie"].lower()
    for _ in range(20):
        site.clock.advance(seconds=1790)
        assert await is_in(browser)
    site.clock.advance(seconds=1800)
    assert not await is_in(browser)


async def test_on_a_shared_computer_twelve_hours_are_the_end_even_at_work(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    await browser.post("/api/v1/session", json={"email": EMAIL, "password": PASSWORD, "shared_computer": True})
    for _ in range(47):
        site.clock.advance(seconds=900)
        assert await is_in(browser)
    site.clock.advance(seconds=900)
    assert not await is_in(browser)


async def test_the_device_list_shows_where_one_is_signed_in_and_ends_any_of_them(site: Site) -> None:
    await site.add_person(EMAIL)
    phone = await site.client(peer="203.0.113.5", headers={"user-agent": "Phone " + "x" * 400, **CSRF})
    await phone.post("/api/v1/session", json={"email": EMAIL, "password": PASSWORD})
    site.clock.advance(seconds=1)
    laptop = await site.browser(EMAIL)
    devices = (await laptop.get("/api/v1/sessions")).json()["items"]
    assert [(device["address"], device["current"]) for device in devices] == [("127.0.0.1", True), ("203.0.113.5", False)]
    assert devices[1]["user_agent"] == "Phone " + "x" * 294
    assert (await laptop.delete(f"/api/v1/sessions/{devices[1]['id']}")).status_code == 204
    assert not await is_in(phone)
    assert await is_in(laptop)
    assert site.changes == [AccessChange(session=devices[1]["id"])]


async def test_all_other_devices_end_at_once(site: Site) -> None:
    await site.add_person(EMAIL)
    browsers = [await site.browser(EMAIL) for _ in range(3)]
    assert (await browsers[0].delete("/api/v1/sessions")).json() == {"revoked": 2}
    assert [await is_in(browser) for browser in browsers] == [True, False, False]


async def test_nobody_ends_somebody_elses_session_or_token(site: Site) -> None:
    mine, theirs = await site.new_browser(EMAIL), await site.new_browser("andrii@minfin.gov.ua", body="minfin")
    session = (await theirs.get("/api/v1/sessions")).json()["items"][0]["id"]
    token = (await theirs.post("/api/v1/tokens", json={"name": "сценарій"})).json()["id"]
    assert (await mine.delete(f"/api/v1/sessions/{session}")).status_code == 404
    assert (await mine.delete(f"/api/v1/tokens/{token}")).status_code == 404
    assert await is_in(theirs)


async def test_an_api_token_is_shown_once_works_until_revoked_and_is_listed_without_its_secret(site: Site) -> None:
    browser, script = await site.new_browser(EMAIL), await site.client()
    made = (await browser.post("/api/v1/tokens", json={"name": "Щоденний експорт"})).json()
    script.headers["authorization"] = f"Bearer {made['token']}"
    assert await is_in(script)
    listed = (await browser.get("/api/v1/tokens")).json()["items"]
    assert [(token["id"], token["name"]) for token in listed] == [(made["id"], "Щоденний експорт")]
    assert made["token"] not in str(listed)
    assert (await browser.delete(f"/api/v1/tokens/{made['id']}")).status_code == 204
    assert not await is_in(script)
    assert site.changes == [AccessChange(session=made["id"])]


async def test_an_api_token_with_days_expires(site: Site) -> None:
    browser, script = await site.new_browser(EMAIL), await site.client()
    script.headers["authorization"] = (
        f"Bearer {(await browser.post('/api/v1/tokens', json={'name': 'на день', 'days': 1})).json()['token']}"
    )
    site.clock.advance(seconds=24 * HOUR_S - 1)
    assert await is_in(script)
    site.clock.advance(seconds=1)
    assert not await is_in(script)


async def test_a_person_has_at_most_fifty_tokens(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    answers = [(await browser.post("/api/v1/tokens", json={"name": f"№ {number}"})).status_code for number in range(51)]
    assert answers == [201] * 50 + [422]


async def read_access(act: ActId) -> ActAccess:
    """An act of МВС in which everybody named in `MEMBERS` drafts."""
    if act != ACT:
        raise NotFound
    return ActAccess(ACT, BodyCode("mvs"), {}, {user: frozenset({Role.DRAFTER}) for user in MEMBERS})


MEMBERS: set[UserId] = set()


async def ticket_of(site: Site, person: Person, secret: str) -> str:
    """A ticket for `ACT`, bought with a session's or token's secret."""
    MEMBERS.add(person.id)
    bearer = await site.parts.authenticator.bearer_of_secret(secret)
    ticket, expires_at = await site.parts.auth.create_ticket(bearer, ACT, read_access)
    assert expires_at == site.clock() + 60_000
    return ticket


@pytest.fixture
async def signed_in(site: Site) -> tuple[Person, str]:
    person = await site.add_person(EMAIL)
    return person, (await site.browser(EMAIL)).cookies["zlahoda"]


async def test_D14_a_ticket_opens_its_act_for_a_minute_on_the_session_it_was_bought_with(site: Site, signed_in: tuple[Person, str]) -> None:
    person, secret = signed_in
    ticket = await ticket_of(site, person, secret)
    actor = await actor_of(site, ticket)
    assert (actor.id, actor.only_act) == (person.id, ACT)
    assert actor.session == (await actor_of(site, secret)).session
    site.clock.advance(seconds=60)
    with pytest.raises(NotSignedIn):
        await actor_of(site, ticket)
    assert set(await site.parts.authenticator.standing([actor.session])) == {actor.session}


async def test_D14_a_ticket_is_good_for_nothing_else(site: Site, signed_in: tuple[Person, str]) -> None:
    ticket = await ticket_of(site, *signed_in)
    client = await site.client()
    for endpoint in site.parts.endpoints:
        if endpoint.access.value != "public":
            address = endpoint.path.replace("{act_id}", OTHER_ACT).replace("{", "").replace("}", "")
            answer = await client.request(endpoint.method, address, params={"token": ticket}, headers={"authorization": f"Bearer {ticket}"})
            assert answer.status_code == 403, address
    with pytest.raises(Forbidden):
        await site.parts.auth.create_ticket(await site.parts.authenticator.bearer_of_secret(ticket), ACT, read_access)


async def test_a_ticket_ends_with_its_session(site: Site, signed_in: tuple[Person, str]) -> None:
    ticket = await ticket_of(site, *signed_in)
    await site.parts.auth.sign_out(signed_in[1])
    with pytest.raises(NotSignedIn):
        await actor_of(site, ticket)


async def test_a_ticket_for_an_act_one_cannot_read_does_not_exist(site: Site, signed_in: tuple[Person, str]) -> None:
    bearer = await site.parts.authenticator.bearer_of_secret(signed_in[1])
    MEMBERS.clear()
    for act in (ACT, OTHER_ACT):
        with pytest.raises(NotFound):
            await site.parts.auth.create_ticket(bearer, act, read_access)


async def test_disabling_a_person_ends_everything_at_once(site: Site, signed_in: tuple[Person, str]) -> None:
    person, secret = signed_in
    _, token = await site.parts.auth.create_token(person.id, "сценарій", days=None, by=person.id)
    ticket = await ticket_of(site, person, secret)
    actors = [await actor_of(site, each) for each in (secret, token, ticket)]
    await site.parts.accounts.change(ROOT, person.id, PersonChange(disabled=True))
    assert site.changes == [AccessChange(user=person.id)]
    assert set(await site.parts.authenticator.standing({actor.session for actor in actors})) == set()
    for each in (secret, token, ticket):
        with pytest.raises(NotSignedIn):
            await actor_of(site, each)
    for actor in actors:
        with pytest.raises(NotSignedIn):
            await site.parts.authenticator.present(actor)


async def test_a_connection_that_lasts_learns_the_body_and_role_of_today(site: Site, signed_in: tuple[Person, str]) -> None:
    person, secret = signed_in
    actor = await actor_of(site, secret)
    await site.parts.accounts.change(
        ROOT, person.id, PersonChange(body=BodyCode("minjust"), role=GlobalRole.AUDITOR, name="Оксана Коваленко")
    )
    today = await site.parts.authenticator.present(actor)
    assert (today.body, today.role, today.name, today.session) == ("minjust", GlobalRole.AUDITOR, "Оксана Коваленко", actor.session)


async def test_a_new_password_ends_the_other_devices_and_tokens_but_not_this_one(site: Site) -> None:
    await site.add_person(EMAIL)
    here, there, script = await site.browser(EMAIL), await site.browser(EMAIL), await site.client()
    script.headers["authorization"] = f"Bearer {(await there.post('/api/v1/tokens', json={'name': 'a'})).json()['token']}"
    answer = await here.post("/api/v1/me/password", json={"current": PASSWORD, "new": "п'ять веселих їжаків"})
    assert answer.status_code == 204
    assert [await is_in(client) for client in (here, there, script)] == [True, False, False]
    assert len(site.changes) == 2
    fresh = await site.client()
    assert (await fresh.post("/api/v1/session", json={"email": EMAIL, "password": PASSWORD})).status_code == 401
    assert (await fresh.post("/api/v1/session", json={"email": EMAIL, "password": "п'ять веселих їжаків"})).status_code == 200


async def test_changing_the_password_needs_the_present_one_and_guessing_it_is_braked(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    answers = [
        (await browser.post("/api/v1/me/password", json={"current": f"здогад {number}", "new": "п'ять веселих їжаків"})).status_code
        for number in range(11)
    ]
    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize(
    "password",
    [
        "коротко",
        "ааааааааааааа",
        "123456789012",
        "qwertyuiop12",
        "йцукенгшщзхї",
        "password1234",
        "Пароль123456",
        "oksana.koval",
        "КовальОксана",
        "abcabcabcabcabc",
        "а" * 201,
    ],
)
async def test_an_easy_password_is_refused_with_a_sentence(site: Site, password: str) -> None:
    browser = await site.new_browser(EMAIL)
    answer = await browser.post("/api/v1/me/password", json={"current": PASSWORD, "new": password})
    assert answer.status_code == 422
    assert answer.json()["fields"].keys() == {"new"}


@pytest.mark.parametrize(
    "password", ["сім синіх слонів спить", "correct horse battery", "Tr0ub4dor&3-київ", "🦔🦊🐻🐺🦉🐝🦋🐌🐞🦂🐢🐍", "mvs-2026-zhovtenX"]
)
async def test_an_honest_password_is_taken(site: Site, password: str) -> None:
    browser = await site.new_browser(EMAIL)
    assert (await browser.post("/api/v1/me/password", json={"current": PASSWORD, "new": password})).status_code == 204


async def test_asking_which_sessions_hold_takes_one_query_and_no_query_for_none(site: Site, signed_in: tuple[Person, str]) -> None:
    actor = await actor_of(site, signed_in[1])
    assert set(await site.parts.authenticator.standing([actor.session, "нема", "0" * 32])) == {actor.session}
    assert set(await site.parts.authenticator.standing([])) == set()
    site.clock.advance(seconds=72 * HOUR_S)
    assert set(await site.parts.authenticator.standing([actor.session])) == set()


async def test_people_at_work_in_a_document_do_not_rest(site: Site, signed_in: tuple[Person, str]) -> None:
    actor = await actor_of(site, signed_in[1])
    for _ in range(5):
        site.clock.advance(seconds=48 * HOUR_S)
        await site.parts.authenticator.touch({actor.session})
    assert set(await site.parts.authenticator.standing([actor.session])) == {actor.session}


def test_every_refusal_has_both_languages() -> None:
    def subclasses(kind: type[ZlahodaError]) -> list[type[ZlahodaError]]:
        return [kind, *[each for child in kind.__subclasses__() for each in subclasses(child)]]

    for kind in subclasses(ZlahodaError):
        assert kind.uk != kind.en
        assert kind().sentence("uk") == kind.uk
        assert kind(uk="так", en="yes").sentence("en") == "yes"
