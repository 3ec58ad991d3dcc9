"""Acts: made, imported, found, read, renamed. Each verb asks the policy, writes in one transaction, records its event."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection

from server.access.actor import ActAccess, Actor
from server.access.policy import Action, abilities, require, scope_of
from server.access.roles import Part, Role, Scope
from server.acts import store
from server.acts.access import read_access, read_accesses
from server.acts.model import (
    MAIN,
    Card,
    DocumentInfo,
    Member,
    Page,
    Wanted,
    blank,
    check_kind,
    check_part,
    clean_title,
    scheme_of,
    skeleton,
)
from server.clock import Clock
from server.crdt.document import SEED_CLIENT, build
from server.crdt.schema import load_schema
from server.db.engine import Database
from server.errors import Conflict, Damaged
from server.events.store import record
from server.formats import formats, source
from server.ids import ActId, DocumentId, NewId, UserId, document_of
from server.journal.journal import SERVER, Entry
from server.journal.store import NewDocument, create_in, read_documents_in
from server.resources import read_schema
from server.text.automatic import with_automatic_labels
from server.text.convert import to_elements
from server.text.numbering import Scheme, load_scheme
from server.text.tree import Tree


@dataclass(frozen=True, slots=True)
class ActView:
    """An act as one person sees it."""

    card: Card
    members: Sequence[Member]
    documents: Sequence[DocumentInfo]
    abilities: Sequence[Action]
    scope: Scope
    scheme: dict[str, Any]  # Any: the scheme's JSON, for the editor


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The new act, and what a person should look at in it."""

    act: ActId
    warnings: Sequence[source.Warning]


FreezeBase = Callable[[Card, Tree, Scheme], Callable[[Connection], str]]
"""Prepares revision 0 of an imported text; what it returns writes it in a transaction and tells its content hash."""


