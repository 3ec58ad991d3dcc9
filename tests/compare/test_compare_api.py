"""Comparisons through the HTTP API (rules C43-C48 of docs/spec/compare.md)."""

import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from server.compare import service
from server.compare.files import side_from_bytes
from server.errors import TooLarge
from tests.compare.sides import check_contract
from tests.formats.readers import active_content
from tests.suggestions.cast import Cast
from tests.versions.writing import write, write_as


async def compared(cast: Cast, query: str, who: str = "reader") -> Any:
    answer = await cast.call(who, "GET", f"/compare?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def two_revisions(cast: Cast) -> None:
    async with cast.desk("drafter") as desk:
        await cast.post("lead", "/revisions", {})
        await write(desk, "Ґрунтовно ")
        await cast.post("lead", "/revisions", {})
        await write(desk, "📜 ")


async def test_C4_the_server_answers_with_the_contract(cast: Cast) -> None:
    await two_revisions(cast)
    told = await compared(cast, "from=1&to=2")
    check_contract(told)
    assert set(told) == {"left", "right", "alignment", "summary"}
    changed = [row for row in told["alignment"] if row["kind"] != "same"]
    assert [row["kind"] for row in changed] == ["replaced"]
    assert ["+", "Ґрунтовно "] in changed[0]["words"]
    old, new = await cast.get("lead", "/revisions/1"), await cast.get("lead", "/revisions/2")
    assert [told["left"]["units"], told["right"]["units"]] == [old["units"], new["units"]]


async def test_C44_any_two_of_revision_live_text_and_place_in_the_journal(cast: Cast) -> None:
    await two_revisions(cast)
    assert (await compared(cast, "from=2"))["right"]["units"] == (await cast.get("lead", "/text"))["units"]
    past = await cast.get("lead", "/history/at?seq=1")
    told = await compared(cast, "from=point:1&to=1")
    assert told["left"]["units"] == past["units"]
    assert {row["kind"] for row in told["alignment"]} == {"same"}
    assert (await compared(cast, "from=live&to=1"))["summary"]["replaced"] == 1


async def test_C44_the_imported_base_is_compared_by_identity(cast: Cast) -> None:
    file = {"file": ("закон.md", "# Про ґрунти\n\n1. Перше.\n\n2. Друге.\n".encode())}
    act = (await cast["lead"].client.post("/api/v1/acts/import", files=file)).json()["id"]
    imported = Cast(cast.site, act, cast.people)
    await write_as(imported, "lead", "Нове ", unit=1)
    told = await compared(imported, "from=base", "lead")
    assert [row["kind"] for row in told["alignment"]] == ["same", "replaced", "same"]
    assert [unit["bid"] for unit in told["left"]["units"]] == [unit["bid"] for unit in told["right"]["units"]]


async def test_C43_pages_get_rows_with_stable_ids_all_words_and_sides_with_names(cast: Cast) -> None:
    await two_revisions(cast)
    told = await compared(cast, "from=1&to=2&format=view")
    assert told["left"]["name"] == "редакція № 1 від 09.10.2025"
    ids = [row["id"] for row in told["rows"]]
    assert len(set(ids)) == len(ids)
    assert ids == [unit["bid"] for unit in (await cast.get("lead", "/revisions/2"))["units"]]
    assert [row["number"] for row in told["rows"] if row["kind"] != "same"] == [1]
    assert told["changes"] == 1
    for row in told["rows"]:
        assert "".join(text for sign, text in row["words"] if sign != "-") is not None
    html = (await cast.call("lead", "GET", "/compare?from=1&to=2&format=html")).content
    assert all(f'id="z-{row}"' in html.decode() for row in ids)


@pytest.mark.parametrize("columns", [2, 3, 4])
async def test_C41_the_table_has_two_three_or_four_columns(cast: Cast, columns: int) -> None:
    await two_revisions(cast)
    told = await compared(cast, f"from=1&to=2&format=table&columns={columns}")
    assert len(told["columns"]) == columns
    assert [row["kind"] for row in told["rows"]] == ["replaced"]
    answer = await cast.call("reader", "GET", f"/compare?from=1&to=2&format=table-html&columns={columns}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.count('<th scope="col"') == columns
    assert active_content(answer.content) == []
    assert "редакція № 2 від" in answer.text


async def upload(cast: Cast, name: str, data: bytes, **fields: str) -> httpx2.Response:
    return await cast["reader"].client.post(f"/api/v1/acts/{cast.act}/compare", files={"file": (name, data)}, data=fields)


async def test_C45_a_file_is_the_other_side(cast: Cast) -> None:
    await write_as(cast, "drafter", "Ґрунтовно ")
    exported = await cast.call("lead", "GET", "/export?format=md")
    same = await upload(cast, "той самий.md", exported.content)
    assert same.status_code == 200, same.text
    told = json.loads(same.content)
    check_contract(told)
    changed = {kind for kind, count in told["summary"].items() if count} - {"same", "typographic"}
    assert changed == set()
    other = await upload(cast, "інший.md", exported.content.replace("Ґрунтовно".encode(), "Поверхово".encode()), format="view")
    told = json.loads(other.content)
    assert told["right"]["name"] == "інший.md"
    assert told["summary"]["replaced"] == 1


async def test_C43_rows_of_a_file_have_the_same_ids_in_every_form(cast: Cast) -> None:
    exported = await cast.call("lead", "GET", "/export?format=md")
    other = exported.content + "\n\nЗовсім новий абзац про їжаків 🦔.\n".encode()
    seen = (await upload(cast, "інший.md", other, format="view")).json()
    paper = (await upload(cast, "інший.md", other, format="table")).json()
    added = [row["id"] for row in seen["rows"] if row["kind"] == "inserted"]
    assert added
    assert [row["id"] for row in paper["rows"]] == added


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("порожній.md", b"", {200, 415, 422}),
        ("чужий.txt", "Зовсім інший текст про космос 🚀.\n".encode() * 3, {200}),
        ("один абзац.txt", ("слово ґ " * 80_000).encode(), {200}),
        ("програма.exe", b"MZ\x00\x01", {415}),
        ("не текст.md", b"\xff\xfe\x00\x01\x02", {415, 200}),
    ],
)
async def test_C46_any_file_gets_an_answer_or_a_sentence(cast: Cast, name: str, data: bytes, status: set[int]) -> None:
    answer = await upload(cast, name, data)
    assert answer.status_code in status, answer.text
    if answer.status_code == 200:
        check_contract(answer.json())
    else:
        assert answer.json()["detail"]


