"""Acts over HTTP, as a browser or script meets them."""

from typing import Any

import httpx2
import pytest

from server.access.roles import GlobalRole
from server.formats import canonical
from server.ids import ActId, DocumentId, UserId
from server.journal.journal import Append, Entry
from server.versions.store import read_revision
from tests.site import Site, open_site

LAW = """# Про доступ до публічної інформації

Цей Закон визначає порядок здійснення та забезпечення права кожного на доступ до інформації.

Стаття 1. Публічна інформація

1. Публічна інформація – це відображена інформація 📜.

2. Публічна інформація є відкритою, крім випадків, встановлених законом.

| Орган | Строк |
|---|---|
| МВС | 5 днів |

Стаття 2. Мета і сфера дії Закону

1. Метою цього Закону є забезпечення прозорості.
"""


async def create(client: httpx2.AsyncClient, title: str = "Про внесення змін до Положення", kind: str = "postanova", **more: Any) -> Any:
    answer = await client.post("/api/v1/acts", json={"title": title, "kind": kind, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def import_law(client: httpx2.AsyncClient, data: bytes = LAW.encode(), name: str = "закон.md", **fields: str) -> httpx2.Response:
    return await client.post("/api/v1/acts/import", files={"file": (name, data)}, data=fields)


async def text(client: httpx2.AsyncClient, act: str, **query: str) -> Any:
    answer = await client.get(f"/api/v1/acts/{act}/text", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def titles(client: httpx2.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get("/api/v1/acts", params=query)
    assert answer.status_code == 200, answer.text
    return [act["title"] for act in answer.json()["items"]]


# -- making -----------------------------------------------------------------------------------------------------------


async def test_whoever_creates_an_act_leads_it_and_their_body_is_the_lead_body(site: Site) -> None:
    olena = await site.new_browser("olena@mvs.gov.ua", name="Олена Ґудзь", body="mvs")
    act = await create(olena, "  Про   порядок\u200b обміну’ даними ")
    me = (await olena.get("/api/v1/me")).json()
    assert (act["title"], act["kind"], act["stage"], act["lead_body"]) == ("Про порядок обміну’ даними", "postanova", "draft", "mvs")
    assert act["bodies"] == [{"body": "mvs", "part": "lead"}]
    assert [(member["user"], member["name"], member["roles"]) for member in act["members"]] == [(me["id"], "Олена Ґудзь", ["lead"])]
    assert {"edit", "invite", "grant", "freeze"} <= set(act["abilities"])
    assert act["scope"] == "write"
    assert [(each["id"], each["part"], each["last_seq"], each["sealed"]) for each in act["documents"]] == [(act["id"], "", 1, False)]
    assert act["scheme"]["id"] == "cabinet" == act["scheme"]["data"]["id"]
    assert (await olena.get(f"/api/v1/acts/{act['id']}")).json() == act


@pytest.mark.parametrize("kind", ["postanova", "rozporiadzhennia", "zakonoproiekt", "other"])
async def test_a_new_act_begins_with_the_skeleton_of_its_kind_and_its_title(site: Site, kind: str) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    act = await create(client, "Про захист персональних даних", kind)
    units = (await text(client, act["id"]))["units"]
    assert "Про захист персональних даних" in [unit["text"] for unit in units if unit["kind"] == "title"]
    assert len({unit["bid"] for unit in units}) == len(units)
    if kind == "postanova":
        assert [unit["label"] for unit in units if unit["kind"] == "point"] == ["1.", "2.", "3."]
        assert units[0]["text"] == "КАБІНЕТ МІНІСТРІВ УКРАЇНИ"
    if kind == "zakonoproiekt":
        assert [unit["label"] for unit in units if unit["kind"] == "article"] == ["Стаття 1.", "Стаття 2."]


async def test_a_bill_that_amends_laws_has_its_two_sections(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    act = await create(client, "Про внесення змін до деяких законів України", "zakonoproiekt")
    units = (await text(client, act["id"]))["units"]
    assert [unit["label"] for unit in units if unit["kind"] == "section"] == ["I.", "II."]
    assert [unit["label"] for unit in units if unit["kind"] == "point"] == ["1.", "2.", "1.", "2."]


async def test_a_blank_act_is_a_title_and_an_empty_paragraph(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    act = await create(client, "Назва", "other", skeleton=False)
    units = (await text(client, act["id"]))["units"]
    assert [(unit["kind"], unit["text"]) for unit in units] == [("title", "Назва"), ("paragraph", "")]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": " \u200b ", "kind": "postanova"}, "title"),
        ({"title": "я" * 2001, "kind": "postanova"}, "title"),
        ({"title": "Назва", "kind": "ukaz"}, "kind"),
        ({"title": "Назва"}, "kind"),
    ],
)
async def test_what_cannot_be_accepted_is_said_field_by_field(site: Site, body: dict[str, str], field: str) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    answer = await client.post("/api/v1/acts", json=body, headers={"accept-language": "uk"})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert await titles(client) == []


# -- importing and exporting ------------------------------------------------------------------------------------------


async def test_an_imported_law_is_read_back_unit_by_unit_with_its_numbers(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    answer = await import_law(client, kind="zakonoproiekt")
    assert answer.status_code == 201, answer.text
    act = answer.json()["id"]
    card = (await client.get(f"/api/v1/acts/{act}")).json()
    assert (card["title"], card["kind"], card["scheme"]["id"]) == ("Про доступ до публічної інформації", "zakonoproiekt", "law")
    told = await text(client, act)
    assert told["seq"] == 1
    assert len(told["hash"]) == 64
    units = told["units"]
    assert [unit["label"] for unit in units if unit["kind"] == "article"] == ["Стаття 1.", "Стаття 2."]
    assert "Публічна інформація – це відображена інформація 📜." in [unit["text"] for unit in units]
    assert [unit["text"] for unit in units if unit["kind"] == "row"] == ["Орган\tСтрок", "МВС\t5 днів"]


async def test_D1b_an_import_freezes_revision_0_with_the_same_block_ids_and_hash(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    act = (await import_law(client)).json()["id"]
    told = await text(client, act)
    base = await site.parts.database.read(lambda connection: read_revision(connection, ActId(act), 0))
    assert base.revision.content_hash == told["hash"]
    assert base.revision.seqs == {act: 1}
    frozen = canonical.read(base.trees[""])
    rows_and_units = [row.bid for block in frozen.tree.blocks for row in getattr(block, "rows", (block,))]
    assert rows_and_units == [unit["bid"] for unit in told["units"]]


@pytest.mark.parametrize(
    ("name", "kind"), [("md", "text/markdown"), ("txt", "text/plain"), ("html", "text/html"), ("json", "application/json")]
)
async def test_an_export_is_a_file_named_after_the_act(site: Site, name: str, kind: str) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    act = (await import_law(client)).json()["id"]
    answer = await client.get(f"/api/v1/acts/{act}/export", params={"format": name})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert "UTF-8''%D0%9F%D1%80%D0%BE%20%D0%B4" in answer.headers["content-disposition"]
    assert "встановлених законом" in answer.text
    assert "МВС" in answer.text


async def test_importing_an_export_gives_the_same_text(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    first = (await import_law(client)).json()["id"]
    for ending in ("md", "json"):
        exported = (await client.get(f"/api/v1/acts/{first}/export", params={"format": ending})).content
        again = await import_law(client, exported, f"знову.{ending}")
        assert again.status_code == 201, again.text
        assert (await text(client, again.json()["id"]))["hash"] == (await text(client, first))["hash"]


async def test_an_unknown_format_is_refused_with_the_list_of_known_ones(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    act = (await create(client))["id"]
    answer = await client.get(f"/api/v1/acts/{act}/export", params={"format": "pdf"})
    assert answer.status_code == 415
    assert "md, txt, html, json" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("закон.docx", b"PK\x03\x04" + b"\0" * 50, 415),
        ("закон.md", b"PK\x03\x04" + b"\0" * 50, 415),
        ("закон.md", b"%PDF-1.7 \xd0\xbf", 415),
        ("закон.txt", bytes(range(32)) * 20, 415),
        ("закон", "текст".encode(), 415),
        ("закон.json", b"{}", 415),
        ("закон.json", b"[" * 100_000, 415),
        ("закон.md", b"x" * 5000, 413),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_made(
    tmp_path_factory: Any, name: str, data: bytes, status: int
) -> None:

    async with open_site(tmp_path_factory.mktemp("small"), max_upload_bytes=4000 if status == 413 else 200_000) as site:
        client = await site.new_browser("a@mvs.gov.ua")
        answer = await import_law(client, data, name)
        assert answer.status_code in {status, 422 if name.endswith("json") else status}, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]
        assert await titles(client) == []


async def test_a_file_in_windows_1251_is_read_and_said_to_be(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    answer = await import_law(client, "Про ґрунти\r\n\r\n1. Їжак і єнот.".encode("cp1251"), "старий.txt", title="Про ґрунти")
    assert answer.status_code == 201, answer.text
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["encoding"]
    assert any("Їжак і єнот." in unit["text"] for unit in (await text(client, answer.json()["id"]))["units"])


# -- listing ----------------------------------------------------------------------------------------------------------


async def test_search_does_not_mind_case_and_apostrophes_but_keeps_similar_letters_apart(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    await create(client, "Про об’єднання ҐРУНТОВИХ вод")
    await create(client, "Про грунтовку 100% поверхонь")
    assert await titles(client, q="ОБ'ЄДНАННЯ") == ["Про об’єднання ҐРУНТОВИХ вод"]
    assert await titles(client, q="обʼєднання вод") == ["Про об’єднання ҐРУНТОВИХ вод"]
    assert await titles(client, q="ґрунтов") == ["Про об’єднання ҐРУНТОВИХ вод"]
    assert await titles(client, q="грунтов") == ["Про грунтовку 100% поверхонь"]
    assert await titles(client, q="100%") == ["Про грунтовку 100% поверхонь"]
    assert await titles(client, q="_") == []
    assert len(await titles(client, q="  ")) == 2


async def test_lists_are_filtered_by_kind_stage_lead_body_and_mine(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    await create(client, "Постанова")
    await create(client, "Законопроєкт", "zakonoproiekt")
    assert await titles(client, kind="zakonoproiekt") == ["Законопроєкт"]
    assert await titles(client, stage="signed") == []
    assert len(await titles(client, body="mvs", mine=True)) == 2
    assert await titles(client, body="minfin") == []
    admin = await site.new_browser("head@mvs.gov.ua", role=GlobalRole.BODY_ADMIN)
    assert (len(await titles(admin)), await titles(admin, mine=True)) == (2, [])


async def test_pages_follow_one_another_without_a_gap_or_a_repetition(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    for number in range(7):
        site.clock.advance(seconds=number % 2)  # some acts have the same time
        await create(client, f"Акт № {number}", "other")
    seen: list[str] = []
    after = ""
    while True:
        page = (await client.get("/api/v1/acts", params={"limit": 3, "after": after})).json()
        seen += [act["title"] for act in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert sorted(seen) == [f"Акт № {number}" for number in range(7)]
    assert (await client.get("/api/v1/acts", params={"after": "???"})).status_code == 422


async def test_an_edited_act_comes_first(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    old = await create(client, "Старий")
    site.clock.advance(seconds=5)
    await create(client, "Новий")
    assert await titles(client) == ["Новий", "Старий"]
    site.clock.advance(seconds=5)
    head = await site.parts.journal.read_head(DocumentId(old["id"]))
    await site.parts.journal.append([Append(head.document, head.fence, (Entry(b"\x00\x00", UserId("u")),))])
    assert await titles(client) == ["Старий", "Новий"]


# -- renaming and parts -----------------------------------------------------------------------------------------------


async def test_an_act_is_renamed_and_found_by_its_new_title(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    act = (await create(client, "Стара назва"))["id"]
    answer = await client.patch(f"/api/v1/acts/{act}", json={"title": "Нова назва"})
    assert (answer.status_code, answer.json()["title"]) == (200, "Нова назва")
    assert await titles(client, q="стара") == []
    assert await titles(client, q="нова") == ["Нова назва"]


async def test_an_explanatory_note_is_a_document_of_its_own(site: Site) -> None:
    client = await site.new_browser("a@mvs.gov.ua")
    act = (await create(client, "Про тарифи"))["id"]
    answer = await client.post(f"/api/v1/acts/{act}/documents", json={"part": "note"})
    assert answer.status_code == 201, answer.text
    assert [(each["id"], each["part"]) for each in answer.json()["documents"]] == [(act, ""), (f"{act}.note", "note")]
    assert [unit["text"] for unit in (await text(client, act, part="note"))["units"]] == ["Про тарифи", ""]
    assert (await client.post(f"/api/v1/acts/{act}/documents", json={"part": "note"})).status_code == 409
    assert (await client.post(f"/api/v1/acts/{act}/documents", json={"part": "invented"})).status_code == 422
    for part in ("table", "../note", "note.note"):
        assert (await client.get(f"/api/v1/acts/{act}/text", params={"part": part})).status_code == 404


# -- secrecy ----------------------------------------------------------------------------------------------------------


async def test_I12_an_act_is_not_there_for_people_whose_body_takes_no_part(site: Site) -> None:
    owner = await site.new_browser("a@mvs.gov.ua")
    act = (await create(owner))["id"]
    for stranger in (
        await site.new_browser("c@mvs.gov.ua"),
        await site.new_browser("b@minfin.gov.ua", body="minfin"),
        await site.new_browser("head@minfin.gov.ua", body="minfin", role=GlobalRole.BODY_ADMIN),
        await site.new_browser("admin@skmu.gov.ua", body="skmu", role=GlobalRole.ADMIN),
        await site.new_browser("audit@skmu.gov.ua", body="skmu", role=GlobalRole.AUDITOR),
    ):
        assert await titles(stranger) == []
        answers = [
            await stranger.get(f"/api/v1/acts/{act}"),
            await stranger.get(f"/api/v1/acts/{act}/text"),
            await stranger.get(f"/api/v1/acts/{act}/export", params={"format": "md"}),
            await stranger.patch(f"/api/v1/acts/{act}", json={"title": "Моє"}),
            await stranger.post(f"/api/v1/acts/{act}/documents", json={"part": "note"}),
            await stranger.put(f"/api/v1/acts/{act}/members/x", json={"role": "reader"}),
            await stranger.delete(f"/api/v1/acts/{act}/members/x"),
            await stranger.put(f"/api/v1/acts/{act}/bodies/minfin", json={"part": "reader"}),
            await stranger.delete(f"/api/v1/acts/{act}/bodies/minfin"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 9
        missing = await stranger.get("/api/v1/acts/немає")
        assert {**missing.json(), "instance": ""} == {**answers[0].json(), "instance": ""}


async def test_nobody_reads_acts_without_signing_in(site: Site) -> None:
    client = await site.client()
    assert (await client.get("/api/v1/acts")).status_code == 401
