"""Every endpoint states who may call it, and keeps to it; the OpenAPI document describes them all."""

import re
from pathlib import Path

import httpx2
import pytest
from starlette.routing import Route

from server.access.roles import GlobalRole
from server.http.openapi import describe
from server.http.routing import Access
from tests.services import postgres
from tests.site import CSRF, Site, open_site

MAY_CALL = {
    Access.BODY_ADMIN: {GlobalRole.ADMIN, GlobalRole.BODY_ADMIN},
    Access.ADMIN: {GlobalRole.ADMIN},
    Access.AUDITOR: {GlobalRole.AUDITOR},
}
PUBLIC = {"sign_in", "sign_out", "list_demo_accounts"}


def place(path: str) -> str:
    return re.sub(r"{\w+}", "f" * 32, path)


async def test_every_endpoint_states_its_access_and_only_signing_in_is_public(site: Site) -> None:
    for endpoint in site.parts.endpoints:
        assert isinstance(endpoint.access, Access), endpoint.name
        assert endpoint.path.startswith("/api/v1/")
    assert {endpoint.name for endpoint in site.parts.endpoints if endpoint.access is Access.PUBLIC} == PUBLIC
    names = [endpoint.name for endpoint in site.parts.endpoints]
    assert len(names) == len(set(names))


async def test_every_route_of_the_api_comes_from_a_declared_endpoint(site: Site) -> None:
    routes = [route for route in site.app.routes if isinstance(route, Route) and route.path.startswith("/api/v1")]
    routed = {(route.path, method) for route in routes for method in route.methods or ()}
    declared = {(endpoint.path, endpoint.method) for endpoint in site.parts.endpoints}
    assert {each for each in routed if each[1] != "HEAD"} == declared


async def test_without_a_session_nothing_but_the_public_endpoints_answers(site: Site) -> None:
    client = await site.client(headers=CSRF)
    for endpoint in site.parts.endpoints:
        answer = await client.request(endpoint.method, place(endpoint.path))
        assert (answer.status_code == 401) is (endpoint.name not in PUBLIC), endpoint.name


@pytest.mark.parametrize("role", GlobalRole)
async def test_an_endpoint_for_a_role_answers_nobody_else(site: Site, role: GlobalRole) -> None:
    browser = await site.new_browser("someone@skmu.gov.ua", body="skmu", role=role)
    for endpoint in site.parts.endpoints:
        if endpoint.access in MAY_CALL:
            answer = await browser.request(endpoint.method, place(endpoint.path))
            assert (answer.status_code != 403) is (role in MAY_CALL[endpoint.access]), endpoint.name


def references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(part) for part in value.values()))
    return set().union(*(references(part) for part in value)) if isinstance(value, list) else set()


async def test_the_openapi_document_is_whole(site: Site) -> None:
    document = (await (await site.client()).get("/api/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    assert document == describe(site.parts.endpoints, document["info"]["version"])
    schemas = document["components"]["schemas"]
    assert {reference.removeprefix("#/components/schemas/") for reference in references(document)} <= schemas.keys()
    assert all(re.fullmatch(r"\w+", name) for name in schemas)
    for endpoint in site.parts.endpoints:
        operation = document["paths"][endpoint.path][endpoint.method.lower()]
        assert operation["operationId"] == endpoint.name
        assert {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"} == set(
            re.findall(r"{(\w+)}", endpoint.path)
        )
        assert "application/problem+json" in operation["responses"]["default"]["content"]


async def test_a_server_on_its_way_out_lives_but_takes_no_more_work(site: Site) -> None:
    client = await site.client()
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ok"}
    site.parts.health.draining = True
    assert ((await client.get("/readyz")).status_code, (await client.get("/healthz")).status_code) == (503, 200)


@pytest.mark.services
async def test_readiness_follows_the_database(tmp_path: Path) -> None:
    with postgres() as server:
        async with open_site(tmp_path, database_url=server.new_database()) as site:
            client = await site.client()
            assert (await client.get("/readyz")).status_code == 200
            server.kill()
            assert (await client.get("/readyz")).json() == {"status": "database unavailable"}
            refused = await client.post("/api/v1/session", json={"email": "a@mvs.gov.ua", "password": "пароль"})
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
            server.start()
            assert (await client.get("/readyz")).status_code == 200


@pytest.fixture
async def pages(site: Site) -> httpx2.AsyncClient:
    """A client of a server whose front end is built."""
    static = site.parts.settings.data_dir / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<title>Злагода</title>")
    (static / "assets" / "main-a1b2.js").write_text("1")
    (static / "sw.js").write_text("2")
    (static.parent / "secret.txt").write_text("таємниця")
    return await site.client()


async def test_the_front_end_is_one_page_for_all_its_addresses_and_hashed_files_for_ever(pages: httpx2.AsyncClient) -> None:
    for address in ("/", "/acts/0123", "/вхід", "/acts/0123/compare?from=1"):
        answer = await pages.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
        assert "Злагода" in answer.text
    asset = await pages.get("/assets/main-a1b2.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in asset.headers["content-type"]
    assert (await pages.get("/sw.js")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "address",
    ["/assets/old-ffff.js", "/favicon.ico", "/api/nothing", "/metrics", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "/a%00b.js"],
)
async def test_what_is_no_page_is_not_found(pages: httpx2.AsyncClient, address: str) -> None:
    answer = await pages.get(address)
    assert answer.status_code == 404
    assert "таємниця" not in answer.text


async def test_an_address_no_file_system_takes_is_just_a_page(pages: httpx2.AsyncClient) -> None:
    assert (await pages.get("/" + "ї" * 3000)).status_code == 200


async def test_a_front_end_that_is_not_built_says_how_to_build_it(site: Site) -> None:
    answer = await (await site.client()).get("/")
    assert answer.status_code == 503
    assert "make setup" in answer.text
