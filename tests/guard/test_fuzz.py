"""Hostile bytes and hostile structs: never another outcome than a verdict, and what is accepted is a valid act.

20,000 mutated updates and 4,000 forged ones in CI; `ZLAHODA_FUZZ=20 pytest tests/guard/test_fuzz.py` does 20 times as many.
"""

import base64
import json
import os
import random
from pathlib import Path

import pytest

from server.access.roles import Scope
from server.crdt import awareness, hocuspocus, ywebsocket
from server.crdt.content import Element
from server.crdt.document import ActDocument, read_state_vector
from server.crdt.lib0 import DecodeError
from server.crdt.messages import Awareness, SyncStep2, Update
from server.crdt.schema import load_schema
from server.crdt.update import describe, read_update
from server.guard.guard import Accepted, Foreign, NeedsResync, Refused, judge_bytes
from server.guard.ledger import Ledger
from tests.crdt.hand import Hand, Id, together
from tests.guard.acts import ACT, MINE, OLENA, act, send

TIMES = int(os.environ.get("ZLAHODA_FUZZ", "1"))  # noqa: TID251 - how long a test runs is no setting of the server
CASES = json.loads((Path(__file__).parent.parent / "wire" / "editor.json").read_text())
SCHEMA = load_schema()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, dropped, doubled or cut off."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(result) + 1)
        match chance.randrange(6):
            case 0 if at < len(result):
                result[at] = chance.randrange(256)
            case 1 if at < len(result):
                result[at] ^= 1 << chance.randrange(8)
            case 2:
                result.insert(at, chance.choice((0, 1, 0x7F, 0x80, 0xFF)))
            case 3:
                del result[at : at + chance.randrange(4)]
            case 4:
                result[at:at] = result[at : at + 5]
            case _:
                del result[at + 1 :]
    return bytes(result)


def corpus() -> list[tuple[bytes, bytes]]:
    """Real updates, each with the state of the document they came to."""
    found = []
    for case in CASES.values():
        document = ActDocument()
        for _, encoded in case["updates"]:
            update = base64.b64decode(encoded)
            found.append((document.state(), update))
            document.apply(update)
    return found


def check_content(elements: tuple[Element, ...], parent: str = "default") -> None:
    """Everything stands where the schema says, under known names with values of the right type."""
    for element in elements:
        rule = SCHEMA.nodes[element.name]
        assert parent in rule.parents
        for name, value in element.attributes.items():
            assert rule.attributes[name](list(value) if isinstance(value, tuple) else value), (element.name, name)
        assert rule.holds_text or not element.runs
        for run in element.runs:
            for key in run.marks:
                assert SCHEMA.find_mark(key) is not None
        check_content(element.children, element.name)


def take(update: bytes, document: ActDocument, ledger: Ledger) -> bool:
    """Judge and apply; True when it was accepted. What is accepted enters whole and leaves a valid act."""
    before = (document.content(), document.resolutions())
    verdict = judge_bytes(update, OLENA, Scope.WRITE, ledger)
    assert isinstance(verdict, Accepted | Refused | NeedsResync | Foreign)
    if not isinstance(verdict, Accepted):
        assert (document.content(), document.resolutions()) == before
        return False
    ledger.commit(verdict.description, OLENA)
    document.apply(update)
    assert not document.has_pending(), update.hex()
    held = {client: clock for client, clock in read_state_vector(document.state_vector()).items() if clock}
    assert held == ledger.state, update.hex()
    check_content(document.content())
    assert document.resolutions() == {}
    return True


@pytest.mark.parametrize("seed", range(20 * TIMES))
def test_a_thousand_mutated_updates_change_nothing_or_change_it_validly(seed: int) -> None:
    chance = random.Random(seed)
    sources = corpus()
    accepted = 0
    for _ in range(40):
        state, update = chance.choice(sources)
        document = ActDocument()
        if len(state) > 2:
            document.apply(state)
        ledger = Ledger.load(state) if len(state) > 2 else Ledger()
        ledger.owners.clear()
        for _ in range(25):
            accepted += take(mutated(update, chance), document, ledger)
    assert accepted


IDS: list[Id] = [(1, clock) for clock in range(32)] + [(MINE, clock) for clock in range(12)] + [(78, clock) for clock in range(6)]
NAMES = ("unit", "table", "row", "cell", "script")
PAIRS = (("bid", "x"), ("kind", "point"), ("kind", "зле"), ("level", 2), ("colspan", 3), ("s1", {"a": 1}))