class ActService:
    """The verbs on acts as wholes; who takes part is in `participants.py`, the text in `texts.py`."""

    def __init__(self, database: Database, clock: Clock, new_id: NewId, freeze_base: FreezeBase) -> None:
        self._freeze_base = freeze_base
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def access(self, act: ActId) -> ActAccess:
        """What the policy needs to know of an act; asks for no right. Raises NotFound."""
        return await self._database.read(lambda connection: read_access(connection, act))

    async def accesses(self, acts: Sequence[ActId]) -> Mapping[ActId, ActAccess]:
        """The same of several acts at once; those that do not exist are left out."""
        return await self._database.read(lambda connection: read_accesses(connection, acts))

    async def create(self, actor: Actor, title: str, kind: str, *, from_skeleton: bool = True) -> ActId:
        """A new act led by the actor's body, the actor its lead. Raises Forbidden, InvalidInput."""
        require(actor, Action.CREATE_ACT)
        title, kind = clean_title(title), check_kind(kind)
        tree = skeleton(kind, title, self._new_id) if from_skeleton else blank(title, self._new_id)
        card = self._new_card(actor, title, kind)
        seed = build(to_elements(tree))

        def write(connection: Connection) -> None:
            self._insert(connection, actor, card, seed)
            record(connection, card.id, actor.id, "act.created", {"kind": kind, "title": title}, card.created_at)

        await self._database.write(write)
        return card.id

    async def import_file(  # noqa: PLR0913 - what an upload says
        self, actor: Actor, name: str, data: bytes, *, title: str = "", kind: str = "", automatic: bool = False
    ) -> ImportResult:
        """A file as a new act, frozen as revision 0 with the same block ids (D1b).

        `automatic`: the labels of a draft become automatic where that changes none of them.

        Raises Forbidden, InvalidInput, UnsupportedType, TooLarge.
        """
        require(actor, Action.CREATE_ACT)
        if kind:
            check_kind(kind)
        if title:
            title = clean_title(title)
        imported = await asyncio.to_thread(formats.read, name, data, self._new_id)
        card = self._new_card(actor, title or _title_of(imported, name), kind or check_kind(imported.kind))
        seed, write_base = await asyncio.to_thread(self._prepare, card, imported.tree, automatic)

        def write(connection: Connection) -> None:
            self._insert(connection, actor, card, seed)
            told = {"kind": card.kind, "title": card.title, "file": PurePath(name).name[:200], "content_hash": write_base(connection)}
            record(connection, card.id, actor.id, "act.imported", told, card.created_at)

        await self._database.write(write)
        return ImportResult(card.id, imported.warnings)

    async def list(self, actor: Actor, wanted: Wanted) -> Page:
        """The acts the actor may know of (I12), the last active first."""
        return await self._database.read(lambda connection: store.list_cards(connection, actor, wanted))

    async def read(self, actor: Actor, act: ActId) -> ActView:
        """The act as the actor sees it. Raises NotFound when that is nothing."""

        def read(connection: Connection) -> ActView:
            access = read_access(connection, act)
            require(actor, Action.SEE_CARD, access)
            card = store.read_card(connection, act)
            members = store.read_members(connection, act)
            documents = [
                DocumentInfo(state.document, state.part, state.fence.epoch, state.schema_version, state.last_seq, state.fence.sealed)
                for state in read_documents_in(connection, act)
            ]
            return ActView(card, members, documents, abilities(actor, access), scope_of(actor, access), _scheme_data(card))

        return await self._database.read(read)

    async def rename(self, actor: Actor, act: ActId, title: str) -> None:
        """A new title for the card; the title inside the text is a unit of its own. Raises NotFound, Forbidden, InvalidInput."""
        title = clean_title(title)
        at = self._clock()

        def write(connection: Connection) -> None:
            store.lock_act(connection, act)
            require(actor, Action.RENAME, read_access(connection, act))
            old = store.read_card(connection, act).title
            if old == title:
                return
            store.rename_act(connection, act, title, at)
            record(connection, act, actor.id, "act.renamed", {"from": old, "to": title}, at)

        await self._database.write(write)

    async def add_document(self, actor: Actor, act: ActId, part: str) -> DocumentId:
        """Another part of the package, such as the explanatory note. Raises NotFound, Forbidden, InvalidInput, Conflict."""
        check_part(part)
        document, at = document_of(act, part), self._clock()

        def write(connection: Connection) -> None:
            store.lock_act(connection, act)
            require(actor, Action.EDIT, read_access(connection, act))
            if any(state.document == document for state in read_documents_in(connection, act)):
                raise Conflict(uk="Така частина вже є.", en="This part exists already.")
            title = store.read_card(connection, act).title
            seed = build(to_elements(blank(title, self._new_id)))
            self._create_document(connection, act, document, seed, actor.id, at)
            record(connection, act, actor.id, "act.document_added", {"part": part}, at)

        await self._database.write(write)
        return document

    def _new_card(self, actor: Actor, title: str, kind: str) -> Card:
        scheme, at = load_scheme(scheme_of(kind)), self._clock()
        return Card(
            id=ActId(self._new_id()),
            title=title,
            kind=kind,
            stage="draft",
            lead_body=actor.body,
            bodies={actor.body: Part.LEAD},
            scheme_id=scheme.id,
            scheme_hash=scheme.hash,
            created_by=actor.id,
            created_at=at,
            active_at=at,
        )

    def _insert(self, connection: Connection, actor: Actor, card: Card, seed: bytes) -> None:
        store.insert_act(connection, card)
        store.set_roles(connection, card.id, actor.id, frozenset({Role.LEAD}), actor.id, card.created_at)
        self._create_document(connection, card.id, document_of(card.id, MAIN), seed, actor.id, card.created_at)

    def _prepare(self, card: Card, tree: Tree, automatic: bool) -> tuple[bytes, Callable[[Connection], str]]:
        scheme = load_scheme(card.scheme_id)
        if automatic:
            tree = with_automatic_labels(tree, scheme)
        return build(to_elements(tree)), self._freeze_base(card, tree, scheme)

    def _create_document(  # noqa: PLR0913 - one row of the journal
        self, connection: Connection, act: ActId, document: DocumentId, seed: bytes, author: UserId, at: int
    ) -> None:
        """The seed is the author's, but its client id stays the server's, so that nobody writes on under it."""
        create_in(connection, NewDocument(act, document, load_schema().version, (Entry(seed, author),), ((SEED_CLIENT, SERVER),)), at)


def pinned_scheme(card: Card) -> Scheme:
    """The numbering scheme the act was made with. Raises Damaged when the program's file is another one: numbers would change."""
    scheme = load_scheme(card.scheme_id)
    if scheme.hash != card.scheme_hash:
        raise Damaged(f"the numbering scheme {card.scheme_id} is not the one that {card.id} was made with")
    return scheme


def _scheme_data(card: Card) -> dict[str, Any]:  # Any: JSON
    data: dict[str, Any] = json.loads(read_schema(f"numbering/{pinned_scheme(card).id}.json"))
    return data


def _title_of(imported: source.Imported, name: str) -> str:
    return clean_title(imported.title[:1000] or PurePath(name).stem[:200] or "Без назви")
