"""What is asked for many people, acts or documents at once says the same on every database; asked twice, with other values."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from server.access.actor import Actor
from server.access.roles import Part, Role
from server.accounts import demo
from server.accounts.model import Person
from server.accounts.service import AccountService
from server.accounts.store import find_people
from server.acts.access import read_accesses
from server.acts.service import ActService
from server.auth import store
from server.auth.credentials import Credential
from server.auth.passwords import Passwords
from server.db.engine import Database
from server.ids import ActId, DocumentId, UserId, new_id
from server.journal.store import read_fences_in
from server.versions.freezing import freeze_base
from tests.databases import KINDS, fresh_database

NOW = 1_700_000_000_000
HOUR_MS = 3_600_000


@pytest.fixture(params=[KINDS[0], pytest.param(KINDS[1], marks=pytest.mark.services)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path, request) as database:
        yield database


async def person_in(database: Database) -> Person:
    people = AccountService(database, Passwords(), lambda: NOW, new_id, on_access_changed=lambda _change: None)
    await people.seed(demo.PEOPLE[:1])
    person = await people.find_by_email(demo.PEOPLE[0].email)
    assert person is not None
    return person


async def test_sessions_and_tokens_hold_as_long_as_each_of_them_does(database: Database) -> None:
    person = await person_in(database)
    ends = NOW + 100 * HOUR_MS

    def write(connection: Connection) -> None:
        for name, shared in (("власна", False), ("спільна", True)):
            store.add_session(connection, store.Session(name, person.id, NOW, NOW, ends, "", "", shared), f"zls_{name}")
        store.add_token(connection, person.id, store.Token("ключ", "скрипт", NOW, None, NOW + HOUR_MS), "zlt_ключ")

    await database.write(write)
    asked = ["власна", "спільна", "ключ", "ніхто"]
    for hours, holds in ((0, {"власна", "спільна", "ключ"}), (0.75, {"власна", "ключ"}), (2, {"власна"}), (80, set())):
        at = NOW + round(hours * HOUR_MS)
        standing = await database.read(lambda connection, at=at: store.standing(connection, asked, at))  # type: ignore[misc]
        assert standing == dict.fromkeys(holds, f"mvs {person.role}")
        for kind in (Credential.SESSION, Credential.TOKEN):
            secrets = [kind.value + name for name in asked]
            found = await database.read(lambda c, kind=kind, secrets=secrets, at=at: store.find_bearers(c, kind, secrets, at))  # type: ignore[misc]
            assert {bearer.session for bearer in found.values()} == (holds & {"ключ"} if kind is Credential.TOKEN else holds - {"ключ"})
            assert {bearer.account.id for bearer in found.values()} <= {person.id}


async def test_rights_and_fences_of_several_acts_are_those_of_each(database: Database) -> None:
    person = await person_in(database)
    actor = Actor(person.id, person.name, person.body, person.role)
    acts = ActService(database, lambda: NOW, new_id, freeze_base)
    made = [await acts.create(actor, title, "postanova") for title in ("Про дороги", "Про мости")]
    asked = [*made, ActId("0" * 32)]
    for wanted in (asked, asked[1:], []):
        accesses = await database.read(lambda connection, wanted=wanted: read_accesses(connection, wanted))  # type: ignore[misc]
        assert set(accesses) == set(wanted) & set(made)
        for access in accesses.values():
            assert (access.lead_body, dict(access.members)) == (person.body, {person.id: frozenset({Role.LEAD})})
            assert not access.sealed
            assert set(access.bodies.values()) <= {Part.LEAD}
        fences = await database.read(lambda connection, wanted=wanted: read_fences_in(connection, list(map(DocumentId, wanted))))  # type: ignore[misc]
        assert set(fences) == set(map(DocumentId, set(wanted) & set(made)))
    people = await database.read(lambda connection: find_people(connection, [person.id, UserId("0" * 32)]))
    assert people == {person.id: person}
