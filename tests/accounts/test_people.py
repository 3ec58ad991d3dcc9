"""What administrators do with people, over HTTP: least rights, nothing lost, everything in the audit."""

import asyncio

import httpx2
import pytest
from sqlalchemy import select

from server.access.change import AccessChange
from server.access.roles import GlobalRole
from server.accounts.model import NewPerson, Person
from server.accounts.service import seed_list
from server.db.tables import act_members, documents
from server.events.store import SYSTEM, find_defect, read_page
from server.ids import BodyCode
from tests.site import CSRF, PASSWORD, Site

EMAIL = "oksana.koval@mvs.gov.ua"


@pytest.fixture
async def admin(site: Site) -> httpx2.AsyncClient:
    return await site.new_browser("admin@skmu.gov.ua", name="Адміністраторка", body="skmu", role=GlobalRole.ADMIN)


@pytest.fixture
async def body_admin(site: Site) -> httpx2.AsyncClient:
    return await site.new_browser("admin@mvs.gov.ua", name="Адміністратор МВС", body="mvs", role=GlobalRole.BODY_ADMIN)


async def patch(client: httpx2.AsyncClient, person: Person, **change: object) -> httpx2.Response:
    return await client.patch(f"/api/v1/people/{person.id}", json=change)


def test_the_seed_list_names_the_real_bodies_in_both_languages() -> None:
    bodies = seed_list()
    assert {"skmu", "minjust", "minfin", "mineconomy", "mindigital", "mvs", "mon", "moz", "drs", "nads", "nazk", "dps"} <= {
        body.code for body in bodies
    }
    assert len(bodies) >= 60
    for body in bodies:
        assert body.code.isascii()
        assert body.code.islower()
        assert len(body.code) <= 32
        assert 0 <= body.hue < 12
        assert len(body.short_uk) <= 64
        assert any("а" <= letter <= "я" for letter in body.name_uk.lower())
        assert body.name_en.isascii()
    for field in ("code", "name_uk", "name_en", "short_uk", "short_en"):
        assert len({getattr(body, field) for body in bodies}) == len(bodies), field


async def test_bodies_are_listed_to_who_is_signed_in(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    bodies = {body["code"]: body for body in (await browser.get("/api/v1/bodies")).json()["items"]}
    assert bodies["mvs"]["short_uk"] == "МВС"
    assert bodies["minagro"]["active"] is False


async def test_seeding_again_changes_nothing(site: Site) -> None:
    before = await site.parts.accounts.bodies()
    await site.parts.accounts.seed()
    assert await site.parts.accounts.bodies() == before


async def test_a_new_person_gets_a_temporary_password_and_must_change_it_before_anything_else(
    site: Site, admin: httpx2.AsyncClient
) -> None:
    made = await admin.post(
        "/api/v1/people", json={"email": EMAIL, "name": "  Оксана   Коваль ", "body": "mvs", "position": "Головна спеціалістка"}
    )
    assert made.status_code == 201
    content = made.json()
    assert (content["name"], content["must_change_password"]) == ("Оксана Коваль", True)
    browser = await site.client(headers=CSRF)
    signed_in = await browser.post("/api/v1/session", json={"email": EMAIL, "password": content["password"]})
    assert signed_in.json()["must_change_password"] is True
    refused = await browser.get("/api/v1/bodies")
    assert (refused.status_code, refused.json()["code"]) == (403, "password-change-needed")
    assert (await browser.get("/api/v1/me")).json()["must_change_password"] is True
    changed = await browser.post("/api/v1/me/password", json={"current": content["password"], "new": PASSWORD})
    assert changed.status_code == 204
    assert (await browser.get("/api/v1/bodies")).status_code == 200


async def test_a_reset_password_ends_every_session_and_works_once_as_temporary(site: Site, body_admin: httpx2.AsyncClient) -> None:
    person = await site.add_person(EMAIL)
    browser = await site.browser(EMAIL)
    reset = await body_admin.post(f"/api/v1/people/{person.id}/password")
    assert reset.status_code == 200
    assert (await browser.get("/api/v1/me")).status_code == 401
    assert site.changes == [AccessChange(user=person.id)]
    fresh = await site.client(headers=CSRF)
    assert (await fresh.post("/api/v1/session", json={"email": EMAIL, "password": PASSWORD})).status_code == 401
    assert (await fresh.post("/api/v1/session", json={"email": EMAIL, "password": reset.json()["password"]})).json()["must_change_password"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Оксана\u202eьлавоК"),
        ("name", "Оксана\u200bКоваль"),
        ("name", " \t "),
        ("name", "а" * 201),
        ("position", "рядок\u0007"),
        ("email", "без собаки"),
        ("email", "a@b"),
        ("email", "з пробілом@mvs.gov.ua"),
        ("body", "mvss"),
        ("body", "minagro"),
        ("role", "цар"),
    ],
)
async def test_a_field_that_cannot_be_accepted_is_named(admin: httpx2.AsyncClient, field: str, value: str) -> None:
    answer = await admin.post("/api/v1/people", json={"email": EMAIL, "name": "Оксана Коваль", "body": "mvs", field: value})
    assert answer.status_code == 422
    assert answer.json()["fields"].keys() == {field}


