"""Real histories through append, compaction and reload, on every journal; nothing is trimmed that is not proved (P2)."""

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pycrdt
import pytest

from server.crdt.content import Element, Run
from server.crdt.document import ActDocument, build
from server.crdt.lib0 import Decoder
from server.crdt.replay import NotProved, compact, replay
from server.ids import ActId, DocumentId, Seq, UserId, new_id
from server.journal.compaction import Compactor, Done, NotNeeded, RefusedToCompact, is_due, prove_in_thread
from server.journal.journal import Append, Entry, Head, Journal
from server.journal.whole import read_whole

OLENA, TARAS = UserId("0" * 31 + "1"), UserId("0" * 31 + "2")


async def new_document(journal: Journal) -> Head:
    act = ActId(new_id())
    return await journal.create(act, DocumentId(act), 1)


def share(head: Head, updates: Sequence[bytes]) -> Append:
    entries = tuple(Entry(update, OLENA if place % 2 else TARAS) for place, update in enumerate(updates))
    return Append(head.document, head.fence, entries)


async def append(journal: Journal, head: Head, updates: Sequence[bytes]) -> None:
    await journal.append([share(head, updates)])


@dataclass(frozen=True)
class Case:
    """One recorded session: its updates, and what the document then holds."""

    updates: list[bytes]
    expected: tuple[object, ...]

    @property
    def half(self) -> int:
        return len(self.updates) // 2


def read_case(decoder: Decoder) -> Case:
    return Case([decoder.var_bytes() for _ in range(decoder.varuint())], (decoder.var_string(), decoder.any(), decoder.any()))


async def reloaded(journal: Journal, document: DocumentId) -> "pycrdt.Doc[Any]":
    return replay((await read_whole(journal, document)).updates)


async def raw(journal: Journal, document: DocumentId) -> list[bytes]:
    return [record.update async for record in journal.read_history(document)]


def contents(document: "pycrdt.Doc[Any]") -> tuple[object, ...]:
    return (
        str(document.get("text", type=pycrdt.Text)),
        document.get("map", type=pycrdt.Map).to_py(),
        document.get("array", type=pycrdt.Array).to_py(),
    )


async def test_P2_the_thousand_random_sessions_survive_append_compaction_and_reload(
    journal: Journal, shared: Path, request: pytest.FixtureRequest
) -> None:
    decoder = Decoder((shared / "yjs" / "ycrdt-random-0001-1000.bin").read_bytes())
    assert decoder.varuint() == 1000
    compactor = Compactor(journal)
    hundreds = 2 if request.node.callspec.params["journal"] == "postgresql" else 10  # the same class and bytes as on SQLite
    for _ in range(hundreds):  # every half of a hundred is one batch
        cases = [read_case(decoder) for _ in range(100)]
        heads = [await new_document(journal) for _ in cases]
        await journal.append([share(head, case.updates[: case.half]) for head, case in zip(heads, cases, strict=True)])
        for head in heads[::3]:
            await compactor.compact(head.document)  # done, or half a history waits for the rest
        await journal.append([share(head, case.updates[case.half :]) for head, case in zip(heads, cases, strict=True)])
        for head, case in zip(heads, cases, strict=True):
            assert isinstance(await compactor.compact(head.document), Done if case.updates else NotNeeded)
            assert contents(await reloaded(journal, head.document)) == case.expected
            assert await raw(journal, head.document) == case.updates
    assert compactor.counters.refused == 0


async def test_P2_two_writers_history_in_pieces_with_a_compaction_between_ends_in_the_known_text(journal: Journal, shared: Path) -> None:
    with gzip.open(shared / "yjs" / "friendsforever.updates.jsonl.gz", "rt") as lines:
        updates = [base64.b64decode(line["update"]) for line in map(json.loads, lines) if "update" in line]
    head = await new_document(journal)
    compactor = Compactor(journal)
    for start in range(0, len(updates), 100):
        await append(journal, head, updates[start : start + 100])
        if start % 5000 == 0:
            assert isinstance(await compactor.compact_if_due(head.document), Done if start else NotNeeded)
    assert isinstance(await compactor.compact(head.document), Done)
    text = str((await reloaded(journal, head.document)).get("text", type=pycrdt.Text))
    assert (len(text), hashlib.sha256(text.encode()).hexdigest()[:16]) == (21_362, "4720ec330c91e288")
    assert await raw(journal, head.document) == updates
    opened = await journal.read_head(head.document)
    assert opened.checkpoint is not None
    assert opened.checkpoint.seq == opened.last_seq == len(updates)