def forged(chance: random.Random, client: int, clock: int, *, adjacent: bool = False) -> Hand:
    """A few structs with random content beside or in random things; `adjacent` keeps two neighbours in their order."""
    made = Hand(client, clock)
    for _ in range(chance.randrange(1, 5)):
        where: dict[str, object] = {}
        match chance.randrange(4):
            case 0:
                where["origin"] = chance.choice(IDS)
            case 1:
                where["right"] = chance.choice(IDS)
            case 2:
                where["origin"], where["right"] = chance.choice(IDS), chance.choice(IDS)
                if adjacent:
                    at = chance.randrange(30)
                    where["origin"], where["right"] = (1, at), (1, at + 1)
            case _:
                where["parent"] = chance.choice(["default", "resolutions", "text", "gone", *IDS[:32]])
                if chance.random() < 0.3:
                    where["key"] = chance.choice(PAIRS)[0]
        write_one(chance, made, where)
    return made


def write_one(chance: random.Random, made: Hand, where: dict[str, object]) -> None:
    match chance.randrange(8):
        case 0 | 1:
            made.text(chance.choice(("ї", "ґанок", "😀")), **where)  # type: ignore[arg-type]
        case 2:
            made.element(chance.choice(NAMES), **where)  # type: ignore[arg-type]
        case 3:
            made.text_node(**where)  # type: ignore[arg-type]
        case 4:
            made.mark(chance.choice(("strong", "em", "зле")), chance.choice(("{}", "null", "1")), **where)  # type: ignore[arg-type]
        case 5:
            made.values(chance.choice(PAIRS)[1], **where)  # type: ignore[arg-type]
        case 6:
            made.deleted(chance.randrange(1, 4), **where)  # type: ignore[arg-type]
        case _:
            made.collected(chance.randrange(1, 3))


@pytest.mark.parametrize("seed", range(20 * TIMES))
def test_forged_structs_are_refused_or_leave_a_valid_act(seed: int) -> None:
    chance = random.Random(seed)
    accepted = 0
    for _ in range(40):
        document, ledger = ActDocument(), act()
        document.apply(ACT)
        for _ in range(12):
            clocks = {client: ledger.state.get(client, 0) for client in (MINE, 78)}
            hands = [forged(chance, client, max(0, clock - chance.choice((0, 0, 0, 1)))) for client, clock in clocks.items()]
            chance.shuffle(hands)
            deletes = [(1, chance.randrange(31), 1)] if chance.random() < 0.2 else []
            update = together(hands[: chance.choice((1, 1, 2))], deletes)
            accepted += take(update, document, ledger)
            if chance.random() < 0.1:
                ledger = Ledger.load(document.state(), {client: OLENA for client in ledger.owners if client != 1})
    assert accepted > 5


@pytest.mark.parametrize("seed", range(4 * TIMES))
def test_mutated_frames_are_messages_or_decode_errors(seed: int) -> None:
    chance = random.Random(seed)
    updates = [update for _, update in corpus()]
    presence = awareness.encode([awareness.AwarenessEntry(MINE, 3, {"user": {"name": "Ївга", "body": "мвс"}})])  # type: ignore[arg-type]
    for _ in range(1500):
        inner = chance.choice((Update(chance.choice(updates)), SyncStep2(chance.choice(updates)), Awareness(presence)))
        for read, frame in (
            (ywebsocket.decode_all, ywebsocket.encode(inner)),
            (hocuspocus.decode, hocuspocus.encode("акт-01", inner)),
            (awareness.decode, presence),
        ):
            try:
                read(mutated(frame, chance))
            except DecodeError:
                continue


@pytest.mark.parametrize("seed", range(4 * TIMES))
def test_the_two_ways_of_reading_agree_on_mutated_updates(seed: int) -> None:
    chance = random.Random(seed)
    updates = [update for _, update in corpus()]
    for _ in range(2500):
        update = mutated(chance.choice(updates), chance)
        outcomes: list[object] = []
        for read in (describe, read_update):
            try:
                outcomes.append(read(update))
            except DecodeError:
                outcomes.append(None)
        assert outcomes[0] == outcomes[1], update.hex()


def test_a_hundred_mutations_do_not_disturb_the_next_honest_keystroke() -> None:
    chance = random.Random(4711)
    ledger = act()
    for clock in range(100):
        typed = Hand(MINE, clock)
        typed.text("ї", origin=(MINE, clock - 1) if clock else (1, 19))
        send(ledger, mutated(typed.update(), chance), OLENA)
        held = ledger.state.get(MINE, 0)
        honest = Hand(MINE, held)
        honest.text("ж" * max(1, clock + 1 - held), origin=(MINE, held - 1) if held else (1, 19))
        verdict = send(ledger, honest)
        if isinstance(verdict, Refused):
            pytest.fail(str(verdict))
