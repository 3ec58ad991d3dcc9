"""Signing in from outside: what is told, what is not, and how often one may try."""

from pathlib import Path

import httpx2
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from server.access.actor import Actor
from server.access.roles import GlobalRole
from server.accounts.demo import PEOPLE
from server.accounts.model import PersonChange
from server.auth.authenticator import cookie_name
from server.auth.credentials import secret_hash
from server.db.tables import sessions, throttles, users
from server.events.store import SYSTEM, read_page
from server.ids import BodyCode, UserId
from tests.site import CSRF, PASSWORD, Site, open_site

EMAIL = "oksana.koval@mvs.gov.ua"
ROOT = Actor(UserId("system"), "", BodyCode("skmu"), GlobalRole.ADMIN)
DAY_S = 24 * 3600


async def try_in(client: httpx2.AsyncClient, password: str, email: str = EMAIL) -> httpx2.Response:
    return await client.post("/api/v1/session", json={"email": email, "password": password})


async def test_the_right_password_opens_a_session_and_the_cookie_cannot_be_read_by_scripts(site: Site) -> None:
    person = await site.add_person(EMAIL)
    client = await site.client()
    answer = await try_in(client, PASSWORD)
    assert answer.json() == {
        "user": person.id,
        "expires_at": site.clock() + 14 * DAY_S * 1000,
        "must_change_password": False,
        "token": None,
    }
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith("zlahoda=zls_")
    assert {attribute.lower() for attribute in attributes} == {"httponly", "path=/", "samesite=lax", f"max-age={14 * DAY_S}"}
    assert (await client.get("/api/v1/me")).json()["name"] == "Оксана Коваль"


async def test_behind_tls_the_cookie_is_bound_to_the_host(site: Site) -> None:
    await site.add_person(EMAIL)
    client = await site.client(address="https://zlahoda.gov.ua", headers=CSRF)
    cookie = (await try_in(client, PASSWORD)).headers["set-cookie"]
    assert cookie.startswith("__Host-zlahoda=zls_")
    assert {"secure", "httponly", "path=/"} <= {part.lower() for part in cookie.split("; ")}
    assert "domain" not in cookie.lower()
    assert (await client.get("/api/v1/me")).status_code == 200
    plain = await site.client(headers={"cookie": f"zlahoda={client.cookies[cookie_name(secure=True)]}"}, address="https://zlahoda.gov.ua")
    assert (await plain.get("/api/v1/me")).status_code == 401


async def test_only_the_hash_of_a_secret_is_stored(site: Site) -> None:
    client = await site.new_browser(EMAIL)
    secret = client.cookies["zlahoda"]
    rows = await site.parts.database.read(lambda connection: connection.execute(select(sessions)).mappings().all())
    assert [row["secret_hash"] for row in rows] == [secret_hash(secret)]
    assert secret not in str([dict(row) for row in rows])


async def test_a_token_is_given_only_when_asked_for_and_works_as_bearer_and_in_the_address(site: Site) -> None:
    await site.add_person(EMAIL)
    script = await site.client()
    token = (await script.post("/api/v1/session", json={"email": EMAIL, "password": PASSWORD, "token": True})).json()["token"]
    script.cookies.clear()
    assert (await script.get("/api/v1/me")).status_code == 401
    assert (await script.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})).status_code == 200
    assert (await script.get("/api/v1/me", params={"token": token})).status_code == 200
    assert (await script.get("/api/v1/me", headers={"authorization": f"Basic {token}"})).status_code == 401


