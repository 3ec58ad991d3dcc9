"""What the guard lets in looks the same to the server (yrs) and to browsers (Yjs in Node), in any order, and breaks neither.

About 20 s; `ZLAHODA_FUZZ=20 pytest tests/wire/test_yjs_agrees.py` does 20 times as many.
"""

import base64
import json
import random
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from server.access.roles import Scope
from server.crdt.content import Element
from server.crdt.document import ActDocument
from server.guard.guard import Accepted, judge_bytes
from server.guard.ledger import Ledger
from tests.guard.acts import ACT, OLENA, act
from tests.guard.forger import Forger
from tests.guard.test_fuzz import TIMES
from tests.wire.keystrokes import Keystrokes

SCRIPT = Path(__file__).parent / "apply.mjs"


@dataclass
class History:
    """Accepted updates in their order, and what they made of the server's document."""

    updates: list[bytes] = field(default_factory=lambda: [ACT])
    document: ActDocument = field(default_factory=ActDocument)
    ledger: Ledger = field(default_factory=act)

    def __post_init__(self) -> None:
        self.document.apply(ACT)

    def offer(self, update: bytes) -> bool:
        """Judge, and take what is accepted."""
        verdict = judge_bytes(update, OLENA, Scope.WRITE, self.ledger)
        if not isinstance(verdict, Accepted):
            return False
        self.ledger.commit(verdict.description, OLENA)
        self.document.apply(update)
        self.updates.append(update)
        return True

    def reload(self) -> None:
        """As after a restart: the ledger knows only what the document still tells."""
        self.ledger = Ledger.load(self.document.state(), {client: OLENA for client in self.ledger.owners if client != 1})

    def shown(self) -> dict[str, Any]:
        return {
            "content": [shown(element) for element in self.document.content()],
            "pending": False,
            "stateVector": {str(client): clock for client, clock in self.ledger.state.items()},
        }


def forged_history(seed: int, *, repeats: bool) -> History:
    """What hostile drafters get past the guard."""
    chance, made = random.Random(seed), History()
    forger = Forger(chance)
    for _ in range(60):
        made.offer(forger.update(made.ledger, repeats=repeats))
        if chance.random() < 0.03:
            made.reload()
    return made


def damaged(update: bytes, chance: random.Random) -> bytes:
    """A bit or two turned, so that most of it still reads as an update: other letters, other neighbours."""
    changed = bytearray(update)
    for _ in range(chance.randrange(1, 3)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def damaged_history(seed: int) -> History:
    """Somebody typing, each edit also damaged on the way, and somebody who types beside it undisturbed."""
    chance, made = random.Random(seed), History()
    hostile, honest = Keystrokes(chance, ACT), Keystrokes(chance, ACT)
    for count in range(120):
        update = hostile.update()
        made.offer(damaged(update, chance))
        made.offer(update)
        if count % 12 == 0:
            honest.learn(made.document.state())
            assert made.offer(honest.update())
    return made


def shown(element: Element) -> dict[str, Any]:
    return {
        "name": element.name,
        "attributes": {key: list(value) if isinstance(value, tuple) else value for key, value in element.attributes.items()},
        "runs": [[run.text, sorted(run.marks)] for run in element.runs],
        "children": [shown(child) for child in element.children],
    }


def browsers(histories: Iterable[Sequence[bytes]]) -> list[dict[str, Any]]:
    """What a browser that was given these updates shows; `own` are the marks it then found superfluous and deleted."""
    asked = json.dumps([[base64.b64encode(update).decode() for update in updates] for updates in histories])
    answer = subprocess.run(["node", str(SCRIPT)], input=asked, capture_output=True, text=True, check=True, timeout=600)
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def agree(made: Sequence[History], others: Sequence[list[bytes]]) -> None:
    """Each history looks the same to the server, to a browser, and to one that got it as in `others`."""
    for history, other, *first in zip(made, others, browsers([one.updates for one in made]), browsers(others), strict=True):
        own = [base64.b64decode(update) for found in first for update in found["own"]]
        other.extend(own)
        for update in own:
            assert history.offer(update), "a browser's own tidying was refused"
    last = zip(made, browsers([one.updates for one in made]), browsers(others), strict=True)
    for history, browser, shuffled in last:
        del browser["own"], shuffled["own"]
        assert browser == history.shown(), [update.hex() for update in history.updates[1:]]
        assert shuffled == history.shown(), [update.hex() for update in history.updates[1:]]


def test_G12_G15_what_hostile_drafters_get_in_is_one_text_in_whatever_order_it_arrives() -> None:
    made = [forged_history(seed, repeats=False) for seed in range(80 * TIMES)]
    assert sum(len(one.updates) for one in made) > 15 * len(made)
    chance = random.Random(4711)
    others = []
    for one in made:
        mixed = chance.sample(one.updates[1:], len(one.updates) - 1)
        others.append([ACT, *mixed, *mixed])  # twice: Yjs looks again at what waits only when something more comes
    agree(made, others)


def test_G12_repeated_structs_with_other_words_change_nothing_anywhere() -> None:
    made = [forged_history(seed, repeats=True) for seed in range(40 * TIMES)]
    agree(made, [list(one.updates) for one in made])


@pytest.mark.parametrize("seed", range(4 * TIMES))
def test_G15_damaged_typing_is_one_text_in_browsers_and_on_the_server(seed: int) -> None:
    made = [damaged_history(1000 * seed + number) for number in range(8)]
    assert sum(len(one.updates) for one in made) > 40 * len(made)
    agree(made, [list(one.updates) for one in made])
