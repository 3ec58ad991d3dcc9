"""The operator's API: health without text, nodes, quarantine, verify, restore; every action recorded."""

from typing import Any

import pytest
from sqlalchemy import select, text

from server.access.roles import GlobalRole
from server.db.tables import events
from server.events.store import SYSTEM
from server.ids import DocumentId, UserId
from server.rooms.registry import Registry
from tests.rooms.hall import wait_until
from tests.site import Site
from tests.suggestions.cast import Cast, first_text, gather
from tests.versions.writing import write_as

ROOT = "/api/v1/operator"


@pytest.fixture
async def cast(site: Site) -> Cast:
    return await gather(site)


async def operator(site: Site) -> Any:  # Any: a client of the library
    return await site.new_browser("operator@skmu.gov.ua", body="skmu", role=GlobalRole.ADMIN)


async def told(site: Site, scope: str = SYSTEM) -> list[str]:
    """The kinds of events of a scope, in order."""
    query = select(events.c.kind).where(events.c.scope == scope).order_by(events.c.seq)
    return list(await site.parts.database.read(lambda connection: connection.execute(query).scalars().all()))


async def test_only_administrators_of_the_server_are_operators(cast: Cast) -> None:
    for who in ("lead", "drafter", "admin"):
        for path in ("nodes", "documents", "quarantine"):
            assert (await cast[who].client.get(f"{ROOT}/{path}")).status_code == 403
        assert (await cast[who].client.post(f"{ROOT}/documents/{cast.act}/restore", json={"seq": 1})).status_code == 403


async def test_the_health_of_documents_tells_numbers_and_no_text(cast: Cast, site: Site) -> None:
    await write_as(cast, "drafter", "Таємне слово 🦔 ")
    client = await operator(site)
    async with cast.desk("drafter"):
        answer = await client.get(f"{ROOT}/documents", params={"q": cast.act})
        (shown,) = answer.json()["items"]
        assert (shown["last_seq"], shown["log_length"], shown["quarantined"]) == (2, 2, 0)
        assert (shown["open_here"], shown["connections"], shown["saving_stopped"]) == (True, 1, False)
        assert "Таємне" not in answer.text
    assert (await client.get(f"{ROOT}/documents", params={"q": "немає"})).json() == {"items": []}
    assert (await client.get(f"{ROOT}/documents", params={"before": cast.act})).json() == {"items": []}


async def test_verify_says_where_a_stored_byte_was_changed(cast: Cast, site: Site) -> None:
    client = await operator(site)
    assert (await client.post(f"{ROOT}/documents/{cast.act}/verify")).json() == {"items": []}
    await site.parts.database.write(lambda c: c.execute(text("UPDATE journal_rows SET at = at + 1 WHERE seq = 1")))
    (defect, *_) = (await client.post(f"{ROOT}/documents/{cast.act}/verify")).json()["items"]
    assert cast.act in defect["where"]
    assert (await told(site))[-2:] == ["document.verified", "document.verified"]
    assert (await client.post(f"{ROOT}/documents/{'0' * 32}/verify")).status_code == 404


async def test_a_document_is_put_back_by_an_edit_that_everyone_in_the_room_sees(cast: Cast, site: Site) -> None:
    client = await operator(site)
    await write_as(cast, "drafter", "Зайве ")
    async with cast.desk("second") as desk:
        assert desk.text.startswith("Зайве")
        answer = await client.post(f"{ROOT}/documents/{cast.act}/restore", json={"seq": 1})
        assert answer.json() == {"changed": True}, answer.text
        await desk.until(lambda _message: not desk.text.startswith("Зайве"))
    assert not (await cast.get("lead", "/text"))["units"][0]["text"].startswith("Зайве")
    assert (await client.post(f"{ROOT}/documents/{cast.act}/restore", json={"seq": 1})).json() == {"changed": False}
    assert (await client.post(f"{ROOT}/documents/{cast.act}/restore", json={"seq": 99})).status_code == 404
    assert "document.restored" in await told(site)
    assert "document.restored" in await told(site, cast.act)


async def quarantined(cast: Cast, site: Site, update: bytes) -> str:
    """An update of the drafter in quarantine; its name there."""
    await site.parts.journal.quarantine(DocumentId(cast.act), UserId(cast["drafter"].id), "poisoned", update)
    (kept,) = (await (await site.browser("operator@skmu.gov.ua")).get(f"{ROOT}/quarantine")).json()["items"]
    assert (kept["document"], kept["user"], kept["rule"]) == (cast.act, cast["drafter"].id, "poisoned")
    return str(kept["id"])


async def test_P10_a_quarantined_change_is_tried_again_in_its_authors_name_or_given_up_with_a_trace(cast: Cast, site: Site) -> None:
    client = await operator(site)
    async with cast.desk("drafter") as desk:
        name = await quarantined(cast, site, desk.edit(lambda doc: first_text(doc).insert(0, "Врятоване ")))
    assert (await client.post(f"{ROOT}/quarantine/{name}/release")).status_code == 204
    assert (await cast.get("lead", "/text"))["units"][0]["text"].startswith("Врятоване")
    history = [record async for record in site.parts.journal.read_history(DocumentId(cast.act))]
    assert history[-1].author == cast["drafter"].id
    name = await quarantined(cast, site, b"\x01\x01\xff\xff\xff")
    refused = await client.post(f"{ROOT}/quarantine/{name}/release")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert (await client.post(f"{ROOT}/quarantine/{name}/discard")).status_code == 204
    assert (await client.post(f"{ROOT}/quarantine/{name}/discard")).status_code == 404
    traces = [kind for kind in await told(site) if kind.startswith("quarantine.")]
    assert traces == ["quarantine.released", "quarantine.discarded"]


async def test_a_node_that_is_drained_says_so_and_an_unknown_one_is_refused(cast: Cast, site: Site) -> None:
    client = await operator(site)
    (node,) = (await client.get(f"{ROOT}/nodes")).json()["items"]
    assert (node["own"], node["status"]) == (True, "ok")
    assert (await client.post(f"{ROOT}/nodes/nobody/drain")).status_code == 404
    assert (await client.post(f"{ROOT}/nodes/{node['id']}/drain")).status_code == 204
    registry: Registry = site.parts.registry
    await wait_until(lambda: registry.draining)
    (node,) = (await client.get(f"{ROOT}/nodes")).json()["items"]
    assert node["status"] == "draining"
    assert (await told(site))[-1] == "node.drained"