async def test_C46_ten_megabytes_are_compared(cast: Cast) -> None:
    lines = [f"{number}. " + "Ґрунтовний захист їжаків " * 40 for number in range(1, 5_301)]
    file = "\n\n".join(lines).encode()
    assert len(file) > 10_000_000
    answer = await upload(cast, "великий.txt", file)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    check_contract(told)
    assert len(told["right"]["units"]) == len(lines)


def test_C46_what_would_keep_a_core_for_minutes_is_too_large() -> None:
    side = side_from_bytes("а.txt", "Їжак".encode())
    (unit,) = side.units
    huge = replace(side, units=(replace(unit, text="ж" * (service.MAX_LETTERS // 2 + 1)),))
    with pytest.raises(TooLarge, match="too large"):
        service.compared(huge, huge)


@pytest.mark.parametrize("query", ["from=", "from=нічого", "from=7", "from=1&to=99", "from=base", "from=point:77", "from=1&part=нема", ""])
async def test_C46_what_cannot_be_compared_is_said(cast: Cast, query: str) -> None:
    await cast.post("lead", "/revisions", {})
    answer = await cast.call("lead", "GET", f"/compare?{query}")
    if query == "from=1&part=нема":
        assert answer.status_code == 404
        return
    assert answer.status_code in {404, 422}
    assert answer.json()["detail"]


async def test_I12_an_outsider_compares_nothing(cast: Cast) -> None:
    await cast.post("lead", "/revisions", {})
    assert await cast.refused("outsider", "/compare?from=1", None, "GET") == (404, "not-found")
    answer = await cast["outsider"].client.post(f"/api/v1/acts/{cast.act}/compare", files={"file": ("а.md", b"a")})
    assert answer.status_code == 404
