"""Rounds, requests, positions, visas and signatures as values, and what is told to those who ask for what cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from server.approval.staleness import Scope
from server.comments.model import Remark
from server.errors import Conflict, Forbidden
from server.ids import ActId, BodyCode, UserId

MAX_REQUESTS = 100
MAX_SCOPE = 1000
MAX_REMARKS = 500
MAX_VISAS = 50
MAX_SIGNATURE_BYTES = 1024 * 1024


class RoundKind(StrEnum):
    """What bodies are asked for."""

    APPROVAL = "approval"
    LEGAL = "legal"


class Outcome(StrEnum):
    """A body's position. SILENT is the one nobody states."""

    AGREED = "AGREED"
    AGREED_WITH_REMARKS = "AGREED_WITH_REMARKS"
    REFUSED = "REFUSED"
    SILENT = "SILENT"
    NOT_COMPETENT = "NOT_COMPETENT"


class Order(StrEnum):
    """How the visas inside a body follow each other."""

    SEQUENTIAL = "sequential"
    PARALLEL = "parallel"


class VisaResult(StrEnum):
    """What a person says on a sheet."""

    AGREED = "agreed"
    OBJECTED = "objected"


@dataclass(frozen=True, slots=True)
class Position:
    """What a body said about exactly one revision (I2); never changed. `at` is the server's receipt, milliseconds UTC (I5)."""

    act: ActId
    round: int
    body: BodyCode
    outcome: Outcome
    revision_hash: str
    note: str
    signatory: UserId
    deputy_for: str
    at: int

    @property
    def is_silent(self) -> bool:
        """Nobody stated it: the deadline passed."""
        return self.outcome is Outcome.SILENT


@dataclass(frozen=True, slots=True)
class Late:
    """A paper that came after its deadline: kept, but the position by default stands (I5)."""

    id: str
    round: int
    body: BodyCode
    outcome: Outcome
    note: str
    signatory: UserId
    at: int


@dataclass(frozen=True, slots=True)
class Request:
    """What one body was asked in a round. `silent`: when `due_at` has passed, it has agreed by default."""

    body: BodyCode
    deadline: str
    due_at: int
    silent: bool
    scope: Scope


@dataclass(frozen=True, slots=True)
class Round:
    """One circulation of one exact revision. `ended` is why it is over, empty while it is not; `ended_at` is 0 then."""

    act: ActId
    number: int
    kind: RoundKind
    revision: int
    revision_hash: str
    note: str
    opened_by: UserId
    opened_at: int
    requests: Mapping[BodyCode, Request]
    positions: Mapping[BodyCode, Position] = field(default_factory=dict)
    ended: str = ""
    ended_at: int = 0

    @property
    def is_open(self) -> bool:
        return not self.ended

    @property
    def waiting(self) -> list[Request]:
        """The bodies that have not stated a position, while the round is open."""
        return [request for body, request in self.requests.items() if self.is_open and body not in self.positions]


