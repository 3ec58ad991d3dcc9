"""From texts to a revision that is ready to be written: trees, numbers, canonical bytes, hashes. CPU work; no I/O."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from server.acts.model import MAIN, Card
from server.formats import canonical
from server.ids import ActId, DocumentId, Seq, UserId, document_of
from server.text.numbering import Scheme
from server.text.tree import Tree
from server.versions.chain import START, chained, tree_hash
from server.versions.model import BASE, Revision, RevisionContent, RevisionKind, RevisionPart
from server.versions.store import insert_revision


@dataclass(frozen=True, slots=True)
class PartText:
    """One document of an act as its journal held it after `seq`."""

    part: str
    document: DocumentId
    seq: Seq
    tree: Tree


@dataclass(frozen=True, slots=True)
class FrozenPart:
    """One document with its canonical bytes."""

    record: RevisionPart
    tree: bytes


@dataclass(frozen=True, slots=True)
class Cause:
    """What a revision says of itself besides its text."""

    act: ActId
    kind: RevisionKind
    title: str
    note: str
    by: UserId
    at: int


def freeze_part(text: PartText, scheme: Scheme) -> FrozenPart:
    """The canonical bytes of one document, and their hashes."""
    tree = canonical.write(canonical.freeze(text.tree, scheme))
    content = canonical.content_hash(text.tree, scheme)
    return FrozenPart(RevisionPart(text.part, text.document, text.seq, content, tree_hash(tree)), tree)


def next_revision(cause: Cause, scheme: Scheme, parts: Sequence[FrozenPart], previous: Revision | None) -> RevisionContent:
    """The revision that follows `previous`; without one it is number 1, and the base is number 0."""
    number = BASE if cause.kind is RevisionKind.BASE else previous.number + 1 if previous else 1
    unchained = Revision(
        act=cause.act,
        number=number,
        kind=cause.kind,
        title=cause.title,
        note=cause.note,
        scheme_id=scheme.id,
        scheme_hash=scheme.hash,
        parts=tuple(part.record for part in sorted(parts, key=lambda part: part.record.part)),
        created_by=cause.by,
        at=cause.at,
        previous_hash=START,
        hash="",
    )
    return RevisionContent(chained(unchained, previous), {part.record.part: part.tree for part in parts})


def freeze_base(card: Card, tree: Tree, scheme: Scheme) -> Callable[[Connection], str]:
    """Revision 0 of an imported act (D1b), prepared: what is returned writes it in the caller's transaction and tells its content hash."""
    part = freeze_part(PartText(MAIN, document_of(card.id, MAIN), Seq(1), tree), scheme)
    cause = Cause(card.id, RevisionKind.BASE, card.title, "", card.created_by, card.created_at)
    base = next_revision(cause, scheme, [part], None)

    def write(connection: Connection) -> str:
        insert_revision(connection, base)
        return base.revision.content_hash

    return write