# -- what is not proved is not trimmed --------------------------------------------------------------------------------


def typed(text: str) -> list[bytes]:
    """Updates of a person who types the text letter by letter."""
    document: pycrdt.Doc[Any] = pycrdt.Doc(client_id=77)
    words = document.get("text", type=pycrdt.Text)
    updates = []
    for letter in text:
        before = document.get_state()
        words += letter
        updates.append(document.get_update(before))
    return updates


async def test_P2_a_log_with_something_pending_waits_and_is_compacted_when_it_has_come(journal: Journal) -> None:
    head = await new_document(journal)
    first, second, third = typed("ґанок"[:3])
    compactor = Compactor(journal)
    await append(journal, head, [first, third])
    refused = await compactor.compact(head.document)
    assert isinstance(refused, RefusedToCompact)
    assert refused.waiting
    assert (await journal.read_head(head.document)).checkpoint is None
    await append(journal, head, [second])
    assert isinstance(await compactor.compact(head.document), Done)
    assert str((await reloaded(journal, head.document)).get("text", type=pycrdt.Text)) == "ґан"
    assert (compactor.counters.waiting, compactor.counters.refused, compactor.counters.done) == (1, 0, 1)


async def test_P2_a_state_that_is_not_proved_trims_nothing_and_is_counted(journal: Journal) -> None:
    async def unequal(updates: Sequence[bytes]) -> bytes:
        raise NotProved("contents differ")

    head = await new_document(journal)
    await append(journal, head, typed("слово"))
    compactor = Compactor(journal, unequal)
    assert await compactor.compact(head.document) == RefusedToCompact("contents differ", waiting=False)
    assert compactor.counters.refused == 1
    assert len(await journal.read_after(head.document, Seq(0))) == 5


async def test_P2_an_update_that_is_no_update_trims_nothing(journal: Journal) -> None:
    head = await new_document(journal)
    await append(journal, head, [*typed("слово"), "не оновлення".encode()])
    assert isinstance(await Compactor(journal).compact(head.document), RefusedToCompact)
    assert len(await journal.read_after(head.document, Seq(0))) == 6


async def test_J7_a_restore_during_compaction_wins(journal: Journal) -> None:
    """Another node trims while this one is still proving: the later state stays, nothing is lost."""
    head = await new_document(journal)
    updates = typed("одночасно")

    async def overtaken(given: Sequence[bytes]) -> bytes:
        await append(journal, head, updates[5:])
        assert isinstance(await Compactor(journal).compact(head.document), Done)
        return await prove_in_thread(given)

    await append(journal, head, updates[:5])
    assert await Compactor(journal, overtaken).compact(head.document) == NotNeeded()
    assert str((await reloaded(journal, head.document)).get("text", type=pycrdt.Text)) == "одночасно"
    assert await raw(journal, head.document) == updates


async def test_an_empty_or_compacted_log_needs_nothing(journal: Journal) -> None:
    head = await new_document(journal)
    compactor = Compactor(journal)
    assert await compactor.compact(head.document) == NotNeeded()
    assert await compactor.compact_if_due(head.document) == NotNeeded()
    await append(journal, head, typed("текст"))
    assert await compactor.compact_if_due(head.document) == NotNeeded()
    assert isinstance(await compactor.compact(head.document), Done)
    assert await compactor.compact(head.document) == NotNeeded()


@pytest.mark.parametrize(
    ("updates", "update_bytes", "state_bytes", "due"),
    [
        (0, 0, 0, False),
        (999, 10_000, 0, False),
        (1000, 10_000, 10_000_000, True),
        (2, 300_000, 100_000, True),
        (2, 300_000, 10_000_000, False),
        (2, 200_000, 0, False),
    ],
)
def test_a_log_is_compacted_when_reading_it_costs_more_than_its_state(updates: int, update_bytes: int, state_bytes: int, due: bool) -> None:
    assert is_due(updates, update_bytes, state_bytes) is due


def test_P2_an_act_comes_back_from_its_compacted_state_with_every_unit() -> None:
    elements = (
        Element("unit", {"bid": "b1", "kind": "article", "level": "1", "label": "auto"}, (Run("Стаття 📜 "), Run("жирно", {"strong": {}}))),
        Element("unit", {"bid": "b2", "kind": "paragraph", "level": "1", "label": ""}),
    )
    document = ActDocument()
    document.apply(compact([build(elements)]))
    assert document.content() == elements
