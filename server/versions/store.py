"""The tables of revisions: inserted, read, never changed."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, insert, select
from sqlalchemy.exc import IntegrityError

from server.db.tables import revision_parts, revisions
from server.errors import Conflict, Damaged, NotFound
from server.ids import ActId, DocumentId, Seq, UserId
from server.versions.model import Revision, RevisionContent, RevisionKind, RevisionPart

_WITHOUT_TREE = [column for column in revision_parts.c if column.name != "tree"]


def insert_revision(connection: Connection, content: RevisionContent) -> None:
    """Raises Conflict when the number is taken or another revision already follows the same one."""
    revision = content.revision
    row = {name: getattr(revision, name) for name in [column.name for column in revisions.c] if name != "act_id"}
    key = {"act_id": revision.act, "number": revision.number}
    parts = [
        {
            **key,
            "part": part.part,
            "document": part.document,
            "seq": part.seq,
            "content_hash": part.content_hash,
            "tree_hash": part.tree_hash,
            "tree": content.trees[part.part],
        }
        for part in revision.parts
    ]
    try:
        connection.execute(insert(revisions).values({**row, **key}))
        connection.execute(insert(revision_parts), parts)
    except IntegrityError as error:
        raise Conflict(
            f"revision {revision.number} of {revision.act} exists",
            uk="Щойно зафіксовано іншу редакцію. Оновіть сторінку і спробуйте ще раз.",
            en="Another revision has just been frozen. Reload and try again.",
        ) from error


def read_revision(connection: Connection, act: ActId, number: int) -> RevisionContent:
    """A revision with its texts. Raises NotFound."""
    query = select(revision_parts.c.part, revision_parts.c.tree).where(revision_parts.c.act_id == act, revision_parts.c.number == number)
    trees = {row.part: row.tree for row in connection.execute(query)}
    return RevisionContent(read_record(connection, act, number), trees)


def read_record(connection: Connection, act: ActId, number: int) -> Revision:
    """A revision without its texts. Raises NotFound."""
    row = connection.execute(select(revisions).where(revisions.c.act_id == act, revisions.c.number == number)).mappings().first()
    if row is None:
        raise NotFound(f"no revision {number} of {act}", uk=f"Редакції № {number} немає.", en=f"There is no revision {number}.")
    return _with_parts(connection, act, [row])[0]


def find_head(connection: Connection, act: ActId) -> Revision | None:
    """The newest revision, or None before the first."""
    query = select(revisions).where(revisions.c.act_id == act).order_by(revisions.c.number.desc()).limit(1)
    found = _with_parts(connection, act, connection.execute(query).mappings().all())
    return found[0] if found else None


def list_revisions(connection: Connection, act: ActId) -> list[Revision]:
    """All revisions without their texts, the first one first."""
    query = select(revisions).where(revisions.c.act_id == act).order_by(revisions.c.number)
    return _with_parts(connection, act, connection.execute(query).mappings().all())


def read_trees(connection: Connection, act: ActId) -> dict[int, dict[str, bytes]]:
    """The texts of all revisions of an act, by number and part."""
    c = revision_parts.c
    trees: dict[int, dict[str, bytes]] = defaultdict(dict)
    for number, part, tree in connection.execute(select(c.number, c.part, c.tree).where(c.act_id == act)):
        trees[number][part] = tree
    return trees


def _with_parts(connection: Connection, act: ActId, rows: Sequence[RowMapping]) -> list[Revision]:
    parts: dict[int, list[RevisionPart]] = defaultdict(list)
    query = select(*_WITHOUT_TREE).where(revision_parts.c.act_id == act).order_by(revision_parts.c.number, revision_parts.c.part)
    if len(rows) == 1:
        query = query.where(revision_parts.c.number == rows[0]["number"])
    for row in connection.execute(query).mappings():
        part = RevisionPart(row["part"], DocumentId(row["document"]), Seq(row["seq"]), row["content_hash"], row["tree_hash"])
        parts[row["number"]].append(part)
    return [_revision(row, tuple(parts[row["number"]])) for row in rows]


def _revision(row: RowMapping, parts: tuple[RevisionPart, ...]) -> Revision:
    if not parts:
        raise Damaged(f"revision {row['number']} of {row['act_id']} has no text")
    return Revision(
        act=ActId(row["act_id"]),
        number=row["number"],
        kind=RevisionKind(row["kind"]),
        title=row["title"],
        note=row["note"],
        scheme_id=row["scheme_id"],
        scheme_hash=row["scheme_hash"],
        parts=parts,
        created_by=UserId(row["created_by"]),
        at=row["at"],
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )
