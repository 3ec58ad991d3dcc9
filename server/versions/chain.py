"""The chain of an act's revisions: what a revision's hash is made of, and where a chain no longer holds. Pure; form version 1.

The hash is SHA-256 over a JSON array without spaces, in UTF-8: form, act, number, kind, title, note, scheme and its hash,
author, time, for each part its name, document, seq, content hash and the SHA-256 of its canonical bytes, and last the hash of the
revision before (64 zeros for the first one). Anyone can compute it with the files of an exported package and nothing of ours.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from server.errors import Damaged
from server.formats import canonical
from server.ids import ActId
from server.versions.model import Revision, RevisionContent, scheme_of

FORM = "zlahoda-revision-1"
START = "0" * 64
"""What the first revision of an act follows."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is not as it was written: where, and what."""

    where: str
    what: str


def tree_hash(tree: bytes) -> str:
    """SHA-256 of canonical bytes, 64 hexadecimal digits."""
    return hashlib.sha256(tree).hexdigest()


def revision_hash(revision: Revision) -> str:
    """The hash of a revision over everything but the `hash` it says it has."""
    parts = [[part.part, part.document, part.seq, part.content_hash, part.tree_hash] for part in revision.parts]
    head = [FORM, revision.act, revision.number, revision.kind, revision.title, revision.note, revision.scheme_id, revision.scheme_hash]
    link = [*head, revision.created_by, revision.at, parts, revision.previous_hash]
    return hashlib.sha256(json.dumps(link, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def chained(revision: Revision, previous: Revision | None) -> Revision:
    """The revision as the next link after `previous`."""
    linked = replace(revision, previous_hash=previous.hash if previous else START)
    return replace(linked, hash=revision_hash(linked))


def find_defects(act: ActId, revisions: Iterable[RevisionContent]) -> Iterator[Defect]:
    """Every defect of one act's chain, given in the order of numbers; the texts are checked against their hashes."""
    previous: Revision | None = None
    for content in revisions:
        revision = content.revision
        where = f"act {act}, revision {revision.number}"
        if previous is None and revision.number > 1:
            yield Defect(where, "the revisions before it are missing")
        elif previous is not None and revision.number != previous.number + 1:
            yield Defect(where, f"revision {previous.number + 1} is missing before it")
        if revision.previous_hash != (previous.hash if previous else START):
            yield Defect(where, "does not follow the revision before it (previous_hash)")
        if revision.hash != revision_hash(revision):
            yield Defect(where, "its record was changed: the hash does not fit title, note, author, time, numbering or parts")
        yield from _defects_of_parts(where, revision, content.trees)
        previous = revision


def _defects_of_parts(where: str, revision: Revision, trees: Mapping[str, bytes]) -> Iterator[Defect]:
    for part in revision.parts:
        place = f"{where}, {part.part or 'main text'}"
        tree = trees.get(part.part)
        if tree is None:
            yield Defect(place, "its text is missing")
        elif tree_hash(tree) != part.tree_hash:
            yield Defect(place, "its text was changed: the bytes do not fit their hash")
        else:
            yield from _defects_of_content(place, part.content_hash, tree)
    for name in sorted(set(trees) - {part.part for part in revision.parts}):
        yield Defect(f"{where}, {name or 'main text'}", "a text that the revision does not name")


def _defects_of_content(place: str, content_hash: str, tree: bytes) -> Iterator[Defect]:
    try:
        frozen = canonical.read(tree)
        if canonical.content_hash(frozen.tree, scheme_of(frozen)) != content_hash:
            yield Defect(place, "the content hash does not fit its text")
    except (Damaged, KeyError, OSError) as error:
        yield Defect(place, f"its text cannot be read: {error}")