@dataclass(frozen=True, slots=True)
class Visa:
    """What one person said on a sheet."""

    user: UserId
    result: VisaResult
    note: str
    at: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Whom a body asked for visas on a revision, in which order, and what they said."""

    act: ActId
    revision: int
    body: BodyCode
    number: int
    order: Order
    people: tuple[UserId, ...]
    asked_by: UserId
    at: int
    visas: Sequence[Visa] = ()

    @property
    def owing(self) -> list[UserId]:
        """Who has still to say something."""
        said = {visa.user for visa in self.visas}
        return [user for user in self.people if user not in said]

    @property
    def next(self) -> list[UserId]:
        """Whose turn it is."""
        return self.owing[:1] if self.order is Order.SEQUENTIAL else self.owing


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody signs in the place of a signatory of their body, on whole days from the first to the last (ISO dates)."""

    id: str
    body: BodyCode
    signatory: UserId
    deputy: UserId
    first_day: str
    last_day: str
    named_by: UserId
    at: int
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A detached signature of a position, as it was given. `verification` says what has been checked of it."""

    id: str
    round: int
    body: BodyCode
    revision_hash: str
    file_name: str
    sha256: str
    verification: str
    added_by: UserId
    at: int


@dataclass(frozen=True, slots=True)
class Seal:
    """Nothing changes after it (I8)."""

    revision: int
    revision_hash: str
    sealed_by: UserId
    at: int


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything of an act's approval that is on disk: what answers and papers are made of."""

    act: ActId
    state: str
    procedure: str
    rounds: Sequence[Round]
    remarks: Sequence[Remark]
    remark_of: Mapping[str, tuple[int, BodyCode]]
    """Round and body of the position a remark came with, by the remark's id."""
    late: Sequence[Late]
    sheets: Sequence[Sheet]
    signatures: Sequence[Signature]
    seal: Seal | None

    @property
    def open_round(self) -> Round | None:
        """The round that still runs; there is never more than one."""
        return next((one for one in self.rounds if one.is_open), None)

    def last_position(self, body: BodyCode, kind: RoundKind = RoundKind.APPROVAL, until: int = 10**9) -> tuple[Round, Position] | None:
        """The body's newest position in rounds of a kind up to a number, and the round it was stated in."""
        for one in reversed(self.rounds):
            if one.kind is kind and one.number <= until and body in one.positions:
                return one, one.positions[body]
        return None

    def last_request(self, body: BodyCode, kind: RoundKind = RoundKind.APPROVAL) -> tuple[Round, Request] | None:
        """What the body was asked last."""
        return next(((one, one.requests[body]) for one in reversed(self.rounds) if one.kind is kind and body in one.requests), None)

    def bodies(self, kind: RoundKind = RoundKind.APPROVAL) -> list[BodyCode]:
        """Every body that was ever asked, in the order of asking."""
        return list(dict.fromkeys(body for one in self.rounds if one.kind is kind for body in one.requests))

    def remarks_of(self, body: BodyCode, round_: int | None = None) -> list[Remark]:
        """The remarks of a body, of one round or of all; those sent outside of rounds belong to all."""
        return [
            remark
            for remark in self.remarks
            if remark.body == body and (round_ is None or self.remark_of.get(remark.id, (0,))[0] == round_)
        ]

    def sheet(self, revision: int, body: BodyCode) -> Sheet | None:
        """The sheet that holds for a body and a revision."""
        found = [one for one in self.sheets if one.revision == revision and one.body == body]
        return max(found, key=lambda one: one.number) if found else None


class NotNow(Conflict):
    """The act does not stand where this can be done; `rule` says what is in the way."""

    code = "not-now"


class RevisionMoved(Conflict):
    """The round is about another revision than the caller read."""

    code = "revision-moved"
    uk, en = (
        "Ви читали іншу редакцію. Відкрийте редакцію цього раунду й повторіть.",
        "You have read another revision. Open the one this round is about, and try again.",
    )


class AlreadyStated(Conflict):
    """A body states one position in a round."""

    code = "already-stated"
    uk, en = (
        "Орган уже висловив позицію в цьому раунді. Її можна змінити лише в новому раунді.",
        "The body has stated its position in this round. Only another round can change it.",
    )


class TooLate(Conflict):
    """The deadline has passed: the body agrees by default, as soon as the engine writes it down."""

    code = "deadline-passed"
    uk, en = (
        "Строк минув: мовчання органу вважають погодженням. Надіслане пізніше можна додати до справи окремо.",
        "The deadline has passed: the body's silence counts as agreement. What comes later can be added to the file beside it.",
    )


class NotAsked(Forbidden):
    """The body takes no part in the round."""

    code = "not-asked"
    uk, en = "Цей орган у раунді не запитували.", "This body was not asked in this round."


class OtherBody(Forbidden):
    """Nobody speaks for a body but its own people."""

    code = "other-body"
    uk, en = "Позицію іншого органу висловлює лише він сам.", "Only a body itself states its position."


class VisasMissing(Conflict):
    """Somebody inside the body still owes a visa."""

    code = "visas-missing"
    uk, en = "Внутрішнє візування в органі ще триває.", "The visas inside the body are not complete yet."