async def test_a_wrong_credential_is_not_saved_by_a_right_cookie(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    assert (await browser.get("/api/v1/me", headers={"authorization": "Bearer zlt_wrong"})).status_code == 401
    assert (await browser.get("/api/v1/me", params={"token": "zlt_wrong"})).status_code == 401


@pytest.mark.parametrize("typed", ["  Oksana.Koval@MVS.gov.ua ", "OKSANA.KOVAL@mvs.gov.ua"])
async def test_the_email_is_compared_without_case_and_spaces(site: Site, typed: str) -> None:
    await site.add_person(EMAIL)
    assert (await try_in(await site.client(), PASSWORD, typed)).status_code == 200


async def test_a_password_typed_in_another_unicode_form_is_the_same_password(site: Site) -> None:
    await site.add_person(EMAIL)
    assert (await try_in(await site.client(), PASSWORD.replace("й", "и\u0306").replace("ї", "і\u0308"))).status_code == 200


async def test_an_unknown_person_costs_the_same_work_and_gets_the_same_answer_as_a_wrong_password(site: Site) -> None:
    await site.add_person(EMAIL)
    client = await site.client()
    before = site.parts.passwords.hash_count
    wrong = await try_in(client, "не той пароль зовсім")
    between = site.parts.passwords.hash_count
    unknown = await try_in(client, "не той пароль зовсім", "nobody@mvs.gov.ua")
    after = site.parts.passwords.hash_count
    assert between - before == after - between == 1
    for content in (first := wrong.json(), second := unknown.json()):
        del content["instance"]
    assert first == second
    assert wrong.status_code == unknown.status_code == 401
    assert first["detail"] == "Неправильна пошта або пароль."


async def test_a_disabled_person_is_told_so_only_with_the_right_password(site: Site) -> None:
    person = await site.add_person(EMAIL)
    await site.parts.accounts.change(ROOT, person.id, PersonChange(disabled=True))
    client = await site.client()
    assert (await try_in(client, "не той пароль зовсім")).json()["detail"] == "Неправильна пошта або пароль."
    assert (await try_in(client, PASSWORD)).status_code == 403


async def test_session_fixation_a_secret_chosen_by_somebody_else_is_never_taken_over(site: Site) -> None:
    await site.add_person(EMAIL)
    chosen = "zls_chosen_by_an_attacker"
    victim, attacker = (
        await site.client(headers={"cookie": f"zlahoda={chosen}", **CSRF}),
        await site.client(headers={"cookie": f"zlahoda={chosen}"}),
    )
    answer = await try_in(victim, PASSWORD)
    assert answer.status_code == 200
    assert chosen not in answer.headers["set-cookie"]
    assert (await attacker.get("/api/v1/me")).status_code == 401


async def test_signing_in_again_ends_the_session_that_was_in_the_browser(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    old = browser.cookies["zlahoda"]
    await try_in(browser, PASSWORD)
    assert browser.cookies["zlahoda"] != old
    assert (await (await site.client()).get("/api/v1/me", params={"token": old})).status_code == 401
    assert any(change.session for change in site.changes)


async def test_signing_out_ends_the_session_for_good_and_clears_the_cookie(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    secret = browser.cookies["zlahoda"]
    answer = await browser.delete("/api/v1/session")
    assert answer.status_code == 204
    assert 'zlahoda="";' in answer.headers["set-cookie"]
    assert (await browser.get("/api/v1/me", params={"token": secret})).status_code == 401
    assert [change.session is not None for change in site.changes] == [True]
    assert (await browser.delete("/api/v1/session")).status_code == 204


async def test_ten_failures_on_one_account_from_one_address_close_it_for_that_address(site: Site) -> None:
    await site.add_person(EMAIL)
    client, elsewhere = await site.client(peer="203.0.113.5"), await site.client(peer="203.0.113.6")
    assert [(await try_in(client, f"здогад номер {number}")).status_code for number in range(12)] == [401] * 10 + [429] * 2
    refused = await try_in(client, PASSWORD)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "900"
    assert (await try_in(elsewhere, PASSWORD)).status_code == 200
    site.clock.advance(seconds=901)
    assert (await try_in(client, PASSWORD)).status_code == 200


async def test_guessing_one_account_from_many_addresses_is_stopped(site: Site) -> None:
    await site.add_person(EMAIL)
    answers = [(await try_in(await site.client(peer=f"198.51.100.{number}"), "здогад")).status_code for number in range(52)]
    assert answers == [401] * 50 + [429] * 2


async def test_guessing_many_accounts_from_one_network_is_stopped(site: Site) -> None:
    answers = []
    for number in range(202):
        client = await site.client(peer=f"2001:db8::{number:x}")
        answers.append((await try_in(client, "здогад", f"person{number}@mvs.gov.ua")).status_code)
    assert answers == [401] * 200 + [429] * 2


async def test_a_throttled_attempt_costs_no_hashing(site: Site) -> None:
    client = await site.client()
    for _ in range(10):
        await try_in(client, "здогад")
    before = site.parts.passwords.hash_count
    assert (await try_in(client, "здогад")).status_code == 429
    assert site.parts.passwords.hash_count == before


async def test_right_passwords_do_not_count_and_old_counts_are_swept(site: Site) -> None:
    await site.add_person(EMAIL)
    client = await site.client(headers=CSRF)
    for _ in range(15):
        assert (await try_in(client, PASSWORD)).status_code == 200
    await try_in(client, "здогад", "nobody@mvs.gov.ua")
    site.clock.advance(seconds=1000)
    await try_in(client, PASSWORD)
    left = await site.parts.database.read(
        lambda connection: connection.execute(select(throttles.c.count).where(throttles.c.count > 0)).all()
    )
    assert left == []


async def test_empty_fields_are_named(site: Site) -> None:
    answer = await (await site.client()).post("/api/v1/session", json={"email": " "})
    assert answer.json()["fields"] == {"email": "Потрібно заповнити.", "password": "Потрібно заповнити."}


async def test_sign_ins_and_outs_are_in_the_audit_by_id(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    await browser.delete("/api/v1/session")
    page = await site.parts.database.read(lambda connection: read_page(connection, SYSTEM))
    assert [event.kind for event in page] == ["session.ended", "session.started", "user.created"]
    assert EMAIL not in str(page)
    assert "Коваль" not in str(page)


async def test_hashes_made_with_weaker_settings_are_renewed_at_sign_in(site: Site) -> None:
    person = await site.add_person(EMAIL)
    weaker = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, hash_len=16).hash(PASSWORD)
    await site.parts.database.write(lambda connection: connection.execute(users.update().values(password_hash=weaker)))
    assert (await try_in(await site.client(), PASSWORD)).status_code == 200
    stored = await site.parts.database.read(
        lambda connection: connection.execute(select(users.c.password_hash).where(users.c.id == person.id)).scalar_one()
    )
    assert stored != weaker
    assert (await try_in(await site.client(), PASSWORD)).status_code == 200


async def test_D16_demo_accounts_come_in_without_a_password_in_a_demo_only(site: Site, tmp_path: Path) -> None:
    assert (await (await site.client()).get("/api/v1/demo")).status_code == 404
    assert (await (await site.client()).post("/api/v1/session", json={"demo": "drafter-mvs"})).status_code == 404
    async with open_site(tmp_path / "demo", demo=True) as show:
        client = await show.client(headers=CSRF)
        listed = (await client.get("/api/v1/demo")).json()["items"]
        assert ("drafter-mvs", "Розробниця МВС") in {(each["key"], each["name"]) for each in listed}
        for each in listed:
            assert (await client.post("/api/v1/session", json={"demo": each["key"]})).status_code == 200
            assert (await client.get("/api/v1/me")).json()["name"] == each["name"]
        assert (await client.post("/api/v1/session", json={"demo": "хтось"})).status_code == 404
        assert (await client.post("/api/v1/session", json={"email": "admin@demo.example", "password": "admin"})).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "zlahoda.gov.ua"},
        {"host": "127.0.0.1.evil.example"},
        {"x-forwarded-for": "203.0.113.5"},
        {"forwarded": "for=1.2.3.4"},
        {"via": "1.1 proxy"},
    ],
)
async def test_D16_demo_accounts_are_closed_to_who_does_not_sit_at_this_machine(tmp_path: Path, headers: dict[str, str]) -> None:
    async with open_site(tmp_path, demo=True) as show:
        client = await show.client(headers=CSRF)
        assert (await client.post("/api/v1/session", json={"demo": "admin"}, headers=headers)).status_code == 404
        assert (await client.get("/api/v1/demo", headers=headers)).status_code == 404
        await client.post("/api/v1/session", json={"demo": "admin"})
        assert (await client.get("/api/v1/me", headers=headers)).status_code == 401


async def test_D16_a_demo_session_is_worth_nothing_once_the_demo_is_over(tmp_path: Path) -> None:
    async with open_site(tmp_path, demo=True) as show:
        token = (await (await show.client()).post("/api/v1/session", json={"demo": "admin", "token": True})).json()["token"]
    async with open_site(tmp_path) as real:
        client = await real.client()
        assert (await client.get("/api/v1/me", params={"token": token})).status_code == 401
        kept = await real.parts.database.read(lambda connection: connection.execute(select(func.count()).select_from(users)).scalar_one())
        assert kept == len(PEOPLE)


async def test_every_attempt_to_sign_in_is_counted_by_how_it_ended(site: Site) -> None:
    counted = site.parts.metrics.sign_ins
    await site.add_person(EMAIL)
    for password in (PASSWORD, "не той пароль ґ", PASSWORD):
        await try_in(await site.client(), password)
    await (await site.client()).post("/api/v1/session", json={"demo": "admin"})
    samples = {sample.labels["outcome"]: sample.value for sample in next(iter(counted.collect())).samples if sample.name.endswith("_total")}
    assert samples == {"signed-in": 2, "not-signed-in": 1, "not-found": 1}
