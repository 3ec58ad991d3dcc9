"""What clients send is read strictly; each way to be wrong has its own answer, and none is a traceback."""

import json

import httpx2
import pytest

from server.errors import BadRequest
from server.http.body import MAX_DEPTH, MAX_JSON_BYTES, parse_json
from tests.site import Site

SIGN_IN = "/api/v1/session"
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 3_000, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"ключ":', "}")])
def test_data_nested_too_deeply_is_refused_whatever_the_depth(depth: int, opening: str, closing: str) -> None:
    with pytest.raises(BadRequest, match="nested"):
        parse_json((opening * depth + "1" + closing * depth).encode())


def test_data_as_deep_as_allowed_is_read() -> None:
    assert parse_json(("[" * (MAX_DEPTH - 1) + '"ї"' + "]" * (MAX_DEPTH - 1)).encode()) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nope",
        "NaN",
        "[Infinity]",
        "-Infinity",
        "1e999",
        '{"а":1,"а":2}',
        '"\\u0000"',
        '{"\\u0000":1}',
        '"\\ud800"',
        "1" * 5000,
        '{"a":1}x',
        "\ufeff{}",
    ],
)
def test_what_is_not_strict_json_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        parse_json(text.encode())


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(BadRequest, match="UTF-8"):
        parse_json("їжак".encode("cp1251"))


def test_text_is_read_as_it_was_written() -> None:
    text = "ґ’ї🇺🇦 e\u0301 \u202eабв"
    assert parse_json(json.dumps([text, 1.5, 2**53]).encode()) == [text, 1.5, 2**53]


def problem_of(answer: httpx2.Response) -> dict[str, object]:
    """The answer as a problem; fails for any other form or a traceback."""
    assert answer.headers["content-type"] == "application/problem+json"
    content: dict[str, object] = answer.json()
    assert {"type", "title", "status", "detail", "code", "instance"} <= content.keys()
    assert content["status"] == answer.status_code
    assert "Traceback" not in answer.text
    return content


async def test_a_body_of_a_hundred_megabytes_is_refused_before_it_is_sent(site: Site) -> None:
    client = await site.client()
    answer = await client.post(SIGN_IN, content=b"[", headers={**JSON, "content-length": str(100 * 1024 * 1024)})
    assert (answer.status_code, problem_of(answer)["code"]) == (413, "too-large")


async def test_a_body_that_does_not_say_its_size_is_stopped_at_the_limit(site: Site) -> None:
    sent = 0

    async def endless() -> object:
        nonlocal sent
        while sent < 100 * MAX_JSON_BYTES:
            sent += 65536
            yield b" " * 65536

    client = await site.client()
    answer = await client.post(SIGN_IN, content=endless(), headers=JSON)  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert problem_of(answer)["limit_bytes"] == MAX_JSON_BYTES


@pytest.mark.parametrize(
    "media", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx"]
)
async def test_another_content_type_than_json_is_refused(site: Site, media: str) -> None:
    client = await site.client()
    answer = await client.post(SIGN_IN, content=b"{}", headers={"content-type": media})
    assert (answer.status_code, problem_of(answer)["code"]) == (415, "unsupported-type")


async def test_a_three_thousand_deep_body_gets_a_sentence(site: Site) -> None:
    client = await site.client()
    answer = await client.post(SIGN_IN, content=b"[" * 3000 + b"]" * 3000, headers=JSON)
    assert answer.status_code == 400
    assert problem_of(answer)["detail"] == "Дані вкладено надто глибоко."


async def test_fields_that_do_not_exist_or_do_not_fit_are_named(site: Site) -> None:
    client = await site.client()
    answer = await client.post(SIGN_IN, json={"email": 1, "пароль": "x"}, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert problem_of(answer)["fields"] == {"email": "This must be text.", "пароль": "There is no such field."}


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("", "Увійдіть, щоб продовжити."),
        ("en", "Sign in to continue."),
        ("en-GB,en;q=0.9,uk;q=0.8", "Sign in to continue."),
        ("uk-UA,uk;q=0.9,en;q=0.8", "Увійдіть, щоб продовжити."),
        ("de, en;q=0.5", "Sign in to continue."),
        ("en;q=0", "Увійдіть, щоб продовжити."),
        ("en;q=брехня," * 100, "Увійдіть, щоб продовжити."),
    ],
)
async def test_a_problem_speaks_the_language_of_the_caller_ukrainian_by_default(site: Site, language: str, detail: str) -> None:
    client = await site.client()
    answer = await client.get("/api/v1/me", headers={b"accept-language": language.encode()})
    assert (answer.status_code, problem_of(answer)["detail"]) == (401, detail)


async def test_unknown_addresses_and_methods_of_the_api_are_problems_too(site: Site) -> None:
    client = await site.client()
    assert problem_of(await client.get("/api/v1/немає"))["code"] == "not-found"
    assert problem_of(await client.get("/api"))["code"] == "not-found"
    assert problem_of(await client.put("/api/v1/me", json={}))["code"] == "method-not-allowed"


async def test_a_token_with_characters_no_token_has_is_just_wrong(site: Site) -> None:
    client = await site.client()
    for token in ["zls_\x00", "zlt_" + "я" * 50, "zlk_" + "a" * 10_000, "nonsense", ""]:
        assert (await client.get("/api/v1/me", params={"token": token})).status_code == 401
