"""The seal: under the lock of every document the text is exactly the signed revision, and from that commit on nothing changes (I8)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from server.access.actor import Actor
from server.access.change import AccessChange
from server.access.policy import Action, require
from server.acts.service import pinned_scheme
from server.acts.texts import tree_of
from server.approval import store
from server.approval.model import NotNow, RevisionMoved, Seal
from server.approval.office import Office, Studied
from server.approval.policy import Verb, Who
from server.errors import Conflict
from server.events.store import Value, record
from server.ids import ActId, DocumentId, Seq
from server.journal.journal import Journal
from server.journal.log import read_after_in
from server.journal.store import move_fence_in, read_documents_in, read_row
from server.journal.whole import Whole
from server.text.numbering import Scheme
from server.versions.chain import tree_hash
from server.versions.freezing import PartText, freeze_part
from server.versions.model import Revision
from server.versions.present import read_present

_PAGE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ready:
    """A document as it was read before the transaction, with the hash of its canonical bytes then."""

    part: str
    whole: Whole
    tree_hash: str


class SealService:
    """Seals an act. Nothing lifts a seal: the database refuses it."""

    def __init__(self, office: Office, journal: Journal, *, on_access_changed: Callable[[AccessChange], None]) -> None:
        self._office = office
        self._journal = journal
        self._changed = on_access_changed

    async def seal(self, actor: Actor, act: ActId, revision: int, revision_hash: str) -> Seal:
        """The act is signed as this revision. Raises NotFound, Forbidden, NotNow, RevisionMoved, Conflict."""
        office = self._office
        seen = await office.permitted(actor, Action.READ, act)
        who = office.who(actor, seen.access)
        if seen.access.sealed or (Who.LEAD not in who and Who.SECRETARIAT not in who):
            require(actor, Action.SEAL, seen.access)
        studied = await office.study(seen)
        office.check(studied, Verb.SEAL, who, revision)
        if studied.head is None or studied.head.revision.hash != revision_hash:
            raise RevisionMoved(revision=revision, revision_hash=studied.head.revision.hash if studied.head else "")
        head, scheme = studied.head.revision, pinned_scheme(seen.card)
        ready = await self._prepare(act, scheme)
        at = office.clock()

        def write(connection: Connection) -> Seal:
            held = office.hold(connection, studied)
            moved = office.check(Studied(held, studied.head, studied.verdicts), Verb.SEAL, office.who(actor, held.access), revision)
            _check_texts(connection, act, head, ready, scheme)
            seal = Seal(head.number, head.hash, actor.id, at)
            for state in read_documents_in(connection, act):
                move_fence_in(connection, state.document, sealed=True)
            store.insert_seal(connection, act, seal)
            office.move(connection, act, moved, actor.id, at)
            told: dict[str, Value] = {"revision": head.number, "revision_hash": head.hash, "content_hash": head.content_hash}
            record(connection, act, actor.id, "approval.sealed", told, at)
            return seal

        sealed = await office.database.write(write)
        self._changed(AccessChange(act=act))
        office.tell(act, "sealed", revision=sealed.revision)
        return sealed

    async def _prepare(self, act: ActId, scheme: Scheme) -> dict[DocumentId, Ready]:
        """Most of the work, before anything is locked."""
        present = await read_present(self._office.database, self._journal, act)

        def build() -> dict[DocumentId, Ready]:
            return {one.whole.head.document: Ready(one.part, one.whole, _hash(one.part, one.whole, scheme)) for one in present}

        return await self._office.assessor.off_loop(build)


def _hash(part: str, whole: Whole, scheme: Scheme) -> str:
    text = PartText(part, whole.head.document, whole.seq, tree_of(whole))
    return tree_hash(freeze_part(text, scheme).tree)


def _check_texts(connection: Connection, act: ActId, head: Revision, ready: Mapping[DocumentId, Ready], scheme: Scheme) -> None:
    """Every document is locked and holds exactly what was frozen. Raises NotNow when words have been written since."""
    signed = {part.document: part.tree_hash for part in head.parts}
    moved: list[str] = []
    for state in read_documents_in(connection, act):
        row = read_row(connection, state.document, lock=True)
        found = ready.get(state.document)
        if found is None or found.whole.head.fence.epoch != row["epoch"]:
            raise Conflict("a document was added or restored while the seal was prepared")
        if _present_hash(connection, found, Seq(row["last_seq"]), scheme) != signed.get(state.document):
            moved.append(state.part)
    if moved:
        raise NotNow(
            uk=f"Текст змінено після редакції № {head.number}. Поверніть його або зафіксуйте й погодьте нову редакцію.",
            en=f"The text has changed since revision {head.number}. Restore it, or freeze a new revision and have it approved.",
            rule="same_text",
            parts=moved,
        )


def _present_hash(connection: Connection, found: Ready, last: Seq, scheme: Scheme) -> str:
    """The hash of what is on disk under the lock; what came since the preparation is read here."""
    if found.whole.seq == last:
        return found.tree_hash
    records = list(found.whole.records)
    seq = found.whole.seq
    while seq < last:
        records.extend(read_after_in(connection, found.whole.head.document, seq, _PAGE_BYTES))
        seq = records[-1].seq
    return _hash(found.part, Whole(found.whole.head, records), scheme)
