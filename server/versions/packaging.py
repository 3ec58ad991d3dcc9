"""Acts out of the database: as packages for somebody else to verify, and before the eyes of `zlahoda verify` itself."""

import asyncio
import struct
from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import Column, Connection, Table, select, text
from sqlalchemy.exc import SQLAlchemyError

from server.access.actor import Actor
from server.access.policy import Action, can
from server.accounts.store import find_person
from server.acts.access import read_access
from server.clock import Clock
from server.db.engine import Database
from server.db.tables import (
    acts,
    checkpoints,
    client_bindings,
    documents,
    events,
    history_segments,
    journal_rows,
    revision_parts,
    revisions,
)
from server.errors import Forbidden, ZlahodaError
from server.events.store import SYSTEM, find_defect
from server.formats.formats import Export
from server.ids import ActId, UserId
from server.versions import package
from server.versions.chain import Defect
from server.versions.evidence import ActEvidence, list_all_acts, read_act
from server.versions.service import VersionService
from server.versions.verify import verify


class PackageService:
    """Exports acts as packages."""

    def __init__(self, database: Database, clock: Clock, versions: VersionService) -> None:
        self._database = database
        self._clock = clock
        self._versions = versions

    async def export(self, actor: Actor, act: ActId) -> tuple[str, Export]:
        """The act's title and its package. It holds the journal and the record of actions, so it is for who may read the audit.

        Raises NotFound, Forbidden, Damaged.
        """
        card = await self._versions.permit(actor, Action.EXPORT, act)

        def read(connection: Connection) -> tuple[ActEvidence, package.About]:
            if not can(actor, Action.READ_AUDIT, read_access(connection, act)):
                raise Forbidden(
                    uk="Пакет містить журнал дій, тому його вивантажує головний розробник.",
                    en="The package holds the record of actions, so it is for the lead to export.",
                )
            evidence = read_act(connection, act)
            return evidence, package.About(card.title, card.kind, self._clock(), _people(connection, evidence))

        evidence, about = await self._database.read(read)
        return card.title, Export(await asyncio.to_thread(package.write, evidence, about), "application/zip", "zip")


def _people(connection: Connection, evidence: ActEvidence) -> dict[str, dict[str, str]]:
    """Names and bodies of everyone the evidence names by id."""
    named = {str(event["actor"]) for event in evidence.events} | {revision.created_by for revision in evidence.revisions}
    named |= {owner for document in evidence.documents for owner in document.owners.values()}
    found = {user: find_person(connection, user=UserId(user)) for user in sorted(named)}
    return {user: {"name": person.name, "body": person.body} for user, person in found.items() if person is not None}


async def find_defects(database: Database) -> list[Defect]:
    """Everything in a database that is not as it was written, act by act, each as it is at one moment.

    Raises Unavailable when the database does not answer.
    """
    found = await database.read(lambda connection: list(_of_the_whole(connection)))
    if any(defect.where == "database" for defect in found):
        return found
    for act in await database.read(list_all_acts):
        found += await database.read(partial(defects_of_act, act=act))
    return found


_ANYTHING = (SQLAlchemyError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, struct.error)
"""What reading and understanding raises when what is stored may be anything by now; one damaged act must not hide the others."""


def defects_of_act(connection: Connection, act: ActId) -> list[Defect]:
    """Everything of one act that is not as it was written."""
    found: list[Defect] = []
    try:
        found += verify(read_act(connection, act))
    except ZlahodaError as error:
        found.append(Defect(f"act {act}", error.detail))
    except _ANYTHING as error:
        found.append(Defect(f"act {act}", f"cannot be read: {type(error).__name__}: {' '.join(str(error).split())[:200]}"))
    return found


def _of_the_whole(connection: Connection) -> Iterator[Defect]:
    if connection.dialect.name == "sqlite":
        told = [str(line) for line in connection.execute(text("PRAGMA integrity_check(20)")).scalars()]
        if told != ["ok"]:
            yield from (Defect("database", line.splitlines()[-1]) for line in told)
            return
    for table, column, parent in _BELONGS:
        known = select(parent)
        orphans = select(table.c[column]).where(table.c[column].not_in(known)).distinct()
        if table is events:
            orphans = orphans.where(events.c.scope != SYSTEM)
        for orphan in connection.execute(orphans).scalars():
            yield Defect(f"table {table.name}", f"rows of {orphan}, which does not exist")
    broken = find_defect(connection, SYSTEM)
    if broken is not None:
        yield Defect(f"events of the system, event {broken.seq}", broken.reason)


_BELONGS: tuple[tuple[Table, str, Column[Any]], ...] = (  # Any: the column's type
    (documents, "act_id", acts.c.id),
    (revisions, "act_id", acts.c.id),
    (revision_parts, "act_id", acts.c.id),
    (events, "scope", acts.c.id),
    (journal_rows, "document", documents.c.document),
    (history_segments, "document", documents.c.document),
    (checkpoints, "document", documents.c.document),
    (client_bindings, "document", documents.c.document),
)
