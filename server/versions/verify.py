"""Whether what is stored is what was written (I13, P4): journal, states, revisions, events of one act. Pure; rules V40-V49."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from server.crdt.document import SEED_CLIENT, ActDocument, PoisonedUpdate, read_state_vector
from server.crdt.lib0 import DecodeError
from server.crdt.update import describe
from server.errors import Damaged, NotFound
from server.events.store import defect_of
from server.formats import canonical
from server.ids import ActId, Seq, document_of
from server.journal.journal import Record
from server.journal.rows import unpack_segment
from server.rooms.live import in_pieces
from server.text.convert import from_elements
from server.text.numbering import load_scheme
from server.versions.chain import Defect, find_defects, tree_hash
from server.versions.evidence import ActEvidence, DocumentEvidence, Stored
from server.versions.model import Revision
from server.versions.points import unpacked

FROZEN = "revision.frozen"
"""The kind of the event that is recorded with each revision."""


def verify(evidence: ActEvidence) -> Iterator[Defect]:
    """Every defect of an act, each with the place that is not as it was written."""
    yield from find_defects(evidence.act, evidence.contents())
    yield from _orphaned(evidence)
    yield from _events(evidence)
    for document in evidence.documents:
        frozen = [revision for revision in evidence.revisions if document.document in revision.seqs]
        yield from _Journal(document, frozen).defects()
    known = {document.document for document in evidence.documents}
    for revision in evidence.revisions:
        for part in revision.parts:
            if part.document not in known:
                yield Defect(f"act {evidence.act}, revision {revision.number}", f"the journal of {part.document} is missing")


def _orphaned(evidence: ActEvidence) -> Iterator[Defect]:
    numbers = {revision.number for revision in evidence.revisions}
    for number in sorted(set(evidence.trees) - numbers):
        yield Defect(f"act {evidence.act}, revision {number}", "its record is missing, its text is there")
    if document_of(evidence.act) not in {document.document for document in evidence.documents}:
        yield Defect(f"act {evidence.act}", "the journal of its main text is missing")


def _events(evidence: ActEvidence) -> Iterator[Defect]:
    """The chain of events, and that it tells of the same revisions: so the last revision cannot be taken away unseen."""
    where = f"act {evidence.act}"
    broken = defect_of(evidence.act, evidence.events)
    if broken is not None:
        yield Defect(f"{where}, event {broken.seq}", broken.reason)
        return
    told = {int(payload["number"]): payload["hash"] for payload in _payloads(evidence, FROZEN)}
    held = {revision.number: revision.hash for revision in evidence.revisions if revision.number}
    for number in sorted(set(told) | set(held)):
        if number not in held:
            yield Defect(f"{where}, revision {number}", "the events tell of it, but it is missing")
        elif number not in told:
            yield Defect(f"{where}, revision {number}", "no event tells of it")
        elif told[number] != held[number]:
            yield Defect(f"{where}, revision {number}", "its hash is not the one that the event of its freezing tells")


def _payloads(evidence: ActEvidence, kind: str) -> Iterator[dict[str, Any]]:  # Any: JSON
    for event in evidence.events:
        if event["kind"] == kind:
            yield json.loads(event["payload"])


class _Journal:
    """One document's journal, played from the first update to the last, looked at wherever a state or a revision was taken."""

    def __init__(self, evidence: DocumentEvidence, revisions: Sequence[Revision]) -> None:
        self._evidence = evidence
        self._where = f"document {evidence.document}"
        self._stops: dict[Seq, list[Revision | Stored]] = {}
        self._points = {id(point) for point in evidence.points}
        for revision in revisions:
            self._stops.setdefault(revision.seqs[evidence.document], []).append(revision)
        states = [*evidence.points, *([evidence.checkpoint] if evidence.checkpoint else [])]
        for state in states:
            self._stops.setdefault(state.seq, []).append(state)

    def defects(self) -> Iterator[Defect]:
        """Raises nothing: what cannot be read is a defect."""
        yield from self._head()
        yield from self._segments()
        try:
            rows = self._evidence.all_rows()
        except Damaged:
            return  # told by _segments
        records: list[Record] = []
        expected = 1
        for row in rows:
            if row.seq != expected:
                yield Defect(f"{self._where}, update {expected}", f"the journal goes on with {row.seq}: updates are missing or stand twice")
                return
            try:
                records += row.records()
            except Damaged as damage:
                yield Defect(f"{self._where}, updates {row.seq} to {row.last}", damage.detail)
                return
            expected += row.count
        if expected - 1 != self._evidence.last_seq:
            yield Defect(self._where, f"the journal ends at {expected - 1}, the document says {self._evidence.last_seq}")
        yield from self._authors(records)
        yield from self._epochs(records)
        yield from self._play(records)

    def _head(self) -> Iterator[Defect]:
        evidence = self._evidence
        if evidence.document != document_of(ActId(evidence.act), evidence.part):
            yield Defect(self._where, f"is not the document of act {evidence.act}, part {evidence.part!r}")
        held = evidence.checkpoint.seq if evidence.checkpoint else Seq(0)
        if held != evidence.checkpoint_seq:
            yield Defect(self._where, f"the checkpoint stands at {held}, the document says {evidence.checkpoint_seq}")
        if evidence.checkpoint and tree_hash(evidence.checkpoint.state) != evidence.checkpoint.state_hash:
            yield Defect(f"{self._where}, checkpoint at {held}", "its bytes do not fit their hash")

    def _segments(self) -> Iterator[Defect]:
        for first, last, payload in self._evidence.segments:
            where = f"{self._where}, history segment {first} to {last}"
            try:
                rows = unpack_segment(payload)
            except Damaged as damage:
                yield Defect(where, damage.detail)
                continue
            if not rows or (rows[0].seq, rows[-1].last) != (first, last):
                yield Defect(where, "holds other updates than it says")

    def _authors(self, records: Sequence[Record]) -> Iterator[Defect]:
        """Each update's own structs belong to its author's client ids (P5)."""
        owners = self._evidence.owners
        for record in records:
            try:
                said = describe(record.update)
            except DecodeError as error:
                yield Defect(f"{self._where}, update {record.seq}", f"is no update: {error}")
                continue
            for client in sorted(said.clients - {SEED_CLIENT}):
                if owners.get(client) != record.author:
                    yield Defect(
                        f"{self._where}, update {record.seq}", f"its author does not own the client id {client} it was written under"
                    )

    def _epochs(self, records: Sequence[Record]) -> Iterator[Defect]:
        epochs = [epoch for epoch, _ in groupby(record.epoch for record in records)]
        if len(set(epochs)) != len(epochs):
            yield Defect(self._where, "an epoch comes back after another one")
        if epochs and epochs[-1] != self._evidence.epoch and not self._evidence.replaced:
            yield Defect(self._where, f"its epoch is {self._evidence.epoch}, that of its last update {epochs[-1]}")

    def _play(self, records: Sequence[Record]) -> Iterator[Defect]:
        document, done = ActDocument(), Seq(0)
        for stop in sorted({*self._stops, Seq(len(records))}):
            if stop > len(records):
                yield Defect(self._where, f"something was taken at update {stop}, after the end of the journal")
                continue
            try:
                for update in in_pieces([record.update for record in records[done:stop]]):
                    document.apply(update)
            except PoisonedUpdate as error:
                yield Defect(f"{self._where}, updates {done + 1} to {stop}", f"cannot be applied: {error}")
                return
            done = stop
            for taken in self._stops.get(stop, ()):
                yield from self._revision(document, taken) if isinstance(taken, Revision) else self._state(document, taken)

    def _revision(self, document: ActDocument, revision: Revision) -> Iterator[Defect]:
        part = next(part for part in revision.parts if part.document == self._evidence.document)
        try:
            content = canonical.content_hash(from_elements(document.content()), load_scheme(revision.scheme_id))
        except NotFound as error:
            yield Defect(f"{self._where}, revision {revision.number}", error.detail)
            return
        if content != part.content_hash:
            yield Defect(f"{self._where}, revision {revision.number}", f"is not what the journal holds at update {part.seq}")

    def _state(self, document: ActDocument, stored: Stored) -> Iterator[Defect]:
        is_point = id(stored) in self._points
        where = f"{self._where}, {'restore point' if is_point else 'checkpoint'} at {stored.seq}"
        loaded = ActDocument()
        try:
            loaded.load(unpacked(stored.state) if is_point else stored.state)
        except (Damaged, PoisonedUpdate) as error:
            yield Defect(where, f"cannot be read: {error}")
            return
        vectors = [read_state_vector(one.state_vector()) for one in (loaded, document)]
        if vectors[0] != vectors[1] or loaded.content() != document.content() or loaded.resolutions() != document.resolutions():
            yield Defect(where, "is not what the journal makes up to there")
