"""What differs by procedure, as values: states and transitions, deadlines, labels, papers, columns. Pure; read by `policy_file.py`."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Verb(StrEnum):
    """What moves an act from one state to another."""

    START_VISAS = "start_visas"
    OPEN_ROUND = "open_round"
    CLOSE_ROUND = "close_round"
    OPEN_LEGAL = "open_legal"
    CLOSE_LEGAL = "close_legal"
    CLOSE_LEGAL_REMARKS = "close_legal_remarks"
    REWORK = "rework"
    SUBMIT = "submit"
    TO_COMMITTEE = "to_committee"
    ADOPT = "adopt"
    RETURN = "return"
    SEAL = "seal"
    PUBLISH = "publish"
    DECLARE_EMERGENCY = "declare_emergency"
    WITHDRAW = "withdraw"


class Need(StrEnum):
    """What must hold before a transition; the service finds out, the table says which ones count."""

    REVISION = "revision"
    """There is a frozen revision."""
    CURRENT_REVISION = "current_revision"
    """The text has not moved since the newest revision was frozen; a round is opened on that one."""
    SAME_TEXT = "same_text"
    """Under the lock of the documents the text is exactly the revision named."""
    PAPERS = "papers"
    """The mandatory parts of the package are there (I7)."""
    VISAS = "visas"
    """Nobody of the lead body who was asked for a visa still owes it."""
    NO_OPEN_ROUND = "no_open_round"
    POSITIONS = "positions"
    """Every mandatory body has a position that is not stale."""
    OPINION = "opinion"
    """The legal expertise of the newest revision has no remarks."""
    ANSWERS = "answers"
    """Every remark has a resolution (I6)."""
    REASON = "reason"


class Who(StrEnum):
    """Who moves an act."""

    LEAD = "lead"
    SECRETARIAT = "secretariat"
    ENGINE = "engine"
    """The server: the last position came, or the deadline passed."""


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Frozen):
    """A label in both languages."""

    uk: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def label(self, locale: str) -> str:
        """In one language."""
        return self.en if locale == "en" else self.uk


class DeadlineClass(Words):
    """How long a body has: working days, or calendar months. `silent`: afterwards it has agreed by default."""

    working_days: Annotated[int, Field(ge=1, le=366)] | None = None
    months: Annotated[int, Field(ge=1, le=12)] | None = None
    when_passed: Literal["silent", "overdue"]

    @model_validator(mode="after")
    def _one_of_both(self) -> "DeadlineClass":
        if (self.working_days is None) == (self.months is None):
            raise ValueError("either working_days or months")
        return self


class OutcomeRule(Words):
    """A position: whether it needs remarks, and whether it counts as agreement."""

    remarks: Literal["none", "required"]
    counts: bool


class RoundRule(Words):
    """A kind of round: who states positions in it, which ones, how long. `bodies` limits whom it goes to."""

    classes: Annotated[list[str], Field(min_length=1)]
    usual: str
    by: Literal["signatory", "legal"]
    outcomes: Annotated[list[str], Field(min_length=1)]
    bodies: list[str] = []


class StalenessRule(_Frozen):
    """What a kind of change does to the position of a body in whose scope it is. `endings`: words that changed only their endings.

    `neighbour_kinds`: a change beside a unit of the scope, within the same unit of such a kind, asks for a look.
    """

    none: list[str]
    look: list[str]
    stale: list[str]
    endings: Literal["look", "stale"]
    neighbour_kinds: list[str]


class State(Words):
    """Where an act stands. `sealed`: its text never changes again."""

    sealed: bool = False
    final: bool = False


class Mandatory(_Frozen):
    """A body that every act of the procedure passes."""

    body: str
    round: Literal["approval", "legal"]


class Transition(_Frozen):
    """One line of the table. `procedure`: the act goes on under another one. `ends_rounds`: whoever was still asked is asked no more."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    verb: Verb
    sources: Annotated[list[str], Field(alias="from", min_length=1)]
    target: Annotated[str, Field(alias="to")]
    by: Annotated[list[Who], Field(min_length=1)]
    needs: list[Need]
    procedure: str = ""
    ends_rounds: bool = False


class Procedure(Words):
    """A table of transitions and the bodies nobody passes by."""

    mandatory: list[Mandatory]
    transitions: Annotated[list[Transition], Field(min_length=1)]

    def find(self, state: str, verb: Verb) -> Transition | None:
        """The line for this verb in this state."""
        return next((line for line in self.transitions if line.verb is verb and state in line.sources), None)

    def leaving(self, state: str) -> Iterator[Transition]:
        """Every way out of a state."""
        return (line for line in self.transitions if state in line.sources)


class Column(Words):
    """A column of a paper and what it shows."""

    shows: Literal[
        "number", "provision", "remark", "answer", "result", "old", "new", "explanation", "body", "position", "revision", "date", "remarks"
    ]


class TableRule(Words):
    """A paper: its title and columns."""

    columns: Annotated[list[Column], Field(min_length=1)]


class Policy(_Frozen):
    """The whole file."""

    format: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    uk: str
    en: str
    note: str = ""
    time_zone: str
    day_ends: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    calendar: str
    secretariat: str
    start: str
    deadlines: Mapping[str, DeadlineClass]
    outcomes: Mapping[str, OutcomeRule]
    results: Mapping[str, Words]
    rounds: Mapping[Literal["approval", "legal"], RoundRule]
    papers: Mapping[str, list[str]]
    staleness: StalenessRule
    states: Mapping[str, State]
    procedures: Mapping[str, Procedure]
    tables: Mapping[Literal["protocol", "disagreements", "comparative", "positions"], TableRule]

    @cached_property
    def ordinary(self) -> str:
        """The procedure an act begins under: the first of the file."""
        return next(iter(self.procedures))

    def allows_positions(self, state: str) -> bool:
        """Whether the state is one in which an act is with the bodies."""
        return any(
            line.target == state and line.verb in {Verb.OPEN_ROUND, Verb.OPEN_LEGAL}
            for p in self.procedures.values()
            for line in p.transitions
        )
