"""Who may send document bytes at all: decided before a byte of them is read (P3)."""

from server.access.roles import Scope
from server.crdt.document import EMPTY_UPDATE
from server.guard.verdicts import Refused


def check_scope(scope: Scope) -> Refused | None:
    """G1: only a connection that may write sends changes of the text."""
    return None if scope is Scope.WRITE else Refused("G1", f"a connection with the right to {scope.value} changes no text")


def says_nothing(update: bytes) -> bool:
    """The empty update, with which every up-to-date client answers a SyncStep1; welcome from everyone."""
    return update == EMPTY_UPDATE