async def test_a_nul_character_in_a_name_is_refused(admin: httpx2.AsyncClient) -> None:
    answer = await admin.post("/api/v1/people", json={"email": EMAIL, "name": "Оксана\0", "body": "mvs"})
    assert answer.status_code == 400


async def test_an_unknown_body_gets_the_nearest_codes(admin: httpx2.AsyncClient) -> None:
    answer = await admin.post("/api/v1/people", json={"email": EMAIL, "name": "Оксана", "body": "minfln"})
    assert "minfin" in answer.json()["fields"]["body"]


async def test_an_email_belongs_to_one_account_even_when_two_are_made_at_once(admin: httpx2.AsyncClient) -> None:
    async def make(email: str) -> int:
        return (await admin.post("/api/v1/people", json={"email": email, "name": "Оксана", "body": "mvs"})).status_code

    assert sorted(await asyncio.gather(make(EMAIL), make(EMAIL.upper()))) == [201, 409]


async def test_a_body_administrator_looks_after_own_people_only(site: Site, body_admin: httpx2.AsyncClient) -> None:
    own, other = await site.add_person(EMAIL), await site.add_person("andrii@minfin.gov.ua", name="Андрій Бондар", body="minfin")
    listed = (await body_admin.get("/api/v1/people", params={"body": "minfin"})).json()["items"]
    assert {person["body"] for person in listed} == {"mvs"}
    assert (await patch(body_admin, own, position="Начальниця відділу")).json()["position"] == "Начальниця відділу"
    assert (await patch(body_admin, other, name="Інший")).status_code == 404
    assert (await body_admin.post(f"/api/v1/people/{other.id}/password")).status_code == 404
    assert (await patch(body_admin, own, role="admin")).status_code == 403
    assert (await patch(body_admin, own, body="minfin")).status_code == 403
    assert (await body_admin.post("/api/v1/people", json={"email": "a@b.ua", "name": "А", "body": "minfin"})).status_code == 404
    assert (
        await body_admin.post("/api/v1/people", json={"email": "a@b.ua", "name": "А", "body": "mvs", "role": "auditor"})
    ).status_code == 403
    assert (await body_admin.post("/api/v1/people", json={"email": "a@b.ua", "name": "А", "body": "mvs"})).status_code == 201


async def test_a_body_administrator_cannot_take_over_an_administrator_of_the_system(site: Site, body_admin: httpx2.AsyncClient) -> None:
    chief = await site.add_person("chief@mvs.gov.ua", name="Адміністратор", role=GlobalRole.ADMIN)
    assert (await body_admin.post(f"/api/v1/people/{chief.id}/password")).status_code == 403
    assert (await patch(body_admin, chief, disabled=True)).status_code == 403


async def test_ordinary_people_and_auditors_administer_nobody(site: Site) -> None:
    person = await site.add_person("someone@mvs.gov.ua")
    for email, role in [(EMAIL, GlobalRole.NONE), ("auditor@skmu.gov.ua", GlobalRole.AUDITOR)]:
        browser = await site.new_browser(email, role=role)
        assert (await browser.get("/api/v1/people")).status_code == 403
        assert (await patch(browser, person, name="Інше")).status_code == 403
        assert (await browser.post(f"/api/v1/people/{person.id}/password")).status_code == 403


