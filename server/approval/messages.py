"""What requests and answers about approval are made of. Sentences come in the language of the request, times in milliseconds UTC."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from server.approval.inbox import Wait
from server.approval.model import Order, Outcome, RoundKind, VisaResult
from server.approval.papers import PaperKind
from server.approval.policy import Need, Verb
from server.approval.staleness import Validity, Weight
from server.comments.messages import RemarkOut
from server.comments.model import MAX_TEXT
from server.compare.model import Kind
from server.http.routing import Items, Model

Name = Annotated[str, Field(max_length=32)]
Hash = Annotated[str, Field(max_length=64)]
Text = Annotated[str, Field(max_length=MAX_TEXT * 2)]
Bid = Annotated[str, Field(max_length=64)]
Number = Annotated[int, Field(ge=0, le=1_000_000)]


# -- requests ---------------------------------------------------------------------------------------------------------


class AskIn(Model):
    """A body, the provisions it is asked about with all they hold (none: the whole package), its own deadline class if it has one."""

    body: Name
    scope: list[Bid] = Field(default_factory=list, max_length=1000)
    deadline: Name = ""


class RoundNew(Model):
    """A round on exactly this revision; `deadline` is a class of the policy, empty for the usual one."""

    revision: Number
    revision_hash: Hash = ""
    kind: RoundKind = RoundKind.APPROVAL
    deadline: Name = ""
    note: Text = ""
    requests: Annotated[list[AskIn], Field(max_length=200)]


class RemarkNew(Model):
    """A remark with the position: the provision (empty: the whole), why, the wording the body wants."""

    text: Text
    proposed: Text = ""
    bid: Bid = ""
    part: Name = ""


class PositionNew(Model):
    """The position of a body; `revision_hash` is that of the revision its signatory has read."""

    body: Name
    outcome: Literal["AGREED", "AGREED_WITH_REMARKS", "REFUSED", "NOT_COMPETENT"]
    revision_hash: Hash
    note: Text = ""
    remarks: list[RemarkNew] = Field(default_factory=list, max_length=1000)


class LateNew(Model):
    """What came after the deadline."""

    body: Name
    outcome: Literal["AGREED", "AGREED_WITH_REMARKS", "REFUSED", "NOT_COMPETENT"]
    note: Text


class StepIn(Model):
    """A step of the procedure; `revision` is the one the caller looks at."""

    verb: Verb
    reason: Text = ""
    revision: Number | None = None


class SealIn(Model):
    """What was signed."""

    revision: Number
    revision_hash: Hash


class VisasIn(Model):
    """Whom the caller's body asks, in this order."""

    order: Order = Order.PARALLEL
    people: Annotated[list[Name], Field(max_length=200)]


class VisaIn(Model):
    """`note` is needed for an objection."""

    result: VisaResult
    note: Text = ""


class DeputyNew(Model):
    """Days are whole ones, both included."""

    deputy: Name
    signatory: Name
    first_day: date
    last_day: date


class ApprovalWanted(Model):
    """`assessed=false` answers at once, without comparing texts: positions then have no validity, and no steps are offered."""

    assessed: bool = True


class StandingsWanted(Model):
    """Ids of acts, with commas between them; at most 100."""

    acts: Annotated[str, Field(max_length=4000)]


class PaperWanted(Model):
    """`format`: html to read and print, json for the table itself."""

    format: Literal["html", "json"] = "html"


class SignatureIn(Model):
    """The body whose position was signed; the file is the detached signature."""

    body: Name


# -- answers ----------------------------------------------------------------------------------------------------------


class RequestOut(Model):
    """What a body was asked. `silent`: after `due_at` it has agreed by default. An empty scope is the whole package."""

    round: int
    revision: int
    revision_hash: str
    body: str
    deadline: str
    deadline_label: str
    due_at: int
    days_left: int | None
    silent: bool
    scope: list[str]


class PositionOut(Model):
    """What a body said. `signatory` is `server` for silence; `deputy_for` is whom the signatory stood in for."""

    round: int
    body: str
    outcome: Outcome
    label: str
    counts: bool
    revision: int
    revision_hash: str
    note: str
    signatory: str
    deputy_for: str
    at: int
    silent: bool


class UnitChange(Model):
    """A provision that changed: `place` is the way to it ("Стаття 18, пункт 9"), `words` are as in a comparison.

    `weight` says what the change does to positions.
    """

    part: str
    bid: str
    kind: Kind
    unit: str
    label: str
    old_label: str
    place: str
    words: list[tuple[Literal["=", "-", "+"], str]]
    weight: Weight
    in_scope: bool


class ValidityOut(Model):
    """What a position is worth on the newest revision: `valid`, `look`, `stale`, with the reason and the provisions behind it."""

    state: Validity
    reason: str
    units: list[UnitChange]


class LateOut(Model):
    """A paper that came after the deadline; the position by default stands."""

    id: str
    round: int
    body: str
    outcome: Outcome
    label: str
    note: str
    signatory: str
    at: int


class VisaOut(Model):
    """What somebody said."""

    user: str
    result: VisaResult
    note: str
    at: int


