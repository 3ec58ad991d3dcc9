"""What surrounds every answer: headers, the cross-site check, trusted proxies, logs without secrets."""

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import httpx2
import pytest
import structlog

from server.errors import ConfigurationError
from server.http.middleware import CONTENT_SECURITY_POLICY, parse_networks
from server.observability.logs import set_up_logging
from tests.site import CSRF, PASSWORD, Site, open_site

EMAIL = "oksana@mvs.gov.ua"
SIGN_IN = {"email": EMAIL, "password": PASSWORD}


def addresses(site: Site) -> list[tuple[str, str]]:
    """Every method and address of the app, with something in the place of each parameter."""
    found = [(endpoint.method, re.sub(r"{\w+}", "0" * 32, endpoint.path)) for endpoint in site.parts.endpoints]
    return [
        *found,
        ("GET", "/"),
        ("GET", "/acts/1"),
        ("GET", "/assets/none.js"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/api/openapi.json"),
    ]


async def test_every_address_answers_with_the_security_headers(site: Site) -> None:
    client = await site.client(headers=CSRF)
    for method, address in addresses(site):
        headers = (await client.request(method, address)).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY, address
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])
        assert "strict-transport-security" not in headers
        assert "access-control-allow-origin" not in headers


def test_the_content_policy_allows_no_script_but_our_own_and_no_frame() -> None:
    policy = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in " ".join(value for name, value in policy.items() if name != "style-src-attr")


async def test_behind_tls_the_browser_is_told_to_stay_there(site: Site) -> None:
    client = await site.client(address="https://zlahoda.gov.ua")
    assert "max-age=31536000" in (await client.get("/healthz")).headers["strict-transport-security"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost:8000.evil.example"},
        {"origin": "http://[", "host": "localhost:8000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://localhost:8000"},
    ],
)
async def test_a_change_that_comes_from_another_sites_page_is_refused(site: Site, headers: dict[str, str]) -> None:
    browser = await site.new_browser(EMAIL)
    for method, address, content in [
        ("PATCH", "/api/v1/me", {"locale": "en"}),
        ("POST", "/api/v1/session", SIGN_IN),
        ("DELETE", "/api/v1/session", None),
    ]:
        answer = await browser.request(method, address, json=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross-site"), (method, headers)
    assert (await browser.get("/api/v1/me")).json()["locale"] == "uk"


async def test_a_change_by_cookie_needs_our_header_even_without_an_origin(site: Site) -> None:
    browser = await site.new_browser(EMAIL)
    del browser.headers["x-zlahoda-csrf"]
    answer = await browser.patch("/api/v1/me", json={"locale": "en"}, headers={"origin": "http://localhost:8000"})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    same_origin = {"origin": "http://localhost:8000", "sec-fetch-site": "same-origin", **CSRF}
    assert (await browser.patch("/api/v1/me", json={"locale": "en"}, headers=same_origin)).status_code == 200


async def test_a_bearer_token_needs_no_header(site: Site) -> None:
    await site.add_person(EMAIL)
    script = await site.client()
    token = (await script.post("/api/v1/session", json={**SIGN_IN, "token": True})).json()["token"]
    script.cookies.clear()
    answer = await script.patch("/api/v1/me", json={"locale": "en"}, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200


async def test_the_public_address_is_the_origin_that_counts(tmp_path: Path) -> None:
    async with open_site(tmp_path, public_url="https://zlahoda.gov.ua") as site:
        await site.add_person(EMAIL)
        client = await site.client(headers=CSRF)
        refused = await client.post("/api/v1/session", json=SIGN_IN, headers={"origin": "http://localhost:8000"})
        taken = await client.post("/api/v1/session", json=SIGN_IN, headers={"origin": "https://zlahoda.gov.ua"})
        assert (refused.status_code, taken.status_code) == (403, 200)


async def session_addresses(client: httpx2.AsyncClient) -> set[str]:
    return {session["address"] for session in (await client.get("/api/v1/sessions")).json()["items"]}


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("198.51.100.7", "203.0.113.5", "198.51.100.7"),
        ("10.0.0.2", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.2", "1.2.3.4, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.2", "1.2.3.4, 203.0.113.5, 10.0.0.9", "203.0.113.5"),
        ("10.0.0.2", "not an address", "10.0.0.2"),
        ("10.0.0.2", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.2", "", "10.0.0.2"),
    ],
)
async def test_a_forwarded_address_is_believed_only_as_far_as_trusted_proxies_wrote_it(
    tmp_path: Path, peer: str, forwarded: str, seen: str
) -> None:
    async with open_site(tmp_path, trusted_proxies="10.0.0.0/8") as site:
        await site.add_person(EMAIL)
        client = await site.client(peer=peer, headers={"x-forwarded-for": forwarded, **CSRF})
        assert (await client.post("/api/v1/session", json=SIGN_IN)).status_code == 200
        assert await session_addresses(client) == {seen}


async def test_a_forwarded_scheme_of_a_stranger_does_not_count(tmp_path: Path) -> None:
    async with open_site(tmp_path, trusted_proxies="10.0.0.2") as site:
        for peer, secure in [("10.0.0.2", True), ("10.0.0.3", False)]:
            client = await site.client(peer=peer, headers={"x-forwarded-proto": "https"})
            assert ("strict-transport-security" in (await client.get("/healthz")).headers) is secure


@pytest.mark.parametrize("setting", ["10.0.0.0/33", "proxy.local", "10.0.0.1;10.0.0.2"])
def test_a_wrong_list_of_proxies_is_refused_at_start(setting: str) -> None:
    with pytest.raises(ConfigurationError, match="TRUSTED_PROXIES"):
        parse_networks(setting)


@pytest.fixture
def logs() -> Iterator[StringIO]:
    """What the server would write on stderr at its most talkative."""
    stream = StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    set_up_logging("debug", stream)
    for client in ("httpx2", "httpcore2", "asyncio"):
        logging.getLogger(client).setLevel(logging.WARNING)
    yield stream
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


async def test_a_log_line_has_no_query_no_secret_and_no_name(site: Site, logs: StringIO) -> None:
    browser = await site.new_browser(EMAIL)
    secret = browser.cookies["zlahoda"]
    await browser.get("/api/v1/users", params={"q": "Коваль", "token": secret})
    await browser.post("/api/v1/session", json={"email": EMAIL, "password": "неправильний пароль"})
    logged = logs.getvalue()
    lines = [json.loads(line) for line in logged.splitlines()]
    assert {"/api/v1/users", "/api/v1/session"} <= {line["path"] for line in lines}
    assert all(line["request_id"] and isinstance(line["status"], int) for line in lines)
    for private in (secret, "Коваль", EMAIL, PASSWORD, "пароль", "token="):
        assert private not in logged
