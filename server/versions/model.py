"""A revision: the frozen text of an act under a number. The tables themselves refuse to change one (P4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.acts.model import MAIN
from server.errors import Conflict, Damaged
from server.formats import canonical
from server.formats.canonical import Frozen, Line
from server.ids import ActId, DocumentId, Seq, UserId
from server.text.numbering import Scheme, load_scheme

BASE = 0
"""The number of the text as it was imported (D1b)."""

MAX_NOTE = 2000


class RevisionKind(StrEnum):
    """Why a revision was frozen."""

    BASE = "base"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class RevisionPart:
    """One frozen document of the act: `seq` is the place of its journal it was frozen at, `tree_hash` SHA-256 of its canonical bytes."""

    part: str
    document: DocumentId
    seq: Seq
    content_hash: str
    tree_hash: str


@dataclass(frozen=True, slots=True)
class Revision:
    """All parts of an act, frozen together, the main text first. `at` is in milliseconds UTC.

    `hash` covers everything here (by their hashes the trees too) and the hash of the revision before it (`versions/chain.py`).
    """

    act: ActId
    number: int
    kind: RevisionKind
    title: str
    note: str
    scheme_id: str
    scheme_hash: str
    parts: tuple[RevisionPart, ...]
    created_by: UserId
    at: int
    previous_hash: str
    hash: str

    @property
    def content_hash(self) -> str:
        """What is read in the main text: words and numbers."""
        return self.parts[0].content_hash

    @property
    def created_at(self) -> int:
        """When it was frozen, milliseconds UTC."""
        return self.at

    @property
    def seqs(self) -> Mapping[DocumentId, Seq]:
        """The place of every document it was frozen at."""
        return {part.document: part.seq for part in self.parts}


@dataclass(frozen=True, slots=True)
class RevisionContent:
    """A revision with its texts: `trees` holds the canonical bytes of each part by its name, `MAIN` among them."""

    revision: Revision
    trees: Mapping[str, bytes]

    def frozen(self, part: str = MAIN) -> Frozen:
        """One part as it was frozen. Raises Damaged; KeyError for a part the revision has not."""
        return canonical.read(self.trees[part])

    def lines(self, part: str = MAIN) -> list[Line]:
        """One part unit by unit, as it was read then. Raises Damaged; KeyError for a part the revision has not."""
        frozen = self.frozen(part)
        return canonical.lines(frozen.tree, scheme_of(frozen))


class TextMoved(Conflict):
    """The text is not what the caller read any more; `extra["content_hash"]` is what it is now."""

    code, close_code = "text-moved", 4409
    uk, en = (
        "Текст змінився, відколи ви його прочитали. Перегляньте зміни й повторіть.",
        "The text has changed since you read it. Look at the changes and try again.",
    )


def scheme_of(frozen: Frozen) -> Scheme:
    """The numbering scheme of a frozen text. Raises Damaged when the program's is another one: its numbers would change."""
    scheme = load_scheme(frozen.scheme_id)
    if scheme.hash != frozen.scheme_hash:
        raise Damaged(f"the numbering scheme {frozen.scheme_id} is not the one the revision was frozen with")
    return scheme
