"""The text of an act as it is on disk: read, exported. No room is asked; what is told here has been saved (P1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.access.actor import Actor
from server.access.policy import Action, require
from server.acts import store
from server.acts.access import read_access
from server.acts.model import MAIN, Card
from server.acts.service import pinned_scheme
from server.crdt.document import ActDocument
from server.db.engine import Database
from server.errors import NotFound, UnsupportedType
from server.formats import canonical, formats
from server.formats.canonical import Line
from server.formats.formats import Export
from server.ids import ActId, Seq, document_of
from server.journal.journal import Journal
from server.journal.whole import Whole, read_whole
from server.text.convert import from_elements
from server.text.numbering import Scheme
from server.text.tree import Tree
from server.workers.pool import Workers


@dataclass(frozen=True, slots=True)
class Text:
    """What the journal held after `seq`; `hash` is the content hash."""

    seq: Seq
    hash: str
    lines: Sequence[Line]


class TextService:
    """Reads texts from the journal."""

    def __init__(self, database: Database, journal: Journal, workers: Workers) -> None:
        self._database = database
        self._journal = journal
        self._workers = workers

    async def read(self, actor: Actor, act: ActId, part: str = MAIN) -> Text:
        """The text line by line, with its hash. Raises NotFound, Forbidden."""
        card = await self._permit(actor, Action.READ, act)
        whole = await self._load(act, part)
        return await self._workers.run(_size(whole), _read, whole, pinned_scheme(card))

    async def export(self, actor: Actor, act: ActId, name: str, part: str = MAIN) -> tuple[Card, Export]:
        """The text as a file in the format `name`, and the act's card. Raises NotFound, Forbidden, UnsupportedType."""
        if name not in formats.MEDIA_TYPES:
            raise UnsupportedType(
                uk=f"Такого формату немає. Є: {', '.join(formats.MEDIA_TYPES)}.",
                en=f"There is no such format. There are: {', '.join(formats.MEDIA_TYPES)}.",
            )
        card = await self._permit(actor, Action.EXPORT, act)
        whole = await self._load(act, part)
        return card, await self._workers.run(_size(whole), _write, name, whole, pinned_scheme(card), card.title, card.kind)

    async def _permit(self, actor: Actor, action: Action, act: ActId) -> Card:
        access, card = await self._database.read(lambda connection: (read_access(connection, act), store.read_card(connection, act)))
        require(actor, action, access)
        return card

    async def _load(self, act: ActId, part: str) -> Whole:
        if not part.isidentifier() and part != MAIN:
            raise NotFound(f"no part {part!r}")
        return await read_whole(self._journal, document_of(act, part))


def tree_of(whole: Whole) -> Tree:
    """The tree that a document's updates make. Takes the CPU for a while on a large act: run it off the event loop."""
    document = ActDocument()
    for update in whole.updates:
        document.apply(update)
    return from_elements(document.content())


def _read(whole: Whole, scheme: Scheme) -> Text:
    tree = tree_of(whole)
    return Text(whole.seq, canonical.content_hash(tree, scheme), canonical.lines(tree, scheme))


def _write(name: str, whole: Whole, scheme: Scheme, title: str, kind: str) -> Export:
    return formats.write(name, tree_of(whole), scheme, title, kind)


def _size(whole: Whole) -> int:
    return sum(map(len, whole.updates))
