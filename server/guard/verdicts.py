"""What the guard answers: values, never exceptions."""

from typing import NamedTuple

from server.crdt.structs import Id
from server.crdt.update import ClockRange, Description
from server.ids import ClientId, UserId


class Accepted(NamedTuple):
    """The update may enter. `bindings` are client ids seen for the first time, now the sender's; store them with it."""

    description: Description
    bindings: tuple[tuple[ClientId, UserId], ...] = ()


class Refused(NamedTuple):
    """The update may not enter. `rule` is a number of docs/spec/guard.md; `detail` holds names only, never text of the act."""

    rule: str
    detail: str = ""


class NeedsResync(NamedTuple):
    """Something the update leans on is not held: ask the client for a sync with our state vector; `missing` is the first such id."""

    reason: str
    missing: Id


class Foreign(NamedTuple):
    """New structs under client ids of other people: catch up from the journal, drop what is held, judge the rest again."""

    ranges: tuple[ClockRange, ...]


Verdict = Accepted | Refused | NeedsResync | Foreign
