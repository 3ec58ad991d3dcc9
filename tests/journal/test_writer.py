"""Group commit: one commit for all that waits, answers in order, nobody fails for another."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from server.clock import now_ms
from server.errors import Damaged, Unavailable
from server.ids import ActId, ClientId, DocumentId, Seq, UserId, new_id
from server.journal.journal import Append, Appended, BindingTaken, Entry, FenceMoved, Head, Outcome
from server.journal.memory import MemoryJournal
from server.journal.writer import JournalWriter

OLENA = UserId("0" * 32)


class GatedJournal(MemoryJournal):
    """Commits only when the test opens the gate, and remembers what each commit held. Some documents may be damaged."""

    def __init__(self) -> None:
        super().__init__(now_ms)
        self.gate = asyncio.Semaphore(0)
        self.commits: list[list[DocumentId]] = []
        self._began = asyncio.Condition()
        self.damaged: set[DocumentId] = set()

    async def append(self, batch: Sequence[Append]) -> list[Outcome]:
        async with self._began:
            self.commits.append([share.document for share in batch])
            self._began.notify_all()
        await self.gate.acquire()
        if self.damaged & {share.document for share in batch}:
            raise Damaged("пошкоджено")
        return await super().append(batch)

    async def started(self, count: int) -> None:
        async with self._began:
            await self._began.wait_for(lambda: len(self.commits) >= count)


@asynccontextmanager
async def running(writer: JournalWriter) -> AsyncIterator[None]:
    task = asyncio.ensure_future(writer.run())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def new_document(journal: MemoryJournal) -> Head:
    act = ActId(new_id())
    return await journal.create(act, DocumentId(act), 1)


def share(head: Head, text: str = "слово", **more: object) -> Append:
    return Append(head.document, head.fence, (Entry(text.encode(), OLENA),), **more)  # type: ignore[arg-type]


async def test_J9_what_waits_during_a_commit_is_committed_together_by_the_next() -> None:
    journal = GatedJournal()
    heads = [await new_document(journal) for _ in range(4)]
    writer = JournalWriter(journal)
    answers: list[tuple[int, Outcome | Unavailable]] = []
    async with running(writer):
        writer.submit(share(heads[0]), lambda outcome: answers.append((0, outcome)))
        await journal.started(1)
        for number in (1, 2, 3):
            writer.submit(share(heads[number]), lambda outcome, number=number: answers.append((number, outcome)))  # type: ignore[misc]
        assert answers == []
        journal.gate.release()
        await journal.started(2)
        assert answers == [(0, Appended(Seq(1), Seq(1)))]
        journal.gate.release()
        await writer.drain()
    assert journal.commits == [[heads[0].document], [head.document for head in heads[1:]]]
    assert [number for number, _ in answers] == [0, 1, 2, 3]
    counters = writer.counters
    assert (counters.commits, counters.shares, counters.updates, counters.update_bytes) == (2, 4, 4, 40)
    assert (counters.waiting_bytes, counters.waiting_shares, counters.failures) == (0, 0, 0)


async def test_J9_answers_come_in_the_order_of_submission_whatever_they_are() -> None:
    journal = MemoryJournal(now_ms)
    sealed, open_one = await new_document(journal), await new_document(journal)
    await journal.move_fence(sealed.document, sealed=True)
    writer = JournalWriter(journal)
    answers: list[Outcome | Unavailable] = []
    writer.submit(share(open_one, bindings=((ClientId(5), OLENA),)), answers.append)
    writer.submit(share(sealed), answers.append)
    writer.submit(share(open_one, bindings=((ClientId(5), UserId("f" * 32)),)), answers.append)
    writer.submit(share(open_one), answers.append)
    async with running(writer):
        await writer.drain()
    assert [type(answer) for answer in answers] == [Appended, FenceMoved, BindingTaken, Appended]
    assert answers[3] == Appended(Seq(2), Seq(2))


async def test_J10_a_failing_disk_answers_everyone_and_later_edits_are_stored_again() -> None:
    journal = MemoryJournal(now_ms)
    heads = [await new_document(journal) for _ in range(2)]
    writer = JournalWriter(journal)
    answers: list[Outcome | Unavailable] = []
    async with running(writer):
        journal.failing = True
        for head in heads:
            writer.submit(share(head), answers.append)
        await writer.drain()
        assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
        assert writer.counters.failures == 2
        journal.failing = False
        for head in heads:
            writer.submit(share(head), answers.append)
        await writer.drain()
    assert answers[2:] == [Appended(Seq(1), Seq(1))] * 2


async def test_J10_a_damaged_document_fails_alone() -> None:
    journal = GatedJournal()
    heads = [await new_document(journal) for _ in range(3)]
    journal.damaged.add(heads[1].document)
    writer = JournalWriter(journal)
    answers: list[Outcome | Unavailable] = []
    for head in heads:
        writer.submit(share(head), answers.append)
    for _ in range(4):
        journal.gate.release()
    async with running(writer):
        await writer.drain()
    assert [type(answer) for answer in answers] == [Appended, Unavailable, Appended]


async def test_J11_more_than_may_wait_is_refused_at_once_but_one_large_share_always_gets_through() -> None:
    journal = GatedJournal()
    head = await new_document(journal)
    writer = JournalWriter(journal, max_waiting_bytes=100)
    answers: list[tuple[str, Outcome | Unavailable]] = []
    writer.submit(share(head, "я" * 200), lambda outcome: answers.append(("large", outcome)))
    writer.submit(share(head, "а"), lambda outcome: answers.append(("late", outcome)))
    assert answers == []
    async with running(writer):
        await journal.started(1)
        await asyncio.sleep(0)
        assert [(name, type(outcome)) for name, outcome in answers] == [("late", Unavailable)]
        journal.gate.release()
        await writer.drain()
    assert answers[1] == ("large", Appended(Seq(1), Seq(1)))
    assert writer.counters.refused_full == 1


async def test_J11_a_commit_is_bounded_and_the_rest_follows() -> None:
    journal = GatedJournal()
    heads = [await new_document(journal) for _ in range(5)]
    writer = JournalWriter(journal, max_commit_bytes=25)
    answers: list[Outcome | Unavailable] = []
    for head in heads:
        writer.submit(share(head, "слово"), answers.append)  # 10 bytes each
        journal.gate.release()
    async with running(writer):
        await writer.drain()
    assert [len(commit) for commit in journal.commits] == [2, 2, 1]
    assert len(answers) == 5


async def test_J9_draining_an_idle_writer_returns_at_once() -> None:
    writer = JournalWriter(MemoryJournal(now_ms))
    async with running(writer):
        await writer.drain()
