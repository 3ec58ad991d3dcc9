"""A small act, and hands that write into it, for the tests of the guard."""

from collections.abc import Collection

from server.access.roles import Scope
from server.crdt.content import Element, Run
from server.crdt.seed import build
from server.guard.guard import Accepted, Limits, Verdict, judge_bytes
from server.guard.ledger import Ledger
from server.ids import ClientId, UserId
from tests.crdt.hand import Hand

OLENA, PETRO = UserId("olena"), UserId("petro")
MINE = 77
"""The client id under which Olena writes."""

ACT = build(
    (
        Element("unit", {"bid": "u1", "kind": "article", "level": "1"}, (Run("Стаття 1. Ґанок"),)),
        Element("table", {"bid": "t1"}, (), (Element("row", {"bid": "r1"}, (), (Element("cell", {"bid": "c1"}, (Run("їжак"),)),)),)),
    )
)
UNIT, KIND, LEVEL, TEXT, LETTER, LAST_LETTER = (1, 0), (1, 2), (1, 3), (1, 4), (1, 5), (1, 19)
"""Ids in `ACT`: the unit, its attributes kind and level, its text, the text's first and last letters."""
TABLE, ROW, CELL, CELL_TEXT, CELL_LETTER = (1, 20), (1, 22), (1, 24), (1, 26), (1, 27)


def act(**bindings: int) -> Ledger:
    """The ledger of ACT; keyword = user, value = their client id."""
    return Ledger.load(ACT, {ClientId(client): UserId(user) for user, client in bindings.items()})


def hand(clock: int = 0, client: int = MINE) -> Hand:
    return Hand(client, clock)


def send(
    ledger: Ledger,
    update: Hand | bytes,
    sender: UserId = OLENA,
    *,
    scope: Scope = Scope.WRITE,
    limits: Limits | None = None,
    claims: Collection[str] = (),
) -> Verdict:
    """Judge, and commit what is accepted."""
    data = update if isinstance(update, bytes) else update.update()
    verdict = judge_bytes(data, sender, scope, ledger, limits or Limits(), claims)
    if isinstance(verdict, Accepted):
        ledger.commit(verdict.description, sender)
    return verdict
