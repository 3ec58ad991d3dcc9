"""Who may bring whom into an act (D13), over HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from server.access.change import AccessChange
from server.access.roles import GlobalRole
from server.events.store import read_page
from server.ids import DocumentId, UserId
from server.journal.journal import Append, Entry, FenceMoved
from tests.site import Site


@dataclass
class Person:
    id: str
    client: httpx2.AsyncClient


@dataclass
class Cast:
    """An act of МВС, its lead, and people of other bodies who have nothing to do with it yet."""

    site: Site
    act: str
    lead: Person

    async def person(self, email: str, body: str, role: GlobalRole = GlobalRole.NONE) -> Person:
        client = await self.site.new_browser(email, body=body, role=role, name=f"Людина {email}")
        return Person((await client.get("/api/v1/me")).json()["id"], client)

    async def put(self, by: Person, who: Person, **body: Any) -> httpx2.Response:
        return await by.client.put(f"/api/v1/acts/{self.act}/members/{who.id}", json=body)

    async def view(self, by: Person) -> Any:
        answer = await by.client.get(f"/api/v1/acts/{self.act}")
        return answer.json() if answer.status_code == 200 else answer.status_code

    async def roles(self) -> dict[str, list[str]]:
        return {member["user"]: member["roles"] for member in (await self.view(self.lead))["members"]}

    async def parts(self) -> dict[str, str]:
        return {body["body"]: body["part"] for body in (await self.view(self.lead))["bodies"]}


@pytest.fixture
async def cast(site: Site) -> Cast:
    client = await site.new_browser("lead@mvs.gov.ua", body="mvs")
    made = await client.post("/api/v1/acts", json={"title": "Про дорожній рух", "kind": "postanova"})
    return Cast(site, made.json()["id"], Person(made.json()["created_by"], client))


async def test_a_drafter_of_another_body_makes_that_body_a_co_developer(cast: Cast) -> None:
    drafter = await cast.person("d@minfin.gov.ua", "minfin")
    answer = await cast.put(cast.lead, drafter, role="drafter")
    assert answer.status_code == 200, answer.text
    assert await cast.parts() == {"mvs": "lead", "minfin": "co_developer"}
    seen = await cast.view(drafter)
    assert (seen["scope"], "edit" in seen["abilities"], "invite" in seen["abilities"]) == ("write", True, False)
    assert cast.site.changes[-1] == AccessChange(act=cast.act)  # type: ignore[arg-type]


@pytest.mark.parametrize(("role", "part", "scope"), [("reviewer", "interested", "suggest"), ("reader", "reader", "read")])
async def test_a_reviewer_or_reader_of_another_body_invites_it(cast: Cast, role: str, part: str, scope: str) -> None:
    invited = await cast.person("r@minfin.gov.ua", "minfin")
    assert (await cast.put(cast.lead, invited, role=role)).status_code == 200
    assert (await cast.parts())["minfin"] == part
    assert (await cast.view(invited))["scope"] == scope
    listed = (await invited.client.get("/api/v1/acts")).json()["items"]
    assert [act["id"] for act in listed] == [cast.act]


async def test_inviting_a_reviewer_does_not_lower_a_co_developer(cast: Cast) -> None:
    drafter, reviewer = await cast.person("d@minfin.gov.ua", "minfin"), await cast.person("r@minfin.gov.ua", "minfin")
    await cast.put(cast.lead, drafter, role="drafter")
    await cast.put(cast.lead, reviewer, role="reviewer")
    assert (await cast.parts())["minfin"] == "co_developer"


async def test_roles_add_up_and_are_set_together(cast: Cast) -> None:
    colleague = await cast.person("c@mvs.gov.ua", "mvs")
    await cast.put(cast.lead, colleague, role="signatory")
    await cast.put(cast.lead, colleague, role="drafter")
    assert (await cast.roles())[colleague.id] == ["drafter", "signatory"]
    assert cast.site.changes[-1] == AccessChange(act=cast.act, user=colleague.id)  # type: ignore[arg-type]
    await cast.put(cast.lead, colleague, roles=["legal", "reviewer"])
    assert (await cast.roles())[colleague.id] == ["reviewer", "legal"]
    refused: list[dict[str, Any]] = [{}, {"roles": []}, {"role": "reader", "roles": ["reader"]}, {"role": "king"}]
    for wrong in refused:
        assert (await cast.put(cast.lead, colleague, **wrong)).status_code == 422
    removed = await cast.lead.client.delete(f"/api/v1/acts/{cast.act}/members/{colleague.id}")
    assert removed.status_code == 204
    assert await cast.view(colleague) == 404
    again = await cast.lead.client.delete(f"/api/v1/acts/{cast.act}/members/{colleague.id}")
    assert again.status_code == 404


async def test_only_the_body_itself_names_who_signs_for_it(cast: Cast) -> None:
    head = await cast.person("head@minfin.gov.ua", "minfin", GlobalRole.BODY_ADMIN)
    clerk = await cast.person("c@minfin.gov.ua", "minfin")
    assert (await cast.put(cast.lead, clerk, role="signatory")).status_code == 403
    assert (await cast.put(head, clerk, role="signatory")).status_code == 404
    invited = await cast.lead.client.put(f"/api/v1/acts/{cast.act}/bodies/minfin", json={"part": "interested"})
    assert invited.status_code == 200, invited.text
    assert (await cast.put(head, clerk, role="signatory")).status_code == 200
    assert (await cast.put(head, clerk, role="drafter")).status_code == 403
    stranger = await cast.person("x@mindigital.gov.ua", "mindigital")
    assert (await cast.put(head, stranger, role="reader")).status_code == 403
    assert await cast.parts() == {"mvs": "lead", "minfin": "interested"}
    assert (await cast.view(clerk))["abilities"][:1] == ["see_card"]


async def test_a_drafter_brings_nobody_in(cast: Cast) -> None:
    drafter, other = await cast.person("d@mvs.gov.ua", "mvs"), await cast.person("o@mvs.gov.ua", "mvs")
    await cast.put(cast.lead, drafter, role="drafter")
    assert (await cast.put(drafter, other, role="reader")).status_code == 403
    assert (await drafter.client.put(f"/api/v1/acts/{cast.act}/bodies/minfin", json={"part": "reader"})).status_code == 403
    assert (await drafter.client.delete(f"/api/v1/acts/{cast.act}/members/{cast.lead.id}")).status_code == 403


async def test_an_act_is_never_left_without_a_lead(cast: Cast) -> None:
    assert (await cast.lead.client.delete(f"/api/v1/acts/{cast.act}/members/{cast.lead.id}")).status_code == 409
    assert (await cast.put(cast.lead, cast.lead, roles=["reader"])).status_code == 409
    second = await cast.person("s@mvs.gov.ua", "mvs")
    await cast.put(cast.lead, second, role="lead")
    assert (await cast.lead.client.delete(f"/api/v1/acts/{cast.act}/members/{cast.lead.id}")).status_code == 204
    assert await cast.view(cast.lead) == 404


async def test_everyone_may_leave_by_themselves(cast: Cast) -> None:
    reader = await cast.person("r@minfin.gov.ua", "minfin")
    await cast.put(cast.lead, reader, role="reader")
    assert (await reader.client.delete(f"/api/v1/acts/{cast.act}/members/{reader.id}")).status_code == 204
    assert await cast.view(reader) == 404


async def test_a_body_that_is_removed_takes_its_people_with_it(cast: Cast) -> None:
    drafter = await cast.person("d@minfin.gov.ua", "minfin")
    await cast.put(cast.lead, drafter, role="drafter")
    assert (await cast.lead.client.delete(f"/api/v1/acts/{cast.act}/bodies/minfin")).status_code == 204
    assert await cast.view(drafter) == 404
    assert await cast.parts() == {"mvs": "lead"}
    assert drafter.id not in await cast.roles()
    assert cast.site.changes[-1] == AccessChange(act=cast.act)  # type: ignore[arg-type]
    assert (await cast.lead.client.delete(f"/api/v1/acts/{cast.act}/bodies/minfin")).status_code == 404


async def test_the_lead_body_stays_and_there_is_one(cast: Cast) -> None:
    bodies = f"/api/v1/acts/{cast.act}/bodies"
    assert (await cast.lead.client.put(f"{bodies}/mvs", json={"part": "reader"})).status_code == 409
    assert (await cast.lead.client.delete(f"{bodies}/mvs")).status_code == 409
    assert (await cast.lead.client.put(f"{bodies}/minfin", json={"part": "lead"})).status_code == 422
    assert (await cast.lead.client.put(f"{bodies}/nemaie", json={"part": "reader"})).status_code == 422


async def test_a_lowered_body_holds_its_people_down(cast: Cast) -> None:
    drafter = await cast.person("d@minfin.gov.ua", "minfin")
    await cast.put(cast.lead, drafter, role="drafter")
    await cast.lead.client.put(f"/api/v1/acts/{cast.act}/bodies/minfin", json={"part": "reader"})
    assert (await cast.view(drafter))["scope"] == "read"


async def test_a_person_who_does_not_exist_or_is_disabled_is_not_brought_in(cast: Cast) -> None:
    nobody = Person("0" * 32, cast.lead.client)
    assert (await cast.put(cast.lead, nobody, role="reader")).status_code == 422
    gone = await cast.person("g@mvs.gov.ua", "mvs")
    admin = await cast.person("admin@skmu.gov.ua", "skmu", GlobalRole.ADMIN)
    assert (await admin.client.patch(f"/api/v1/people/{gone.id}", json={"disabled": True})).status_code == 200
    assert (await cast.put(cast.lead, gone, role="reader")).status_code == 422


async def test_D8a_a_change_of_roles_moves_the_fence_of_every_document(cast: Cast) -> None:
    await cast.lead.client.post(f"/api/v1/acts/{cast.act}/documents", json={"part": "note"})
    journal = cast.site.parts.journal
    heads = [await journal.read_head(DocumentId(name)) for name in (cast.act, f"{cast.act}.note")]
    colleague = await cast.person("c@mvs.gov.ua", "mvs")
    await cast.put(cast.lead, colleague, role="drafter")
    update = (Entry("стара".encode(), UserId(colleague.id)),)
    outcomes = await journal.append([Append(head.document, head.fence, update) for head in heads])
    assert [type(outcome) for outcome in outcomes] == [FenceMoved, FenceMoved]
    await cast.put(cast.lead, colleague, role="drafter")  # nothing changes
    assert (await journal.read_head(heads[0].document)).fence.roles_version == heads[0].fence.roles_version + 1


async def test_what_was_done_is_recorded_with_ids_only(cast: Cast) -> None:
    drafter = await cast.person("d@minfin.gov.ua", "minfin")
    await cast.put(cast.lead, drafter, role="drafter")
    events = await cast.site.parts.database.read(lambda connection: read_page(connection, cast.act))
    assert [event.kind for event in reversed(events)] == ["act.created", "act.roles_set"]
    assert events[0].actor == cast.lead.id
    told = {"user": drafter.id, "body": "minfin", "from": [], "to": ["drafter"], "part": "co_developer"}
    assert events[0].payload == told
