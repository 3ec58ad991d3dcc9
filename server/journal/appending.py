"""Appending the shares of many documents in one transaction: fences checked and seqs taken under the rows' locks."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, RowMapping, bindparam, false, insert, select, update

from server.db.prepared import Prepared
from server.db.tables import client_bindings, documents, journal_rows
from server.ids import DocumentId, Seq, UserId
from server.journal.journal import NO_FENCE, Append, Appended, BindingTaken, ClaimLost, Decided, FenceMoved, Outcome
from server.journal.store import HEAD, fence_of, journal_row

_LOCK = select(*HEAD).where(documents.c.document.in_(bindparam("of", expanding=True))).order_by(documents.c.document).with_for_update()
_ADVANCE = Prepared(update(documents).where(documents.c.document == bindparam("of")).values(last_seq=bindparam("last")))
_ADVANCE_IF = Prepared(
    update(documents)
    .where(
        documents.c.document == bindparam("of"),
        documents.c.epoch == bindparam("at_epoch"),
        documents.c.roles_version == bindparam("at_roles"),
        documents.c.sealed == false(),
    )
    .values(last_seq=documents.c.last_seq + bindparam("by"))
    .returning(documents.c.last_seq)
)
_ROW = Prepared(insert(journal_rows))
_BIND = Prepared(insert(client_bindings))
_BOUND = select(client_bindings).where(
    client_bindings.c.document.in_(bindparam("of", expanding=True)), client_bindings.c.client.in_(bindparam("clients", expanding=True))
)


Decide = Callable[[Connection, DocumentId, Sequence[Decided], int], bool]
"""Makes a share's decisions the records' own, in the same transaction; False, and nothing written, when a claim is lost."""


def no_decisions(_connection: Connection, _document: DocumentId, _decided: Sequence[Decided], _at: int) -> bool:
    """Where nobody keeps records no claim stands."""
    return False


def append_in(connection: Connection, batch: Sequence[Append], at: int, decide: Decide) -> list[Outcome]:
    """`Journal.append` inside a transaction: documents are locked in their order; then, in it again, records and chains of events.

    Plain shares are stored one by one on SQLite, which has one writer and no journeys; on PostgreSQL only one that is alone.
    """
    outcomes: list[Outcome | None] = [None] * len(batch)
    if len(batch) == 1 or connection.dialect.name == "sqlite":
        others = {share.document for share in batch if not _is_plain(share)}  # two of a document keep their order
        outcomes = [_append_one(connection, share, at) if share.document not in others else None for share in batch]
    rest = [place for place, outcome in enumerate(outcomes) if outcome is None]
    found = dict(zip(rest, _append_many(connection, [batch[place] for place in rest], at, decide), strict=True)) if rest else {}
    return [outcome or found[place] for place, outcome in enumerate(outcomes)]


def _is_plain(share: Append) -> bool:
    return bool(share.entries) and not (share.bindings or share.decided or share.fence.sealed)


def _append_one(connection: Connection, share: Append, at: int) -> Appended | None:
    """The common case: the fence is checked by the statement that takes the seqs. None when it has moved."""
    count = len(share.entries)
    fence = share.fence
    taken = {"of": share.document, "at_epoch": fence.epoch, "at_roles": fence.roles_version, "by": count}
    last = _ADVANCE_IF.scalar(connection, taken)
    if last is None:
        return None
    first = last - count + 1
    _ROW.run(connection, journal_row(share.document, fence.epoch, share.entries, first, at))
    return Appended(Seq(first), Seq(last))


def _append_many(connection: Connection, batch: Sequence[Append], at: int, decide: Decide) -> list[Outcome]:
    held = {row["document"]: row for row in connection.execute(_LOCK, {"of": sorted({s.document for s in batch})}).mappings()}
    last = {document: row["last_seq"] for document, row in held.items()}
    owners = _owners(connection, batch)
    outcomes: dict[int, Outcome] = {}
    rows: list[dict[str, object]] = []
    new_bindings: list[dict[str, object]] = []
    for place, share in sorted(enumerate(batch), key=lambda placed: placed[1].document):
        refused = _refusal(share, held.get(share.document), owners)
        if refused is not None:
            outcomes[place] = refused
            continue
        if share.decided and not decide(connection, share.document, share.decided, at):
            outcomes[place] = ClaimLost()
            continue
        for client, user in share.bindings:
            if (share.document, client) not in owners:
                owners[share.document, client] = user
                new_bindings.append({"document": share.document, "client": client, "user_id": user})
        first = last[share.document] + 1
        last[share.document] += len(share.entries)
        outcomes[place] = Appended(Seq(first), Seq(last[share.document]))
        if share.entries:
            rows.append(journal_row(share.document, share.fence.epoch, share.entries, first, at))
    _write(connection, rows, new_bindings, {document: seq for document, seq in last.items() if seq != held[document]["last_seq"]})
    return [outcomes[place] for place in range(len(batch))]


def _write(
    connection: Connection, rows: list[dict[str, object]], new_bindings: list[dict[str, object]], last: dict[DocumentId, int]
) -> None:
    _ADVANCE.run_many(connection, [{"of": document, "last": seq} for document, seq in last.items()])
    _ROW.run_many(connection, rows)
    _BIND.run_many(connection, new_bindings)


def _refusal(share: Append, row: RowMapping | None, owners: dict[tuple[str, int], str]) -> FenceMoved | BindingTaken | None:
    if row is None:
        return FenceMoved(NO_FENCE)
    fence = fence_of(row)
    if fence != share.fence or fence.sealed:
        return FenceMoved(fence)
    for client, user in share.bindings:
        owner = owners.get((share.document, client), user)
        if owner != user:
            return BindingTaken(client, UserId(owner))
    return None


def _owners(connection: Connection, batch: Sequence[Append]) -> dict[tuple[str, int], str]:
    """Who owns the clients that the batch wants to bind. Their documents' rows are locked, so nobody binds them meanwhile."""
    clients = {client for share in batch for client, _ in share.bindings}
    if not clients:
        return {}
    of = sorted({share.document for share in batch if share.bindings})
    return {(row.document, row.client): row.user_id for row in connection.execute(_BOUND, {"of": of, "clients": sorted(clients)})}