class SheetOut(Model):
    """Visas inside a body on a revision; `next` is whose turn it is."""

    revision: int
    body: str
    number: int
    order: Order
    people: list[str]
    next: list[str]
    asked_by: str
    at: int
    visas: list[VisaOut]


class SignatureOut(Model):
    """A detached signature; `verification` is `not_verified` until somebody verifies such signatures for us."""

    id: str
    round: int
    body: str
    revision_hash: str
    file_name: str
    sha256: str
    verification: str
    added_by: str
    at: int


class RoundOut(Model):
    """One circulation of one revision. `ended` is empty while it runs."""

    number: int
    kind: RoundKind
    revision: int
    revision_hash: str
    note: str
    opened_by: str
    opened_at: int
    ended: str
    ended_at: int
    requests: list[RequestOut]
    positions: list[PositionOut]


class RoundPage(Items[RoundOut]):
    """The rounds of an act, the first one first."""


class BodyRowOut(Model):
    """One body: asked, stated, and what that is worth now. `days_left`: working days until the deadline of a position it owes."""

    body: str
    kind: RoundKind
    mandatory: bool
    request: RequestOut | None
    position: PositionOut | None
    validity: ValidityOut | None
    days_left: int | None
    remarks: list[RemarkOut]
    late: list[LateOut]
    visas: SheetOut | None
    signatures: list[SignatureOut]


class MissingOut(Model):
    """A need that a step still has, in a sentence."""

    need: Need
    why: str


class WayOut(Model):
    """A step the caller may make here; with `missing` it waits for something."""

    verb: Verb
    missing: list[MissingOut]


class MayStateOut(Model):
    """The caller may state their body's position in this round; `deputy_for` is whom they stand in for."""

    round: int
    deputy_for: str


class MomentOut(Model):
    """Something that happened; `actor` is `server` for what happened by itself."""

    seq: int
    at: int
    actor: str
    kind: str
    payload: dict[str, Any]  # Any: the event's JSON


class ClassOut(Model):
    """A deadline class and what it is called."""

    id: str
    label: str
    due_at: int
    """When it would pass, counted from now."""


class LabelsOut(Model):
    """What the policy calls things, for the page: states, outcomes, deadline classes by kind of round."""

    states: dict[str, str]
    outcomes: dict[str, str]
    results: dict[str, str]
    deadlines: dict[str, list[ClassOut]]


class ApprovalOut(Model):
    """The approval of an act as the caller sees it. `revision` is the newest one, 0 and empty before the first.

    Not `assessed`: nobody has compared the positions with that revision in this answer.
    """

    act: str
    state: str
    state_label: str
    procedure: str
    procedure_label: str
    sealed: bool
    revision: int | None
    revision_hash: str
    open_round: int | None
    bodies: list[BodyRowOut]
    lead_visas: SheetOut | None
    steps: list[WayOut]
    may_state: list[MayStateOut]
    timeline: list[MomentOut]
    labels: LabelsOut
    assessed: bool


class DifferenceOut(Model):
    """What a body has to look at: the changes from the revision it judged (`since`) to the newest one.

    `since` is null when it has judged none: the changes are then those of the draft in the act as it was imported.
    """

    body: str
    since: int | None
    to: int
    to_hash: str
    position: PositionOut | None
    scope: list[str]
    validity: ValidityOut | None
    changes: list[UnitChange]
    summary: dict[str, int]


class ParagraphOut(Model):
    """A paragraph of a cell."""

    words: list[tuple[Literal["=", "-", "+"], str]]
    strong: bool


class PaperOut(Model):
    """A paper as a table: rows of cells of paragraphs. `shows` says what each column holds, as the policy names it."""

    kind: PaperKind
    title: str
    lines: list[str]
    columns: list[str]
    shows: list[str]
    rows: list[list[list[ParagraphOut]]]
    counts: dict[str, int]


class SealOut(Model):
    """The seal."""

    revision: int
    revision_hash: str
    sealed_by: str
    at: int


class DeputyOut(Model):
    """Who signs for whom, on which days."""

    id: str
    body: str
    signatory: str
    deputy: str
    first_day: str
    last_day: str
    named_by: str
    at: int
    revoked_at: int | None


class DeputyPage(Items[DeputyOut]):
    """The deputies of a body, the newest first."""


class SaidOut(Model):
    """What a body said last; null: it was asked and has not answered."""

    body: str
    outcome: Outcome | None


class StandingOut(Model):
    """How far the approval of an act has come; `round` 0: none is open; `due_at` 0: no deadline runs."""

    act: str
    round: int
    said: list[SaidOut]
    due_at: int
    days_left: int | None


class StandingPage(Items[StandingOut]):
    """Those of the acts that were ever sent to a body and that the caller may know of."""


class WaitingOut(Model):
    """One thing that waits for the caller; `due_at` 0 and `days_left` null: without a deadline."""

    what: Wait
    act: str
    title: str
    lead_body: str
    round: int
    revision: int
    count: int
    due_at: int
    days_left: int | None
    since: int
    asked_by: str
    signed_for: str


class InboxOut(Items[WaitingOut]):
    """The nearest deadline first, then the oldest."""