async def test_colleagues_are_found_by_words_in_any_case_and_show_no_email(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    await site.add_person("maryna@moz.gov.ua", name="Марина Дем’янюк", body="moz")
    for query in ("ДЕМ'ЯНЮК", "дем’ян марина", "maryna@moz"):
        found = (await browser.get("/api/v1/users", params={"q": query})).json()["items"]
        assert [person.keys() for person in found] == [{"id", "name", "position", "body"}]
        assert found[0]["name"] == "Марина Дем’янюк"
    assert (await browser.get("/api/v1/users", params={"q": "нема такої"})).json()["items"] == []


async def test_a_disabled_person_is_not_found_and_an_enabled_one_is_again(site: Site, admin: httpx2.AsyncClient) -> None:
    person = await site.add_person(EMAIL)
    assert (await patch(admin, person, disabled=True)).json()["disabled_at"] == site.clock()
    assert (await admin.get("/api/v1/users", params={"q": "Коваль"})).json()["items"] == []
    assert [each["id"] for each in (await admin.get("/api/v1/people", params={"q": "Коваль"})).json()["items"]] == [person.id]
    await patch(admin, person, disabled=False)
    assert (await site.browser(EMAIL)).cookies


async def an_act_of(site: Site, email: str) -> tuple[str, Person]:
    """An act whose lead is this new person of МВС."""
    person = await site.add_person(email)
    browser = await site.browser(email)
    made = await browser.post("/api/v1/acts", json={"title": "Про дорожній рух", "kind": "postanova"})
    assert made.status_code == 201, made.text
    return made.json()["id"], person


async def fences_and_roles(site: Site, act: str) -> tuple[list[int], int]:
    def read(connection: object) -> tuple[list[int], int]:
        fences = connection.execute(select(documents.c.roles_version).where(documents.c.act_id == act)).scalars()  # type: ignore[attr-defined]
        return list(fences), len(connection.execute(select(act_members).where(act_members.c.act_id == act)).all())  # type: ignore[attr-defined]

    return await site.parts.database.read(read)


async def test_D13_moving_to_another_body_ends_the_roles_the_old_one_gave(site: Site, admin: httpx2.AsyncClient) -> None:
    act, person = await an_act_of(site, EMAIL)
    fences, _ = await fences_and_roles(site, act)
    assert (await patch(admin, person, body="minfin")).json()["body"] == "minfin"
    after, roles = await fences_and_roles(site, act)
    assert roles == 0
    assert all(new > old for old, new in zip(fences, after, strict=True))
    page = await site.parts.database.read(lambda connection: read_page(connection, act))
    assert (page[0].kind, page[0].payload) == ("member.left_body", {"user": person.id})
    browser = await site.browser(EMAIL)
    assert (await browser.get(f"/api/v1/acts/{act}")).status_code == 404
    assert AccessChange(user=person.id) in site.changes


async def test_D8a_disabling_a_drafter_moves_the_fences_and_keeps_the_roles_for_their_return(site: Site, admin: httpx2.AsyncClient) -> None:
    act, person = await an_act_of(site, EMAIL)
    before = await fences_and_roles(site, act)
    await patch(admin, person, disabled=True)
    after = await fences_and_roles(site, act)
    assert after == ([fence + 1 for fence in before[0]], before[1])


async def test_a_body_administrator_who_moves_administers_nobody_there(site: Site, admin: httpx2.AsyncClient) -> None:
    person = await site.add_person(EMAIL, role=GlobalRole.BODY_ADMIN)
    assert (await patch(admin, person, body="minfin")).json()["role"] == ""


async def test_the_last_administrator_cannot_leave(site: Site, admin: httpx2.AsyncClient) -> None:
    me = (await admin.get("/api/v1/me")).json()["id"]
    for change in ({"role": ""}, {"disabled": True}):
        assert (await admin.patch(f"/api/v1/people/{me}", json=change)).status_code == 409
    await site.add_person("second@skmu.gov.ua", body="skmu", role=GlobalRole.ADMIN)
    assert (await admin.patch(f"/api/v1/people/{me}", json={"role": ""})).status_code == 200
    assert (await admin.get("/api/v1/people")).status_code == 403


async def test_my_language_is_mine_to_choose(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    assert (await browser.patch("/api/v1/me", json={"locale": "en"})).json()["locale"] == "en"
    assert (await browser.get("/api/v1/me")).json()["locale"] == "en"
    assert (await browser.patch("/api/v1/me", json={"locale": "ru"})).status_code == 422


async def test_D17_everything_done_to_people_is_in_the_chain_without_a_name(site: Site, admin: httpx2.AsyncClient) -> None:
    person = await site.add_person(EMAIL)
    await patch(admin, person, name="Оксана Шевчук", role="body_admin")
    await patch(admin, person, body="minfin", disabled=True)
    await patch(admin, person, disabled=False)
    await admin.post(f"/api/v1/people/{person.id}/password")
    page = await site.parts.database.read(lambda connection: read_page(connection, SYSTEM))
    told = [event.kind for event in page if event.payload.get("user") == person.id]
    moved = ["user.moved", "user.role_changed", "user.described", "user.created"]
    assert told == ["user.password_reset", "user.enabled", "user.disabled", "user.role_changed", *moved]
    everything = str(page)
    assert "Шевчук" not in everything
    assert "Коваль" not in everything
    assert EMAIL not in everything
    assert await site.parts.database.read(lambda connection: find_defect(connection, SYSTEM)) is None


async def test_an_account_without_a_password_lets_nobody_in(site: Site) -> None:
    await site.parts.accounts.create(NewPerson(email=EMAIL, name="Оксана", body=BodyCode("mvs"), temporary=True))
    for password in ("", " ", "x"):
        answer = await (await site.client()).post("/api/v1/session", json={"email": EMAIL, "password": password})
        assert answer.status_code in {401, 422}


async def test_the_auditor_reads_the_audit_page_by_page_and_nobody_else_does(site: Site, admin: httpx2.AsyncClient) -> None:
    auditor = await site.new_browser("auditor@skmu.gov.ua", body="skmu", role=GlobalRole.AUDITOR)
    first = (await auditor.get("/api/v1/audit", params={"limit": 2})).json()
    second = (await auditor.get("/api/v1/audit", params={"limit": 2, "before": first["next"]})).json()
    assert first["intact"] is True
    assert [event["seq"] for event in [*first["items"], *second["items"]]] == [4, 3, 2, 1]
    assert first["items"][1]["kind"] == "user.created"
    assert (await admin.get("/api/v1/audit")).status_code == 403
    act, _ = await an_act_of(site, EMAIL)
    of_act = (await auditor.get("/api/v1/audit", params={"scope": act})).json()
    assert [event["kind"] for event in of_act["items"]] == ["act.created"]
    assert (await auditor.get(f"/api/v1/acts/{act}")).status_code == 404
