"""The demo act: written for this project, brought in like any other file, with people of several bodies around it."""

from collections.abc import Mapping
from pathlib import Path

from server.access.actor import Actor
from server.access.roles import Part, Role
from server.acts.participants import ParticipantService
from server.acts.service import ActService
from server.ids import BodyCode

_FILE = Path(__file__).parent / "demo" / "poriadok.md"
_LEAD = "drafter-mvs"
_DRAFTERS = ("drafter2-mvs", "drafter-minjust")
_REVIEWERS = ("reviewer-minfin", "reviewer-mineconomy")
_INTERESTED = ("minfin", "mineconomy", "mindigital")
_SPEAKERS = (
    ("body-admin-minfin", "signatory-minfin", Role.SIGNATORY),
    ("body-admin-mineconomy", "signatory-mineconomy", Role.SIGNATORY),
    ("body-admin-mindigital", "signatory-mindigital", Role.SIGNATORY),
    ("body-admin-minjust", "legal-minjust", Role.LEGAL),
)
"""Who gives whom the right to speak for their body."""


async def make_demo_act(acts: ActService, participants: ParticipantService, people: Mapping[str, Actor]) -> None:
    """Import the demo act for the demo people (by key). Call once, on a database without acts."""
    lead = people[_LEAD]
    result = await acts.import_file(lead, _FILE.name, _FILE.read_bytes(), kind="postanova", automatic=True)
    await participants.set_body(lead, result.act, BodyCode("minjust"), Part.CO_DEVELOPER)
    for body in _INTERESTED:
        await participants.set_body(lead, result.act, BodyCode(body), Part.INTERESTED)
    for key in _DRAFTERS:
        await participants.add_role(lead, result.act, people[key].id, Role.DRAFTER)
    for key in _REVIEWERS:
        await participants.add_role(lead, result.act, people[key].id, Role.REVIEWER)
    for admin, speaker, role in _SPEAKERS:
        await participants.add_role(people[admin], result.act, people[speaker].id, role)
